import { availableParallelism, cpus, freemem, hostname, totalmem } from "node:os";

/** What the process and its machine use, as usage_request asks for it. */
export class Usage {
  private own = { at: performance.now(), cpu: process.cpuUsage() };
  private host = processorTimes();

  /**
   * The content of a usage_reply, as ipykernel has it: percents since the last request, of one
   * processor for the kernel and of all together for the machine; bytes.
   */
  measure(): object {
    const own = { at: performance.now(), cpu: process.cpuUsage() };
    const host = processorTimes();
    const { user, system } = process.cpuUsage(this.own.cpu);
    const [total, free] = [totalmem(), freemem()];
    const passed = host.all - this.host.all;
    const content = {
      hostname: hostname(),
      pid: process.pid,
      kernel_cpu: percent((user + system) / 1000, own.at - this.own.at),
      kernel_memory: process.memoryUsage.rss(),
      host_cpu_percent: percent(passed - (host.idle - this.host.idle), passed),
      cpu_count: availableParallelism(),
      host_virtual_memory: {
        total,
        available: free,
        free,
        used: total - free,
        percent: percent(total - free, total),
      },
    };
    this.own = own;
    this.host = host;
    return content;
  }
}

/** Milliseconds that all processors have spent, and how many of them with nothing to do. */
function processorTimes(): { all: number; idle: number } {
  const sum = { all: 0, idle: 0 };
  for (const { times } of cpus()) {
    sum.all += times.user + times.nice + times.sys + times.idle + times.irq;
    sum.idle += times.idle;
  }
  return sum;
}

function percent(part: number, whole: number): number {
  return whole > 0 ? Math.round((1000 * part) / whole) / 10 : 0;
}
