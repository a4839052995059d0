import { processStat } from "../processStat";

/** One look at the main thread. */
export interface Look {
  /** When, in milliseconds. */
  at: number;
  /** Processor time that the thread has used, in milliseconds. */
  used: number;
  /** Does it run, or would it if a processor were free? */
  ready: boolean;
}

/**
 * A stopwatch for the main thread's own time: it runs while that thread computes or is held up in
 * a wait, and stands still while the thread is ready but other programs have the processors. So on
 * a busy machine a thread that has yet to get round to its messages is not taken for one that is in
 * a loop. Where the system does not tell (only Linux does), it is an ordinary stopwatch.
 */
export class MainThreadStopwatch {
  /** Milliseconds counted so far. */
  elapsed = 0;
  private before: Look;

  /** @param look how the thread is looked at; by default as the system tells */
  constructor(private readonly look: () => Look = lookAtMainThread) {
    this.before = look();
  }

  /** Takes in what has happened since the last call; `elapsed` is exact to the time between two. */
  update(): void {
    const { before } = this;
    const now = this.look();
    this.elapsed += now.ready ? now.used - before.used : now.at - before.at;
    this.before = now;
  }
}

function lookAtMainThread(): Look {
  const at = performance.now();
  // The main thread's number is the process's.
  const stat = processStat(`/proc/self/task/${process.pid}/stat`);
  return stat === undefined
    ? { at, used: at, ready: true }
    : { at, used: 10 * stat.ticks, ready: stat.state === "R" };
}
