import { basename, join, relative, sep } from "node:path";
import { type Cell, type Notebook, notebookText, writeAtomically } from "./notebookFile";

/** The largest notebook that may be stored in the repository, in bytes. */
export const STORED_LIMIT = 500_000;

/** From this share of the limit on a stored notebook is warned about. */
const WARNING_SHARE = 0.8;

/**
 * Where each notebook's executed copy goes. Notebooks of one name in different folders get their
 * folders' names in front.
 */
export function copyPaths(paths: readonly string[], root: string, folder: string): string[] {
  const names = paths.map((path) => basename(path));
  return paths.map((path, index) => {
    const unique = names.indexOf(names[index]) === names.lastIndexOf(names[index]);
    const steps = relative(root, path).split(sep);
    const name = unique ? names[index] : steps.filter((step) => step !== "..").join("-");
    return join(folder, name);
  });
}

/**
 * Stores an executed notebook over its source.
 *
 * @returns a warning where the notebook comes near the limit of {@link STORED_LIMIT} bytes.
 * @throws Error, leaving the file as it was, where the notebook is over the limit.
 */
export function storeExecuted(path: string, notebook: Notebook): string | undefined {
  const text = notebookText(notebook);
  const bytes = Buffer.byteLength(text);
  if (bytes > STORED_LIMIT) {
    throw new Error(
      `it was not stored: with its outputs it has ${kilobytes(bytes)}, over the limit of ` +
        `${kilobytes(STORED_LIMIT)}. The biggest outputs: ${biggestOutputs(notebook)}`,
    );
  }
  writeAtomically(path, text);
  return bytes > WARNING_SHARE * STORED_LIMIT
    ? `stored with ${kilobytes(bytes)}, near the limit of ${kilobytes(STORED_LIMIT)}. ` +
        `The biggest outputs: ${biggestOutputs(notebook)}`
    : undefined;
}

function biggestOutputs(notebook: Notebook): string {
  return notebook.cells
    .map((cell, index) => ({ number: index + 1, bytes: outputBytes(cell) }))
    .filter(({ bytes }) => bytes > 0)
    .sort((a, b) => b.bytes - a.bytes)
    .slice(0, 3)
    .map(({ number, bytes }) => `cell ${number} with ${kilobytes(bytes)}`)
    .join(", ");
}

function outputBytes({ outputs = [] }: Cell): number {
  return outputs.length === 0 ? 0 : Buffer.byteLength(JSON.stringify(outputs));
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} KB`;
}
