import type { DataFrame } from "danfojs-node";
import { nameOf } from "../errors";
import { requireNames } from "../optionNames";
import { requireOneOf } from "../options";
import { numbersIn } from "./columnNumbers";
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
import { makeFrame, withCells } from "./makeFrame";
import { mean, mostFrequent, quantile } from "./statistics";

export interface DropMissingOptions {
  /** In which columns a value may not be missing. Default: in all. */
  columns?: readonly string[];
  /** "any" drops a row where one of them is missing, "all" where all of them are. Default "any". */
  where?: "any" | "all";
}

/**
 * The frame without the rows in which values are missing. Rows keep their names.
 *
 * @throws FrameError for an unknown column, or where no row is left
 */
export function dropMissing(frame: Frame, options: DropMissingOptions = {}): DataFrame {
  const rows = rowsOf(frame);
  requireNames<DropMissingOptions>("dropMissing", options, { columns: true, where: true }, asFrame);
  const { where = "any" } = options;
  requireOneOf({ where }, ["any", "all"], asFrame);
  const columns = requireColumns("dropMissing", options.columns ?? frame.columns);
  const places = columns.map((column) => placeOf(frame, column));
  const kept = rows.flatMap((row, r) => {
    const lacks = (place: number) => isMissing(row[place]);
    return (where === "any" ? places.some(lacks) : places.every(lacks)) ? [] : [r];
  });
  return makeFrame(
    kept.map((r) => rows[r]),
    { columns: frame.columns, index: kept.map((r) => frame.index[r]) },
  );
}

const asFrame = { Thrown: FrameError };

/** A value, or how it comes about. */
export type Fill = number | string | boolean | { by: "mean" | "median" | "mostFrequent" };

export interface FillMissingOptions {
  /**
   * Where means, medians and most frequent values are taken from. Default: the frame itself. For
   * validation and test data pass the training part: they must not be known before.
   */
  from?: Frame;
}

/**
 * A copy of the frame in which missing values of some columns are filled; the frame stays as it is
 * (danfojs's own `fillNa` changes it).
 *
 * @param fills what to fill in, by column
 * @throws FrameError for an unknown column, a value of another type than the column's, or a mean of
 *   what is no number
 *
 * @example
 * fillMissing(test, { horsepower: { by: "median" }, sex: "unknown" }, { from: training });
 */
export function fillMissing(
  frame: Frame,
  fills: Readonly<Record<string, Fill>>,
  options: FillMissingOptions = {},
): DataFrame {
  rowsOf(frame);
  requireNames<FillMissingOptions>("fillMissing", options, { from: true }, asFrame);
  const { from = frame } = options;
  rowsOf(from);
  if (typeof fills !== "object" || fills === null || Array.isArray(fills)) {
    throw new FrameError(
      `fillMissing was given ${nameOf(fills)}, but needs what to fill in by column: { age: 0 }, or ` +
        '{ age: { by: "median" } }.',
    );
  }
  const values = new Map(
    Object.entries(fills).map(([column, fill]) => {
      return [placeOf(frame, column), fillValue(from, column, fill)] as const;
    }),
  );
  return withCells(frame, (cell, place) => (isMissing(cell) ? (values.get(place) ?? cell) : cell));
}

function fillValue(from: Frame, column: string, fill: Fill): Cell {
  const present = cellsOf(from, column).filter((cell) => !isMissing(cell));
  if (typeof fill === "object" && fill !== null) {
    if (fill.by === "mean") {
      return mean(numbersIn(from, column));
    }
    if (fill.by === "median") {
      return quantile(numbersIn(from, column), 0.5);
    }
    if (fill.by === "mostFrequent" && present.length > 0) {
      return mostFrequent(present)!;
    }
    throw new FrameError(
      `The column "${column}" cannot be filled by ${JSON.stringify(fill)}: by must be "mean", "median" or ` +
        '"mostFrequent", and the column must have values.',
    );
  }
  const other = present.find((cell) => typeof cell !== typeof fill);
  if (other !== undefined || isMissing(fill) || typeof fill === "function") {
    throw new FrameError(
      `The column "${column}" cannot be filled with ${typeof fill === "function" ? "a function" : JSON.stringify(fill)}` +
        `${other === undefined ? "" : `: it holds values such as ${JSON.stringify(other)}`}. ` +
        "Pass a value of the same type.",
    );
  }
  return fill;
}
