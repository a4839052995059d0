import { readdirSync, readFileSync } from "node:fs";

/** Memory and work of a set of processes. */
export interface Usage {
  /** Proportional set size in bytes: a page that n processes share counts for 1/n with each. */
  pss: number;
  /** Bytes of pages that no other process shares. */
  own: number;
  /** Bytes that come from no file: unlike the others, they do not change when sharers come and go. */
  anonymous: number;
  /** Processor time in seconds, with that of children that have ended. */
  cpuSeconds: number;
}

/** Linux counts processor time in units of which 100 are a second, whatever the machine. */
const TICKS_PER_SECOND = 100;

/** Sums the rows of a `/proc/PID/smaps_rollup`. */
export function parseSmaps(text: string): Omit<Usage, "cpuSeconds"> {
  const bytes = (row: string) =>
    1024 * Number(new RegExp(`^${row}:\\s+(\\d+) kB$`, "m").exec(text)?.[1] ?? 0);
  return {
    pss: bytes("Pss"),
    own: bytes("Private_Clean") + bytes("Private_Dirty"),
    anonymous: bytes("Anonymous"),
  };
}

/** Processor time in a `/proc/PID/stat`, whose second field may hold any character. */
export function parseCpuSeconds(text: string): number {
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  // utime, stime, cutime and cstime: fields 14 to 17 of proc(5), of which the first two are cut off.
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS_PER_SECOND;
}

/** What some processes take now, in all. Other users' can be read by root only. */
export function usageOf(pids: readonly string[]): Usage {
  const sum: Usage = { pss: 0, own: 0, anonymous: 0, cpuSeconds: 0 };
  for (const pid of pids) {
    try {
      const memory = parseSmaps(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"));
      sum.cpuSeconds += parseCpuSeconds(readFileSync(`/proc/${pid}/stat`, "utf8"));
      for (const kind of ["pss", "own", "anonymous"] as const) sum[kind] += memory[kind];
    } catch {
      // It has ended since it was listed.
    }
  }
  return sum;
}

/** The processes that a process has started and that still run, and those that they started. */
export function descendantsOf(pid: string): string[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8").split(" ").filter(Boolean),
  );
  return children.flatMap((child) => [child, ...descendantsOf(child)]);
}

/** How many files, sockets and pipes some processes have open. */
export function handlesOf(pids: readonly string[]): number {
  return pids.reduce((sum, pid) => sum + readdirSync(`/proc/${pid}/fd`).length, 0);
}
