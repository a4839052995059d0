import { OutputArea } from "./client";
import { type Cell, type Notebook, sourceOf, storedOutput, tagsOf } from "./notebookFile";

/** A cell to be run, and what its tags ask for. */
export interface CodeCell {
  cell: Cell;
  /** Its place among all cells, from 1. */
  number: number;
  /** What the kernel is given. */
  code: string;
  /** Tagged `solution`: it holds the solution of an exercise. */
  solution: boolean;
  /** Tagged `skip-execution`: it is passed over and keeps its outputs. */
  skip: boolean;
  /** Tagged `raises-exception`: it must raise an error. */
  errorExpected: boolean;
  /** Where its outputs are collected. */
  area: OutputArea;
}

/** A notebook's code cells that have code, in order. */
export function codeCells(notebook: Notebook): CodeCell[] {
  return notebook.cells.flatMap((cell, index) => {
    const code = sourceOf(cell);
    if (cell.cell_type !== "code" || code.trim() === "") {
      return [];
    }
    const tags = tagsOf(cell);
    return {
      cell,
      number: index + 1,
      code,
      solution: tags.includes("solution"),
      skip: tags.includes("skip-execution"),
      errorExpected: tags.includes("raises-exception"),
      area: new OutputArea(),
    };
  });
}

/** Puts what was collected into the notebook's cells; those that never ran lose old outputs. */
export function storeOutputs(cells: readonly CodeCell[]): void {
  for (const { cell, area, skip } of cells) {
    if (!skip) {
      cell.outputs = area.outputs.map(storedOutput);
      cell.execution_count = area.executionCount;
    }
  }
}
