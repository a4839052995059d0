import { closest } from "fastest-levenshtein";
import { KareninaError, nameOf } from "../errors";

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
export class FrameError extends KareninaError {
  override name = "FrameError";
  readonly code = "bad-frame";
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
        `index and values; this is ${nameOf(frame)}.`,
    );
  }
  return values;
}

/** Names of columns in a list. @throws FrameError where it is none: one name alone belongs in a list, too */
export function requireColumns(reader: string, columns: unknown): string[] {
  if (Array.isArray(columns)) {
    return [...columns];
  }
  const remedy = typeof columns === "string" ? `: [${JSON.stringify(columns)}]` : "";
  throw new FrameError(
    `${reader} was given ${nameOf(columns)} as its columns, but needs a list of names${remedy}.`,
  );
}

/** The place of a column; errors name the nearest one. */
export function placeOf(frame: Pick<Frame, "columns">, column: string): number {
  const place = frame.columns.indexOf(column);
  if (place >= 0) {
    return place;
  }
  const near =
    frame.columns.length > 0
      ? ` Did you mean "${closest(String(column), [...frame.columns])}"?`
      : "";
  throw new FrameError(
    `The frame has no column "${column}".${near} It has: ${frame.columns.join(", ")}.`,
  );
}

/** The cells of one column. */
export function cellsOf(frame: Frame, column: string): Cell[] {
  const place = placeOf(frame, column);
  return rowsOf(frame).map((row) => row[place] ?? null);
}
