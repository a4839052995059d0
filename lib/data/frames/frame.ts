import type { DataFrame } from "danfojs-node";
import { closest } from "fastest-levenshtein";
// Decides which TensorFlow danfojs gets; so it comes before danfojs.
import "../../backend/preload.cjs";

/** What stands in a frame; null and NaN are missing. */
export type Cell = number | string | boolean | null;

/** A data frame of danfojs, or anything like it. */
export interface Frame {
  readonly columns: readonly string[];
  /** Names of the rows: numbers from 0 unless something else was given. */
  readonly index: readonly (string | number)[];
  /** Rows of cells. */
  readonly values: unknown;
}

/** Thrown where a frame does not have what is asked for; the message says what to do. */
export class FrameError extends Error {
  override name = "FrameError";
}

/** Whether a cell holds nothing: null, undefined or NaN. */
export function isMissing(cell: unknown): boolean {
  return cell === null || cell === undefined || Number.isNaN(cell);
}

/** The cells of a frame, row by row. */
export function rowsOf(frame: Frame): readonly (readonly Cell[])[] {
  const { columns, index, values } = (frame ?? {}) as Partial<Frame>;
  if (!Array.isArray(columns) || !Array.isArray(index) || !Array.isArray(values)) {
    throw new FrameError(
      "A data frame is needed, as readCsv() or new DataFrame() of danfojs-node make it, with columns, " +
        `index and values; this is ${frame === null ? "null" : typeof frame}.`,
    );
  }
  return values;
}

/** The place of a column; errors name the nearest one. */
export function placeOf(frame: Frame, column: string): number {
  const place = frame.columns.indexOf(column);
  if (place >= 0) return place;
  const near =
    frame.columns.length > 0 ? ` Did you mean "${closest(column, [...frame.columns])}"?` : "";
  throw new FrameError(
    `The frame has no column "${column}".${near} It has: ${frame.columns.join(", ")}.`,
  );
}

/** The cells of one column. */
export function cellsOf(frame: Frame, column: string): Cell[] {
  const place = placeOf(frame, column);
  return rowsOf(frame).map((row) => row[place] ?? null);
}

/**
 * The numbers of one column; what is missing is left out.
 *
 * @throws FrameError where the column holds something else, or nothing
 */
export function numbersIn(frame: Frame, column: string): number[] {
  const present = cellsOf(frame, column).filter((cell) => !isMissing(cell));
  const odd = present.find((cell) => typeof cell !== "number");
  if (odd !== undefined) {
    throw new FrameError(
      `The column "${column}" holds ${JSON.stringify(odd)}, but numbers are needed. Turn categories into ` +
        "numbers by oneHotEncoder(), or leave the column out.",
    );
  }
  if (present.length === 0) throw new FrameError(`The column "${column}" has no values at all.`);
  return present as number[];
}

/** Which type danfojs shall give to a column: by all of its cells, not by the first ones only. */
function typeOf(cells: readonly Cell[]): string {
  const present = cells.filter((cell) => !isMissing(cell));
  if (present.every((cell) => typeof cell === "number")) {
    return present.every((n) => Number.isInteger(n) && Math.abs(n) < 2 ** 31) ? "int32" : "float32";
  }
  return present.every((cell) => typeof cell === "boolean") ? "boolean" : "string";
}

/**
 * What danfojs keeps in a frame itself. It makes a property of every column, which would take the
 * place of these, and the frame would no longer know its own rows.
 */
const TAKEN = new Set(["columns", "dtypes", "index", "shape", "values"]);

/**
 * A new frame of danfojs.
 *
 * @throws FrameError for no rows, or a column with a name of danfojs's own: it cannot hold either
 */
export function makeFrame(
  rows: readonly (readonly Cell[])[],
  { columns, index }: { columns: readonly string[]; index?: readonly (string | number)[] },
): DataFrame {
  if (rows.length === 0) {
    throw new FrameError("No row is left. Ask for less, or look at the rows that went in.");
  }
  const taken = columns.find((name) => TAKEN.has(name) || name.startsWith("$"));
  if (taken !== undefined) {
    throw new FrameError(
      `A column is named "${taken}", which a data frame of danfojs needs for itself. Rename the ` +
        `column, for example to "${taken.replace(/^\$+/, "") || "column"}_".`,
    );
  }
  // It takes a second to load: only where frames are used.
  const danfo = require("danfojs-node") as typeof import("danfojs-node");
  return new danfo.DataFrame(
    rows.map((row) => [...row]),
    {
      columns: [...columns],
      dtypes: columns.map((_, place) => typeOf(rows.map((row) => row[place] ?? null))),
      ...(index === undefined ? {} : { index: [...index] }),
    },
  );
}

/** The frame with other cells: same columns, same names of rows. */
export function withCells(
  frame: Frame,
  change: (cell: Cell, place: number, row: number) => Cell,
): DataFrame {
  const rows = rowsOf(frame).map((row, r) =>
    frame.columns.map((_, place) => change(row[place] ?? null, place, r)),
  );
  return makeFrame(rows, frame);
}
