import { jupyterCellTarget, terminalTarget } from "./targets";
import { tslabTarget } from "./tslab";

/** One thing in several forms by MIME type: text as strings, `+json` types as plain objects. */
export type MimeBundle = Readonly<Record<string, unknown>>;

export interface DisplayOptions {
  /** Names the output, so that a later display can take its place. */
  id?: string;
  /** Takes the place of the output with this id instead of adding one. Default false. */
  update?: boolean;
}

/** Where displays go: a notebook's front end, a terminal, or a list in a test. */
export interface DisplayTarget {
  /** "notebook" shows rich forms and replaces outputs; "terminal" prints text, line after line. */
  kind: "notebook" | "terminal";
  show(bundle: MimeBundle, options: DisplayOptions): void;
}

let chosen: DisplayTarget | undefined;

/**
 * The target in use: one set by `displayTo`, else the notebook kernel that runs this process, else
 * standard output.
 */
export function displayTarget(): DisplayTarget {
  return chosen ?? jupyterCellTarget() ?? tslabTarget() ?? terminalTarget;
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
