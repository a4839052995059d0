import { readdirSync, readFileSync, statSync } from "node:fs";

/** Memory and work of a set of processes. */
export interface Usage {
  /** Proportional set size in bytes: a page that n processes share counts for 1/n with each. */
  pss: number;
  /** Bytes of pages that no other process shares. */
  own: number;
  /** Processor time in seconds, with that of children that have ended. */
  cpuSeconds: number;
}

/** Linux counts processor time in units of which 100 are a second, whatever the machine. */
const TICKS_PER_SECOND = 100;

/** Sums the rows of a `/proc/PID/smaps_rollup`. */
export function parseSmaps(text: string): Pick<Usage, "pss" | "own"> {
  const bytes = (row: string) =>
    1024 * Number(new RegExp(`^${row}:\\s+(\\d+) kB$`, "m").exec(text)?.[1] ?? 0);
  return { pss: bytes("Pss"), own: bytes("Private_Clean") + bytes("Private_Dirty") };
}

/** Processor time in a `/proc/PID/stat`, whose second field may hold any character. */
export function parseCpuSeconds(text: string): number {
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  // utime, stime, cutime and cstime: fields 14 to 17 of proc(5), of which the first two are cut off.
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS_PER_SECOND;
}

/** What some processes take now, in all. Other users' can be read by root only. */
export function usageOf(pids: readonly string[]): Usage {
  const sum: Usage = { pss: 0, own: 0, cpuSeconds: 0 };
  for (const pid of pids) {
    try {
      const memory = parseSmaps(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"));
      sum.cpuSeconds += parseCpuSeconds(readFileSync(`/proc/${pid}/stat`, "utf8"));
      sum.pss += memory.pss;
      sum.own += memory.own;
    } catch {
      // It has ended since it was listed.
    }
  }
  return sum;
}

/** The processes of each user, by user id. */
export function processesByUser(): Map<number, string[]> {
  const found = new Map<number, string[]>();
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    const uid = statSync(`/proc/${pid}`, { throwIfNoEntry: false })?.uid;
    if (uid !== undefined) {
      found.set(uid, [...(found.get(uid) ?? []), pid]);
    }
  }
  return found;
}

/** Peaks of what users' processes take, looked at once a second. */
export class Observer {
  /** By user id: the most that each took at any time. */
  readonly peaks = new Map<number, Usage>();
  /** What all took when they took most. */
  together: Usage = { pss: 0, own: 0, cpuSeconds: 0 };
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly users: readonly number[]) {
    this.timer = setInterval(() => this.look(), 1000);
  }

  /** Ends the observation with a last look. */
  stop(): void {
    clearInterval(this.timer);
    this.look();
  }

  private look(): void {
    const processes = processesByUser();
    const together: Usage = { pss: 0, own: 0, cpuSeconds: 0 };
    for (const uid of this.users) {
      const usage = usageOf(processes.get(uid) ?? []);
      const peak = this.peaks.get(uid) ?? usage;
      for (const key of ["pss", "own", "cpuSeconds"] as const) {
        peak[key] = Math.max(peak[key], usage[key]);
        together[key] += usage[key];
      }
      this.peaks.set(uid, { ...peak });
    }
    if (together.pss > this.together.pss) {
      this.together = together;
    }
  }
}
