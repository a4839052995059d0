import type { Request } from "zeromq";

export interface HeartbeatOptions {
  /** How long a ping may stay unanswered, in milliseconds. */
  timeoutMs: number;
  /** Processor time used by the kernel so far, in any unit; undefined where unknown. */
  processorTicks(): number | undefined;
  /** Called once, when the kernel is judged to be stuck. */
  onSilence(): void;
}

/**
 * Watches whether a kernel still answers.
 *
 * Kernels with one thread (stock tslab) answer no heartbeat while a cell computes, so an unanswered
 * ping alone proves nothing. A kernel counts as silent when a ping stays unanswered for the whole
 * time limit and the kernel used no processor time in it: it is stopped or deadlocked. Where the
 * system tells no processor times, only the caller's own time limits apply.
 */
export class Heartbeat {
  private readonly timer: NodeJS.Timeout;
  private waitingSince: number | undefined;
  private ticks: number | undefined;
  private stopped = false;

  constructor(
    private readonly socket: Request,
    private readonly options: HeartbeatOptions,
  ) {
    const period = Math.min(1000, options.timeoutMs / 4);
    this.timer = setInterval(() => this.check(), period);
  }

  stop(): void {
    this.stopped = true;
    clearInterval(this.timer);
    this.socket.close();
  }

  private check(): void {
    if (this.waitingSince === undefined) {
      void this.ping();
      return;
    }
    const ticks = this.options.processorTicks();
    if (ticks === undefined || ticks !== this.ticks) {
      this.ticks = ticks;
      this.waitingSince = Date.now();
    } else if (Date.now() - this.waitingSince >= this.options.timeoutMs) {
      this.stop();
      this.options.onSilence();
    }
  }

  private async ping(): Promise<void> {
    this.waitingSince = Date.now();
    this.ticks = undefined;
    try {
      await this.socket.send("ping");
      await this.socket.receive();
      this.waitingSince = undefined;
    } catch (error) {
      if (!this.stopped) {
        throw error;
      }
    }
  }
}
