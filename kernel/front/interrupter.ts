import { Session } from "node:inspector";
import { FRAGILE, followsWithoutHooks, PHASE, SHARED, type ToMain } from "../channel";
import { MainThreadStopwatch } from "./mainThread";

/** How long the main thread has to stop by itself, in milliseconds of its own time. */
const GRACE = 250;

/**
 * How often it has that long again while a debugger follows it, before it is terminated. The message
 * to do so may then be taken late, when the code runs that comes after an await: Node before version
 * 24 aborts where that is terminated. Loops in cells look at the flag all the while.
 */
const PATIENCE_WITH_DEBUGGER = 4;

/** How often is looked whether it has, in milliseconds. */
const PACE = 25;

/**
 * Stops what the main thread is doing: by a message, which it takes when it is waiting; by a flag
 * that loops behind an await, or around one, look at, and every loop in cells once hooks are in
 * use (see session/compile/instrument.ts); and when neither is heeded, because code is in a loop
 * of its own, by terminating that code. Repeats until the main thread answers.
 *
 * Code must not be terminated but where a cell's is: Node ends when its own is, as between two
 * callbacks. A thread that has used up its grace and not taken the message is in a cell's code.
 */
export class Interrupter {
  private round = 0;
  private answered = 0;

  constructor(
    private readonly shared: Int32Array,
    private readonly toMain: (message: ToMain) => void,
    /** Called where code cannot be stopped. */
    private readonly warn: (text: string) => void,
    /** Is called when code was terminated, for messages may have been lost with it. */
    private readonly terminated: () => void,
  ) {}

  interrupt(): void {
    const round = ++this.round;
    Atomics.store(this.shared, SHARED.stop, 1);
    // Wakes a main thread that waits for an answer or for its output to be taken.
    Atomics.add(this.shared, SHARED.input, 1);
    Atomics.notify(this.shared, SHARED.input);
    Atomics.notify(this.shared, SHARED.backlog);
    this.toMain({ type: "interrupt", round });
    this.insist(round, 0);
  }

  /** The main thread has taken the message of a round. */
  acknowledge(round: number): void {
    this.answered = Math.max(this.answered, round);
  }

  private insist(round: number, attempt: number): void {
    const stopwatch = new MainThreadStopwatch();
    const timer = setInterval(() => {
      if (this.answered >= round || this.round !== round) {
        clearInterval(timer);
        return;
      }
      stopwatch.update();
      if (stopwatch.elapsed < GRACE) {
        return;
      }
      clearInterval(timer);
      this.useForce(round, attempt);
    }, PACE);
  }

  private useForce(round: number, attempt: number): void {
    const phase = Atomics.load(this.shared, SHARED.phase);
    const fragile = Atomics.load(this.shared, SHARED.fragile);
    const isDebugged = (fragile & FRAGILE.debugger) !== 0;
    if (phase === PHASE.compiler) {
      this.insist(round, attempt);
    } else if (isDebugged && attempt < PATIENCE_WITH_DEBUGGER) {
      this.insist(round, attempt + 1);
    } else if (mustNotBeTerminated(phase, fragile)) {
      if (attempt === 8) {
        this.warn(
          "This code cannot be stopped: it loops outside of cells, or in one that ran before " +
            "AsyncLocalStorage, AsyncResource or node:test was used, and terminating it would " +
            "end Node. Restart the kernel.\n",
        );
      }
      this.insist(round, attempt + 1);
    } else {
      this.terminate(() => {
        this.terminated();
        this.toMain({ type: "interrupt", round });
        this.insist(round, attempt + 1);
      });
    }
  }

  private terminate(done: () => void): void {
    const session = new Session();
    session.connectToMainThread();
    session.post("Runtime.terminateExecution", () => {
      session.disconnect();
      done();
    });
  }
}

function mustNotBeTerminated(phase: number, fragile: number): boolean {
  const hooks = followsWithoutHooks() ? fragile & FRAGILE.hooks : fragile;
  return phase === PHASE.scope || (phase !== PHASE.synchronous && hooks !== 0);
}
