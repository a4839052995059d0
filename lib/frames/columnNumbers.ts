import { type Cell, cellsOf, type Frame, FrameError, isMissing } from "./frame";
import { adviceFor, isNumberText } from "./numberText";

/**
 * The numbers of one column; what is missing is left out.
 *
 * @throws FrameError where the column holds something else, naming the first such cell, or nothing
 */
export function numbersIn(frame: Frame, column: string): number[] {
  const cells = cellsOf(frame, column);
  const odd = oddCell(cells);
  if (odd !== undefined) {
    throw new FrameError(
      `The column "${column}" holds ${cellName(cells[odd]!)}, but numbers are needed (row ` +
        `${frame.index[odd]}). ${adviceForCell(cells, odd, column)}`,
    );
  }
  const infinite = cells.findIndex((cell) => cell === Infinity || cell === -Infinity);
  if (infinite >= 0) {
    throw new FrameError(
      `The column "${column}" holds ${cells[infinite]} in row ${frame.index[infinite]}, with which no mean or ` +
        "deviation can be computed. Leave the row out, or put a finite number there.",
    );
  }
  const present = cells.filter((cell) => !isMissing(cell));
  if (present.length === 0) {
    throw new FrameError(`The column "${column}" has no values at all.`);
  }
  return present as number[];
}

/**
 * The place of the first cell that keeps a column from being one of numbers, if there is one. Where a
 * single mark has made texts of all numbers it is that mark, and not the first good number.
 */
export function oddCell(cells: readonly Cell[]): number | undefined {
  let text: number | undefined;
  for (const [place, cell] of cells.entries()) {
    if (typeof cell === "number" || isMissing(cell)) {
      continue;
    }
    if (typeof cell !== "string" || !isNumberText(cell)) {
      return place;
    }
    text ??= place;
  }
  return text;
}

/** Whether at least half of the cells that are there are numbers, or texts of numbers. */
export function mostlyNumbers(cells: readonly Cell[]): boolean {
  const present = cells.filter((cell) => !isMissing(cell));
  const numbers = present.filter(
    (cell) => typeof cell === "number" || (typeof cell === "string" && isNumberText(cell)),
  );
  return present.length > 0 && 2 * numbers.length >= present.length;
}

/** What to do about a cell that is no number, in view of its column. */
export function adviceForCell(cells: readonly Cell[], odd: number, column: string): string {
  const cell = cells[odd]!;
  const specific = typeof cell === "string" ? adviceFor(cell, column) : undefined;
  if (specific !== undefined) {
    return specific;
  }
  return mostlyNumbers(cells)
    ? "Most of the column are numbers: correct this cell, or, if it stands for a missing value, read the " +
        `file by readCsv(..., { missing: [...missingMarks, ${JSON.stringify(cell)}] }).`
    : "Make numbers of texts by oneHotEncoder(), or leave the column out.";
}

/** A cell as errors show it. */
export function cellName(cell: Cell): string {
  if (isMissing(cell)) {
    return "missing";
  }
  if (typeof cell !== "string") {
    return String(cell);
  }
  return JSON.stringify(cell.length > 40 ? `${cell.slice(0, 40)}…` : cell);
}
