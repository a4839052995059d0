import {
  type Comm,
  type CommParts,
  type DisplayOptions,
  type DisplayTarget,
  host,
  type MimeBundle,
} from "../host/host";

export type { Comm, CommParts, DisplayOptions, DisplayTarget, MimeBundle };

/** The globals of a kernel, as far as they are used here. */
interface KernelGlobals {
  display?: (bundle: MimeBundle, options: DisplayOptions) => unknown;
  jupyter?: { comms?: { open?: NonNullable<DisplayTarget["openComm"]> } };
}

/** A kernel's running cell, as far as it is used here. */
interface KernelCell {
  /** One for each run of a cell. */
  readonly signal?: AbortSignal;
  /** Is somebody there who could move a slider? A program that runs the notebook says no. */
  readonly interactive?: boolean;
}

const cellSymbol = Symbol.for("Jupyter.cell");

/** The cell that runs, or ran last, where a kernel tells; undefined elsewhere. */
export function runningCell(): KernelCell | undefined {
  return (globalThis as { [cellSymbol]?: KernelCell })[cellSymbol];
}

/** The kernel that runs this process, if it is one with a property `Symbol.for("Jupyter.cell")`. */
function jupyterCellTarget(): DisplayTarget | undefined {
  // In the kernel the property is there before the first cell, and undefined between cells.
  if (!(cellSymbol in globalThis)) {
    return undefined;
  }
  const { display: show, jupyter } = globalThis as KernelGlobals;
  if (typeof show !== "function") {
    return undefined;
  }
  const open = jupyter?.comms?.open;
  return {
    kind: "notebook",
    show: (bundle, options) => {
      show(bundle, options);
    },
    ...(open && runningCell()?.interactive ? { openComm: open } : {}),
  };
}

let chosen: DisplayTarget | undefined;

/**
 * The target in use: one set by `displayTo`, else the notebook kernel that runs this process, else
 * what the host shows things in, such as standard output.
 */
export function displayTarget(): DisplayTarget {
  return chosen ?? jupyterCellTarget() ?? host.display.target();
}

/**
 * Sends all displays to another target.
 *
 * @returns a function that puts things back as they were
 */
export function displayTo(target: DisplayTarget): () => void {
  const before = chosen;
  chosen = target;
  return () => {
    chosen = before;
  };
}

/**
 * Shows something below the cell that runs, in the best form that the front end knows. In a script
 * the text/plain form is printed. Always give that one.
 *
 * @example
 * display({ "text/html": "<b>done</b>", "text/plain": "done" });
 */
export function display(bundle: MimeBundle, options: DisplayOptions = {}): void {
  displayTarget().show(bundle, options);
}

/**
 * Says a line that is neither a result nor a fault, such as a data set's licence. In a notebook it is
 * plain output, for front ends show standard error in red; a script's results stay free of it.
 */
export function notice(line: string): void {
  if (displayTarget().kind === "notebook") {
    console.log(line);
  } else {
    host.process.note(line);
  }
}

interface Mark {
  done: number;
  at: number;
}

/** How fast something advances, lately and on the whole, and when it will be finished. */
export class Rate {
  private first: Mark | undefined;
  private readonly recent: Mark[] = [];

  /** @param memory over how many of the last marks the present rate is taken */
  constructor(private readonly memory = 20) {}

  /** Notes that `done` steps were finished at the time `at`, in milliseconds. */
  mark(done: number, at: number): void {
    const mark = { done, at };
    this.first ??= mark;
    this.recent.push(mark);
    if (this.recent.length > this.memory) {
      this.recent.shift();
    }
  }

  /** Steps a second lately; undefined until two marks lie apart. */
  get lately(): number | undefined {
    return between(this.recent[0], this.recent[this.recent.length - 1]);
  }

  /** Steps a second from the first mark to the last; undefined until two marks lie apart. */
  get overall(): number | undefined {
    return between(this.first, this.recent[this.recent.length - 1]);
  }

  /** Seconds until `total` steps are done; undefined while the rate is unknown. */
  secondsLeft(total: number): number | undefined {
    const rate = this.lately;
    if (rate === undefined) {
      return undefined;
    }
    return Math.max(0, total - this.recent[this.recent.length - 1].done) / rate;
  }
}

function between(from: Mark | undefined, to: Mark | undefined): number | undefined {
  if (!from || !to || to.at <= from.at || to.done <= from.done) {
    return undefined;
  }
  return (1000 * (to.done - from.done)) / (to.at - from.at);
}

/** A duration for readers: "0.4 s", "8 s", "2 min 6 s", "1 h 3 min". */
export function formatDuration(seconds: number): string {
  if (seconds < 9.95) {
    return `${Number(seconds.toFixed(1))} s`;
  }
  const whole = Math.round(seconds);
  if (whole < 60) {
    return `${whole} s`;
  }
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) {
    return whole % 60 === 0 ? `${minutes} min` : `${minutes} min ${whole % 60} s`;
  }
  const hours = Math.floor(minutes / 60);
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}
