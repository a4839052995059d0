import { readFileSync } from "node:fs";

/** One look at the main thread. */
interface Look {
  /** When, in milliseconds. */
  at: number;
  /** Processor time that the thread has used, in milliseconds. */
  used: number;
  /** Does it run, or would it if a processor were free? */
  ready: boolean;
}

/** Linux counts processor time in hundredths of a second, whatever it counts its own ticks in. */
const TICK = 10;

/**
 * A stopwatch for the main thread's own time: it runs while that thread computes or is held up in
 * a wait, and stands still while the thread is ready but other programs have the processors. So on
 * a busy machine a thread that has yet to get round to its messages is not taken for one that is in
 * a loop. Where the system does not tell (only Linux does), it is an ordinary stopwatch.
 */
export class MainThreadStopwatch {
  /** Milliseconds counted so far. */
  elapsed = 0;
  private before = look();

  /** Takes in what has happened since the last call; `elapsed` is exact to the time between two. */
  update(): void {
    const { before } = this;
    const now = look();
    this.elapsed += now.ready ? now.used - before.used : now.at - before.at;
    this.before = now;
  }
}

function look(): Look {
  const at = performance.now();
  const stat = mainThreadStat();
  if (stat === undefined) {
    return { at, used: at, ready: true };
  }
  // Fields are counted from behind the program's name, which may itself hold blanks and brackets.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const used = (Number(fields[11]) + Number(fields[12])) * TICK; // utime + stime
  return { at, used, ready: fields[0] === "R" };
}

/** See proc_pid_stat(5). The main thread's number is the process's. */
function mainThreadStat(): string | undefined {
  try {
    return readFileSync(`/proc/self/task/${process.pid}/stat`, "utf8");
  } catch {
    return undefined;
  }
}
