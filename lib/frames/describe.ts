import { cellName, mostlyNumbers, oddCell } from "./columnNumbers";
import { type Cell, cellsOf, type Frame, isMissing, rowsOf } from "./frame";
import { deviation, mean, mostFrequent, quantile } from "./statistics";

/** What one column holds; missing values count in `missing` only. */
export interface ColumnSummary {
  column: string;
  type: "number" | "text" | "boolean" | "empty";
  /** Values that are there. */
  count: number;
  missing: number;
  mean?: number;
  /** The standard deviation, with n - 1, as pandas has it; absent for a single value. */
  std?: number;
  min?: number;
  lowerQuartile?: number;
  median?: number;
  upperQuartile?: number;
  max?: number;
  /** How many different texts or truth values there are. */
  distinct?: number;
  mostFrequent?: string;
  /** Where most texts of a column are numbers: the first one that is none, and its row. */
  notNumber?: string;
}

/** All that a summary may have, so that tables have their columns in this order. */
const emptySummary: ColumnSummary = {
  column: "",
  type: "empty",
  count: 0,
  missing: 0,
  mean: undefined,
  std: undefined,
  min: undefined,
  lowerQuartile: undefined,
  median: undefined,
  upperQuartile: undefined,
  max: undefined,
  distinct: undefined,
  mostFrequent: undefined,
};

/**
 * Describes each column of a frame, whatever is missing in it (danfojs's own `describe` stops there):
 * numbers by mean, deviation and quartiles, texts by how many there are and the most frequent one. Where
 * a few cells have made texts of a column of numbers, `notNumber` names the first of them.
 *
 * @returns a row for each column, for `table`
 *
 * @example
 * table(describe(penguins), { caption: "Penguins" });
 */
export function describe(frame: Frame): ColumnSummary[] {
  rowsOf(frame);
  return frame.columns.map((column) => {
    const cells = cellsOf(frame, column);
    const present = cells.filter((cell) => !isMissing(cell));
    const counts = { count: present.length, missing: cells.length - present.length };
    if (present.length === 0) {
      return { ...emptySummary, column, type: "empty", ...counts };
    }
    if (present.every((cell): cell is number => typeof cell === "number")) {
      return { ...emptySummary, column, type: "number", ...counts, ...ofNumbers(present) };
    }
    const summary = { ...emptySummary, column, ...counts, ...ofCategories(present) };
    const odd = mostlyNumbers(cells) ? oddCell(cells) : undefined;
    if (odd === undefined) {
      return summary;
    }
    return { ...summary, notNumber: `${cellName(cells[odd]!)} in row ${frame.index[odd]}` };
  });
}

function ofNumbers(values: number[]) {
  return {
    mean: mean(values),
    ...(values.length > 1 ? { std: deviation(values, 1) } : {}),
    min: quantile(values, 0),
    lowerQuartile: quantile(values, 0.25),
    median: quantile(values, 0.5),
    upperQuartile: quantile(values, 0.75),
    max: quantile(values, 1),
  };
}

function ofCategories(values: Cell[]) {
  const type: ColumnSummary["type"] = values.every((each) => typeof each === "boolean")
    ? "boolean"
    : "text";
  return { type, distinct: new Set(values).size, mostFrequent: String(mostFrequent(values)) };
}
