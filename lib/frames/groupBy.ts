import type { DataFrame } from "danfojs-node";
import { nameOf } from "../errors";
import { requireNames } from "../optionNames";
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
import { makeFrame } from "./makeFrame";
import { deviation, mean, quantile, sum } from "./statistics";

/** What can be computed of a group's values in one column; what is missing is skipped. */
export type Aggregate = "mean" | "sum" | "min" | "max" | "median" | "std" | "count";

export interface GroupByOptions {
  /**
   * Rows in which a key is missing: "drop" them, as pandas does, or "keep" them as groups of their own,
   * which come last. Default "drop".
   */
  missingKeys?: "drop" | "keep";
}

/**
 * The rows of a frame by their keys. Each method gives a frame with a row for each group, in the order of
 * the keys (numbers by size, texts by their characters' codes): the keys' columns, then the results.
 */
export interface Groups {
  /** The means; NaN for a group without a value. */
  mean(columns?: string | readonly string[]): DataFrame;
  /** The sums; 0 for a group without a value. */
  sum(columns?: string | readonly string[]): DataFrame;
  /** The smallest values; NaN for a group without one. */
  min(columns?: string | readonly string[]): DataFrame;
  /** The largest values; NaN for a group without one. */
  max(columns?: string | readonly string[]): DataFrame;
  /** The medians; NaN for a group without a value. */
  median(columns?: string | readonly string[]): DataFrame;
  /** The standard deviations with n - 1; NaN for a group of fewer than two values. */
  std(columns?: string | readonly string[]): DataFrame;
  /** How many values there are; what is missing does not count. */
  count(columns?: string | readonly string[]): DataFrame;
  /** How many rows there are, in a column `size`. */
  size(): DataFrame;
  /**
   * Several at once: columns named by both, as in `weight_mean`.
   *
   * @example
   * groups.aggregate({ weight: ["mean", "std"], horsepower: "median" });
   */
  aggregate(wanted: Readonly<Record<string, Aggregate | readonly Aggregate[]>>): DataFrame;
}

const statistics: Readonly<Record<Aggregate, (values: readonly number[]) => number>> = {
  mean,
  sum,
  min: (values) => values.reduce((a, b) => Math.min(a, b), values[0] ?? Number.NaN),
  max: (values) => values.reduce((a, b) => Math.max(a, b), values[0] ?? Number.NaN),
  median: (values) => quantile(values, 0.5) ?? Number.NaN,
  std: (values) => deviation(values, 1),
  count: (values) => values.length,
};
const names = Object.keys(statistics) as Aggregate[];

/**
 * Puts rows with the same keys together and computes of their values, leaving out what is missing, as
 * pandas' `groupby` does. Without names of columns a method takes all columns of numbers, and `count` all
 * that are no keys.
 *
 * @param keys one column, or several
 * @throws FrameError for an unknown column, one that holds no numbers, or where no group is left
 *
 * @example
 * table(groupBy(penguins, "species").mean("body_mass_g"));
 * table(groupBy(penguins, ["species", "sex"]).aggregate({ body_mass_g: ["mean", "std", "count"] }));
 */
export function groupBy(
  frame: Frame,
  keys: string | readonly string[],
  options: GroupByOptions = {},
): Groups {
  rowsOf(frame);
  requireNames<GroupByOptions>("groupBy", options, { missingKeys: true }, { Thrown: FrameError });
  const { missingKeys = "drop" } = options;
  const keyColumns = typeof keys === "string" ? [keys] : requireColumns("groupBy", keys);
  if (keyColumns.length === 0) {
    throw new FrameError("groupBy() needs a column to group by.");
  }
  if (missingKeys !== "drop" && missingKeys !== "keep") {
    throw new FrameError(
      `groupBy() got missingKeys: ${JSON.stringify(missingKeys)}. It must be "drop" or "keep".`,
    );
  }
  const groups = groupsOf(frame, keyColumns, missingKeys === "keep");
  const others = frame.columns.filter((column) => !keyColumns.includes(column));
  const compute = (results: readonly { name: string; column: string; aggregate: Aggregate }[]) => {
    const cells = results.map(({ column, aggregate }) => valuesOf(frame, column, aggregate));
    const rows = groups.map((group) => [
      ...group.keys,
      ...results.map(({ aggregate }, i) => {
        const present = group.rows.map((row) => cells[i][row]!).filter((cell) => !isMissing(cell));
        return statistics[aggregate](present as number[]);
      }),
    ]);
    return makeFrame(rows, {
      columns: distinct([...keyColumns, ...results.map(({ name }) => name)]),
    });
  };
  const method = (aggregate: Aggregate) => (columns?: string | readonly string[]) => {
    const chosen =
      columns === undefined
        ? others.filter((column) => aggregate === "count" || isNumeric(frame, column))
        : typeof columns === "string"
          ? [columns]
          : requireColumns(aggregate, columns);
    if (chosen.length === 0) {
      throw new FrameError(
        `There is no column to compute the ${aggregate} of. Name one: ${aggregate}("weight").`,
      );
    }
    return compute(chosen.map((column) => ({ name: column, column, aggregate })));
  };
  return {
    mean: method("mean"),
    sum: method("sum"),
    min: method("min"),
    max: method("max"),
    median: method("median"),
    std: method("std"),
    count: method("count"),
    size: () => {
      const rows = groups.map((group) => [...group.keys, group.rows.length]);
      return makeFrame(rows, { columns: distinct([...keyColumns, "size"]) });
    },
    aggregate: (wanted) =>
      compute(
        entriesOf(wanted).flatMap(([column, aggregates]) =>
          [aggregates].flat().map((aggregate) => {
            if (names.includes(aggregate)) {
              return { name: `${column}_${aggregate}`, column, aggregate };
            }
            throw new FrameError(
              `groupBy() cannot compute ${shown(aggregate)} of "${column}". It knows ${names.join(", ")}.`,
            );
          }),
        ),
      ),
  };
}

function shown(aggregate: unknown): string {
  return typeof aggregate === "string" ? JSON.stringify(aggregate) : nameOf(aggregate);
}

function entriesOf(wanted: Parameters<Groups["aggregate"]>[0]) {
  const isObject = typeof wanted === "object" && wanted !== null && !Array.isArray(wanted);
  const entries = isObject ? Object.entries(wanted) : [];
  if (entries.length > 0) {
    return entries;
  }
  throw new FrameError(
    `aggregate() was given ${isObject ? "nothing to compute" : nameOf(wanted)}. Name aggregates by column: ` +
      '{ weight: ["mean", "std"], horsepower: "median" }.',
  );
}

interface Group {
  keys: Cell[];
  rows: number[];
}

function groupsOf(frame: Frame, keyColumns: readonly string[], keepMissing: boolean): Group[] {
  const places = keyColumns.map((column) => placeOf(frame, column));
  const groups = new Map<string, Group>();
  for (const [r, row] of rowsOf(frame).entries()) {
    const keys = places.map((place) => (isMissing(row[place]) ? null : row[place]!));
    if (!keepMissing && keys.includes(null)) {
      continue;
    }
    // JSON tells 1 from "1" and ["a-b", "c"] from ["a", "b-c"], but not infinities from null.
    const name = JSON.stringify(
      keys.map((key) => (typeof key === "number" ? [String(key + 0)] : key)),
    );
    const group = groups.get(name);
    if (group) {
      group.rows.push(r);
    } else {
      groups.set(name, { keys, rows: [r] });
    }
  }
  if (groups.size === 0) {
    throw new FrameError(
      `In every row ${keyColumns.map((column) => `"${column}"`).join(" or ")} is missing, so that there is no ` +
        'group. Pass missingKeys: "keep" to make groups of these rows, too.',
    );
  }
  return [...groups.values()].sort((a, b) => {
    const place = a.keys.findIndex((key, i) => key !== b.keys[i]);
    return place < 0 ? 0 : compare(a.keys[place]!, b.keys[place]!);
  });
}

/** Missing keys last; values of different types, which a frame of readCsv never mixes, by their types. */
function compare(a: Cell, b: Cell): number {
  if (a === null || b === null) {
    return a === null ? 1 : -1;
  }
  if (typeof a !== typeof b) {
    return typeof a < typeof b ? -1 : 1;
  }
  return a < b ? -1 : 1;
}

function isNumeric(frame: Frame, column: string): boolean {
  const types = new Set(
    cellsOf(frame, column).map((cell) => (isMissing(cell) ? "none" : typeof cell)),
  );
  return types.has("number") && !types.has("string") && !types.has("boolean");
}

/** A column's cells; truth values count as 1 and 0. */
function valuesOf(frame: Frame, column: string, aggregate: Aggregate): Cell[] {
  const cells = cellsOf(frame, column);
  if (aggregate === "count") {
    return cells;
  }
  const numbers = cells.map((cell) => (typeof cell === "boolean" ? Number(cell) : cell));
  const whole = { columns: [column], index: frame.index, values: numbers.map((cell) => [cell]) };
  if (numbers.some((cell) => typeof cell === "string")) {
    numbersIn(whole, column);
  }
  return numbers;
}

function distinct(columns: string[]): string[] {
  const twice = columns.find((column, i) => columns.indexOf(column) !== i);
  if (twice === undefined) {
    return columns;
  }
  throw new FrameError(
    `There would be two columns "${twice}". Name each column and each aggregate once, and compute of no key.`,
  );
}
