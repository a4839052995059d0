import { readFileSync } from "node:fs";

/** What Linux tells of a process or a thread, see proc_pid_stat(5). */
export interface ProcessStat {
  /** R where it runs, or would if a processor were free. */
  state: string;
  /** Of its process group. */
  group: number;
  /** Processor time, in hundredths of a second, whatever the system counts its own ticks in. */
  ticks: number;
}

/** Reads a `stat` file below /proc; undefined where there is none: it has ended, or is no Linux. */
export function processStat(file: string): ProcessStat | undefined {
  let stat: string;
  try {
    stat = readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
  // Fields are counted from behind the program's name, which may itself hold blanks and brackets.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const ticks = Number(fields[11]) + Number(fields[12]); // utime + stime
  return { state: fields[0], group: Number(fields[2]), ticks };
}
