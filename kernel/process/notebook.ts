import { readFileSync, statSync } from "node:fs";

/** Beyond this, reading the notebook would take longer than it saves. */
const LARGEST_BYTES = 20e6;

/**
 * The code of the notebook that the kernel was started for, which its user will likely run.
 *
 * Jupyter names the notebook in the variable JPY_SESSION_NAME. Where it does not, as with consoles
 * and with other front ends, or where there is no such notebook (any more), this is empty.
 */
export function expectedCode(): string {
  const file = process.env.JPY_SESSION_NAME;
  try {
    if (!file || statSync(file).size > LARGEST_BYTES) {
      return "";
    }
    const { cells } = JSON.parse(readFileSync(file, "utf8")) as { cells: Cell[] };
    return cells
      .filter((cell) => cell.cell_type === "code")
      .map(({ source }) => [source].flat().join(""))
      .join("\n");
  } catch {
    return "";
  }
}

interface Cell {
  cell_type: string;
  source: string | string[];
}
