import type { DisplayTarget } from "./display";

/** The global function `display` of the karenina kernel, as far as it is used here. */
type KernelDisplay = (
  bundle: Readonly<Record<string, unknown>>,
  options: { id?: string; update?: boolean },
) => unknown;

const cellSymbol = Symbol.for("Jupyter.cell");

/** The kernel that runs this process, if it is one with a property `Symbol.for("Jupyter.cell")`. */
export function jupyterCellTarget(): DisplayTarget | undefined {
  // In the kernel the property is there before the first cell, and undefined between cells.
  if (!(cellSymbol in globalThis)) return undefined;
  const { display } = globalThis as { display?: KernelDisplay };
  if (typeof display !== "function") return undefined;
  return {
    kind: "notebook",
    show: (bundle, options) => {
      display(bundle, options);
    },
  };
}

/** Standard output: the text form of everything. */
export const terminalTarget: DisplayTarget = {
  kind: "terminal",
  show: (bundle) => {
    const text = bundle["text/plain"] ?? `(no text form: ${Object.keys(bundle).join(", ")})`;
    process.stdout.write(`${String(text).replace(/\n$/, "")}\n`);
  },
};
