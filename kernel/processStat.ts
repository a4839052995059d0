import { readFileSync } from "node:fs";

/** What Linux tells of a process or a thread, see proc_pid_stat(5). */
export interface ProcessStat {
  /** R where it runs, or would if a processor were free. */
  state: string;
  /** The process that started it. */
  parent: number;
  /** Of its process group. */
  group: number;
  /** Processor time, in hundredths of a second, whatever the system counts its own ticks in. */
  ticks: number;
  /** The same of its children that have ended. */
  childTicks: number;
  /** Memory that is resident, in pages. */
  pages: number;
}

/** Reads the text of a `stat` file. */
export function parseStat(text: string): ProcessStat {
  // Fields are counted from behind the program's name, which may itself hold blanks and brackets.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const [utime, stime, cutime, cstime] = fields.slice(11, 15).map(Number);
  return {
    state: fields[0],
    parent: Number(fields[1]),
    group: Number(fields[2]),
    ticks: utime + stime,
    childTicks: cutime + cstime,
    pages: Number(fields[21]),
  };
}

/** Reads a `stat` file below /proc; undefined where there is none: it has ended, or is no Linux. */
export function processStat(file: string): ProcessStat | undefined {
  try {
    return parseStat(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
