import type { DisplayTarget } from "./display";

/** What a kernel offers to cells behind `Symbol.for("Jupyter.cell")`, as far as displays need it. */
interface JupyterCell {
  display(
    bundle: Readonly<Record<string, unknown>>,
    options: { displayId?: string | undefined; update?: boolean | undefined },
  ): unknown;
}

/** The kernel that put an object for cells behind `Symbol.for("Jupyter.cell")`, if there is one. */
export function jupyterCellTarget(): DisplayTarget | undefined {
  const cell = (globalThis as Record<symbol, unknown>)[Symbol.for("Jupyter.cell")] as
    | JupyterCell
    | undefined;
  if (typeof cell?.display !== "function") return undefined;
  return {
    kind: "notebook",
    show: (bundle, { id, update }) => {
      cell.display(bundle, { displayId: id, update });
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
