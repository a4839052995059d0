import { type DisplayOptions, type DisplayTarget, host, type MimeBundle } from "../host/host";

export type { DisplayOptions, DisplayTarget, MimeBundle };

/** The global function `display` of a kernel, as far as it is used here. */
type KernelDisplay = (bundle: MimeBundle, options: DisplayOptions) => unknown;

const cellSymbol = Symbol.for("Jupyter.cell");

/** The kernel that runs this process, if it is one with a property `Symbol.for("Jupyter.cell")`. */
function jupyterCellTarget(): DisplayTarget | undefined {
  // In the kernel the property is there before the first cell, and undefined between cells.
  if (!(cellSymbol in globalThis)) return undefined;
  const { display: show } = globalThis as { display?: KernelDisplay };
  if (typeof show !== "function") return undefined;
  return {
    kind: "notebook",
    show: (bundle, options) => {
      show(bundle, options);
    },
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
  if (displayTarget().kind === "notebook") console.log(line);
  else host.process.note(line);
}
