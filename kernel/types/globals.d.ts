/** What the kernel adds to the global scope of cells. */

interface JupyterDisplayOptions {
  /** Names the output, so that it can be updated. */
  id?: string;
  /** Replace the outputs shown with this `id` before, wherever they are. */
  update?: boolean;
  /** By MIME type, as in `{"image/png": {width: 200}}`. */
  metadata?: Record<string, unknown>;
  /**
   * As in IPython: `true` says that the value is a MIME bundle already, `false` that it is to be
   * shown as the object that it is. Default: a plain object whose keys are MIME types is a bundle.
   */
  raw?: boolean;
}

/** An output that can be shown again. */
interface JupyterDisplayHandle {
  readonly id: string;
  /** Replaces what is shown. */
  update(value: unknown, options?: Omit<JupyterDisplayOptions, "id" | "update">): void;
}

/**
 * Shows a value in the cell's output: a MIME bundle such as `{"text/html": "<b>hi</b>"}`, an object
 * with a `Symbol.for("Jupyter.display")` method that gives one, or anything else as text. Binary
 * data may be a Uint8Array.
 *
 * @returns a handle with which to show something else in its place
 */
declare function display(value: unknown, options?: JupyterDisplayOptions): JupyterDisplayHandle;

/**
 * Removes the cell's output so far.
 * @param options `wait`: only when there is new output to take its place, so that nothing flickers
 */
declare function clearOutput(options?: { wait?: boolean }): void;

/**
 * Asks the person at the notebook and stands still until there is an answer.
 *
 * @param defaultValue the answer where nothing is entered
 * @param options `password`: do not show what is typed
 */
declare function prompt(
  message?: string,
  defaultValue?: string,
  options?: { password?: boolean },
): string;

/** What a message of a channel carries besides its data. */
interface JupyterCommParts {
  buffers?: Uint8Array[];
  /** Widgets want their protocol's version in it when they are opened: `{ version: "2.1.0" }`. */
  metadata?: Record<string, unknown>;
}

/** A channel to a widget or an extension of the front end. */
interface JupyterComm {
  readonly id: string;
  readonly target: string;
  /** What the side that opened it sent along. */
  readonly data: unknown;
  send(data: unknown, options?: JupyterCommParts): void;
  close(data?: unknown): void;
  onMessage?: (data: unknown, buffers: Uint8Array[]) => void;
  onClose?: (data: unknown) => void;
}

/** The notebook, seen from a cell. */
declare const jupyter: {
  /**
   * The running cell: its signal fires when the cell is stopped. Code that runs long heeds it.
   * `interactive` says whether somebody is there to use a widget, and not a program that runs the
   * notebook.
   */
  readonly cell:
    | {
        readonly signal: AbortSignal;
        readonly executionCount: number;
        readonly code: string;
        readonly interactive: boolean;
      }
    | undefined;
  readonly cells: {
    /**
     * The cells whose inputs come from cells that have run again since, each behind those that it
     * depends on: how errors call it, as in `cell-12`, and the names in question.
     */
    readonly stale: readonly { readonly name: string; readonly because: readonly string[] }[];
    /**
     * Runs them again, in that order, as parts of the running cell. Ends with the first that fails;
     * those behind it are stale still.
     */
    runStale(): Promise<void>;
  };
  /**
   * Channels to the front end. Their handlers run between two steps of whatever the running cell
   * does; what they print or show belongs to the cell that opened the channel.
   */
  readonly comms: {
    /** Opens a channel to a target that the front end knows. */
    open(target: string, data?: unknown, options?: JupyterCommParts): JupyterComm;
    /** Serves the channels that the front end opens to this target. */
    register(target: string, opened: (comm: JupyterComm) => void): void;
  };
};
