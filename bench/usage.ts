import { readdirSync, readFileSync } from "node:fs";
import { parseStat } from "../kernel/processStat";

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
  const { ticks, childTicks } = parseStat(text);
  return (ticks + childTicks) / 100;
}

/** What reads a process's files, or what stands for it where the process has ended meanwhile. */
function unlessEnded<Read>(read: () => Read, otherwise: Read): Read {
  try {
    return read();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ESRCH") {
      return otherwise;
    }
    throw error;
  }
}

/**
 * What some processes take now, in all; of those that have ended, nothing.
 *
 * @throws Error with code EACCES where one is another user's: root only can read those
 */
export function usageOf(pids: readonly string[]): Usage {
  const sum: Usage = { pss: 0, own: 0, anonymous: 0, cpuSeconds: 0 };
  for (const pid of pids) {
    unlessEnded(() => {
      const memory = parseSmaps(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"));
      sum.cpuSeconds += parseCpuSeconds(readFileSync(`/proc/${pid}/stat`, "utf8"));
      for (const kind of ["pss", "own", "anonymous"] as const) {
        sum[kind] += memory[kind];
      }
    }, undefined);
  }
  return sum;
}

/** The processes that a process has started and that still run, and those that they started. */
export function descendantsOf(pid: string): string[] {
  const threads = unlessEnded(() => readdirSync(`/proc/${pid}/task`), []);
  return threads
    .flatMap((thread) => {
      const file = `/proc/${pid}/task/${thread}/children`;
      return unlessEnded(() => readFileSync(file, "utf8"), "")
        .split(" ")
        .filter(Boolean);
    })
    .flatMap((child) => [child, ...descendantsOf(child)]);
}

/** How many files, sockets and pipes some processes have open. */
export function handlesOf(pids: readonly string[]): number {
  const open = (pid: string) => unlessEnded(() => readdirSync(`/proc/${pid}/fd`).length, 0);
  return pids.reduce((sum, pid) => sum + open(pid), 0);
}
