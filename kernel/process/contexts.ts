import { KeyboardInterrupt } from "./errors";
import { PendingPromises } from "./pending";
import { nextTurn } from "./rawTimers";

/** Timers and the like that a cell has started, and how to end one. */
type Cancel = () => void;

/** Errors that cells have failed with, and that their promises were rejected with. */
const spread = new WeakSet<object>();

/** Has a cell failed with this error already? */
export function isSpread(error: unknown): boolean {
  return typeof error === "object" && error !== null && spread.has(error);
}

/** One execution of a cell, from its start to the last thing it brings about. */
export class CellContext {
  readonly controller = new AbortController();
  /** Rejects when the cell is stopped or something that it left unattended fails. */
  readonly failed: Promise<never>;
  finished = false;
  private reject: (reason: unknown) => void = () => {};
  /** Those that its code has made or awaits. */
  readonly promises = new PendingPromises(nextTurn);
  private readonly cancels = new Set<Cancel>();
  private failure: { reason: unknown } | undefined;

  constructor(
    readonly id: string,
    readonly count: number,
    readonly silent: boolean,
    readonly allowStdin: boolean,
    /** Which of the notebook's cells it runs, where the front end has said so. */
    readonly notebookCell?: string,
    /** What the front end sent to be run. */
    readonly code = "",
    /** Is somebody there who could use a control? Programs that run notebooks take no questions. */
    readonly interactive = allowStdin,
  ) {
    this.failed = new Promise((_, reject) => {
      this.reject = reject;
    });
    this.failed.catch(() => {});
  }

  /** Why the cell may do nothing more, if so. */
  get stopped(): { reason: unknown } | undefined {
    return this.failure;
  }

  /**
   * Ends the cell and all that it has under way: its signal fires, its awaits reject, its timers
   * are cleared.
   */
  fail(reason: unknown): void {
    if (this.failure) {
      return;
    }
    this.failure = { reason };
    if (typeof reason === "object" && reason !== null) {
      spread.add(reason);
    }
    for (const cancel of this.cancels) {
      cancel();
    }
    this.cancels.clear();
    this.controller.abort(reason);
    this.promises.rejectAll(reason);
    this.reject(reason);
  }

  /** @throws why the cell was stopped, if it was */
  check(): void {
    if (this.failure) {
      throw this.failure.reason;
    }
  }

  /** Remembers how to end something; the returned function forgets it. */
  track(cancel: Cancel): () => void {
    this.cancels.add(cancel);
    return () => this.cancels.delete(cancel);
  }

  /** Is anything of it still under way? */
  get busy(): boolean {
    return this.cancels.size > 0 || this.promises.some;
  }
}

/**
 * Which cell the running code belongs to. AsyncLocalStorage would know more exactly, but while it
 * is in use Node 20 and 22 abort when code that runs after an await is terminated. So the cell is
 * noted where code of it begins to run (cells, timers, continuations of its awaits) and holds until
 * the event loop moves on.
 */
export class Contexts {
  running: CellContext | undefined;
  /** The cell that began last. */
  last: CellContext | undefined;
  private entered: CellContext | undefined;
  /** Those that run in subshells. */
  private readonly aside = new Set<CellContext>();
  private readonly background = new Set<CellContext>();
  private resetting = false;

  constructor(private readonly later: (callback: () => void) => void) {}

  /** The cell that the code now running belongs to, as far as can be known. */
  get current(): CellContext | undefined {
    return this.entered ?? this.running ?? [...this.aside].at(-1) ?? this.last;
  }

  /** All that run: the main shell's cell and those of subshells. */
  get allRunning(): CellContext[] {
    return [...(this.running ? [this.running] : []), ...this.aside];
  }

  /**
   * @param aside does it run in a subshell? Then what runs in nobody's name, such as a package's
   *   event, still belongs to the main shell's cell.
   */
  begin(context: CellContext, aside = false): void {
    this.background.add(context);
    if (aside) {
      this.aside.add(context);
      return;
    }
    this.running = context;
    this.last = context;
    this.entered = undefined;
  }

  end(context: CellContext): void {
    context.finished = true;
    context.promises.release();
    this.aside.delete(context);
    if (this.running === context) {
      this.running = undefined;
    }
    for (const other of this.background) {
      if (other.finished && !other.busy) {
        this.background.delete(other);
      }
    }
  }

  /** Says that the code that runs from here on belongs to a cell. */
  enter(context: CellContext): void {
    this.entered = context;
    if (!this.resetting && context !== this.running) {
      this.resetting = true;
      this.later(() => {
        this.resetting = false;
        this.entered = undefined;
      });
    }
  }

  /**
   * Begins to serve a message of the front end, beside whatever runs. What goes wrong in it is shown
   * and ends nothing else; Stop ends what it leaves running where no cell runs.
   */
  serve(context: CellContext): void {
    context.finished = true;
    context.promises.release();
    this.background.add(context);
    this.enter(context);
  }

  /** Stops what runs, in subshells too, or, where nothing does, what earlier cells have left running. */
  interrupt(): void {
    const running = this.allRunning;
    for (const context of running.length > 0 ? running : this.background) {
      context.fail(new KeyboardInterrupt());
    }
  }
}
