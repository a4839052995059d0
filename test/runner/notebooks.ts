import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** A cell for {@link writeNotebook}: code alone, or code and tags. */
export type TestCell = string | { code: string; tags: string[] };

/** The content of a notebook with these code cells behind a heading. */
export function notebookOf(cells: readonly TestCell[]) {
  return {
    cells: [
      { cell_type: "markdown", id: "heading", metadata: {}, source: "# A notebook" },
      ...cells.map((cell, index) => ({
        cell_type: "code",
        id: `cell-${index}`,
        metadata: typeof cell === "string" ? {} : { tags: cell.tags },
        source: typeof cell === "string" ? cell : cell.code,
        outputs: [],
        execution_count: null,
      })),
    ],
    metadata: {},
    nbformat: 4,
    nbformat_minor: 5,
  };
}

/** Writes a notebook into a folder and returns its path. */
export function writeNotebook(folder: string, name: string, cells: readonly TestCell[]): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(notebookOf(cells)));
  return path;
}
