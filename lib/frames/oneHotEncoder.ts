import type { DataFrame } from "danfojs-node";
import { adviceForCell, cellName, mostlyNumbers, oddCell } from "./columnNumbers";
import {
  type Cell,
  cellsOf,
  type Frame,
  FrameError,
  isMissing,
  placeOf,
  requireColumns,
  rowsOf,
} from "./frame";
import { makeFrame } from "./makeFrame";

/** Categories that were learnt from training data. */
export interface OneHotEncoder {
  /** The categories by column, in the order of the new columns. */
  readonly categories: Readonly<Record<string, readonly Cell[]>>;
  /** The names of the new columns, by the old ones: `species` gives `species_Adelie` and so on. */
  readonly encoded: Readonly<Record<string, readonly string[]>>;
  /** A copy of a frame with a column of 0 and 1 for each category in place of the column. */
  transform(frame: Frame): DataFrame;
}

/**
 * Learns the categories of columns, to make numbers of them: one column for each category, with 1 where
 * the row has it and 0 elsewhere.
 *
 * @throws FrameError for an unknown column, one with more than 100 categories, or a new name that is
 *   taken. `transform` throws for a missing value and for a category that was not there in training
 *
 * @example
 * const encoder = oneHotEncoder(training, ["species"]);
 * const { x, y } = toTensors(encoder.transform(training), {
 *   features: ["bill_length_mm"],
 *   targets: encoder.encoded.species,
 * });
 */
export function oneHotEncoder(training: Frame, columns: readonly string[]): OneHotEncoder {
  rowsOf(training);
  requireColumns("oneHotEncoder", columns);
  const categories: Record<string, Cell[]> = {};
  const encoded: Record<string, string[]> = {};
  for (const column of columns) {
    const cells = cellsOf(training, column);
    const found = [...new Set(cells.filter((cell) => !isMissing(cell)))];
    if (found.length > 100) {
      throw tooMany(training, column, cells, found.length);
    }
    categories[column] = found.sort((a, b) => (a! < b! ? -1 : 1));
    encoded[column] = categories[column].map((category) => `${column}_${category}`);
  }
  const transform = (frame: Frame) => {
    const rows = rowsOf(frame);
    for (const column of columns) {
      placeOf(frame, column);
    }
    const names = frame.columns.flatMap((column) => encoded[column] ?? [column]);
    const taken = names.find((name, i) => names.indexOf(name) !== i);
    if (taken !== undefined) {
      throw new FrameError(`There would be two columns "${taken}". Rename the one that is there.`);
    }
    const encodedRows = rows.map((row, r) =>
      frame.columns.flatMap((column, place) => {
        const known = categories[column];
        if (known === undefined) {
          return [row[place] ?? null];
        }
        const category = known.indexOf(row[place] ?? null);
        if (category < 0) {
          throw unknownCategory(column, row[place] ?? null, frame.index[r], known);
        }
        return known.map((_, i) => (i === category ? 1 : 0));
      }),
    );
    return makeFrame(encodedRows, { columns: names, index: frame.index });
  };
  return { categories, encoded, transform };
}

function tooMany(
  training: Frame,
  column: string,
  cells: readonly Cell[],
  count: number,
): FrameError {
  const odd = mostlyNumbers(cells) ? oddCell(cells) : undefined;
  return new FrameError(
    `The column "${column}" has ${count} different values, too many for categories. ${
      odd === undefined
        ? "Use it as a number, or leave it out."
        : `Most are numbers, but not ${cellName(cells[odd]!)} in row ${training.index[odd]}. ${adviceForCell(cells, odd, column)}`
    }`,
  );
}

function unknownCategory(
  column: string,
  cell: Cell,
  row: string | number,
  known: readonly Cell[],
): FrameError {
  if (isMissing(cell)) {
    return new FrameError(
      `Row ${row} has no "${column}". Drop such rows by dropMissing(), or fill them by fillMissing().`,
    );
  }
  return new FrameError(
    `Row ${row} has the ${column} ${JSON.stringify(cell)}, which did not occur in training: there are ` +
      `${known.join(", ")}. Split so that all occur (stratify), or drop the row.`,
  );
}
