import type * as danfojs from "danfojs-node";
import type { DataFrame } from "danfojs-node";
import { running } from "./danfoGaps";
import { type Cell, FrameError, isMissing, placeOf } from "./frame";
import { deviation, mean, quantile, sum, variance } from "./statistics";

interface Groups {
  groupMathLog(cells: readonly Cell[], operation: string): unknown[];
}

/**
 * Mends danfojs's `frame.groupby`: it takes a missing value for 0, counts it, and throws rows of
 * different keys together where their texts, joined by a hyphen, are the same.
 */
export function mendGroupby(frames: DataFrame, danfo: Pick<typeof danfojs, "DataFrame">): void {
  const group = frames.groupby;
  frames.groupby = function (this: DataFrame, keys: string[]) {
    requireDistinctKeys(this, keys);
    return group.call(this, keys);
  };
  const groups = group.call(new danfo.DataFrame([[0]], { columns: ["a"] }), ["a"]);
  (Object.getPrototypeOf(groups) as Groups).groupMathLog = aggregated;
}

/** @throws FrameError for an unknown column, or keys that danfojs cannot tell apart */
function requireDistinctKeys(frame: DataFrame, keys: readonly string[]): void {
  if (!Array.isArray(keys) || keys.length === 0) {
    throw new FrameError('groupby() needs a list of columns, such as groupby(["species"]).');
  }
  const places = keys.map((key) => placeOf(frame, key));
  const known = new Map<string, readonly Cell[]>();
  for (const row of frame.values as Cell[][]) {
    const cells = places.map((place) => row[place] ?? null);
    // As danfojs joins them: null becomes the empty text.
    const joined = places.map((place) => row[place]).join("-");
    const other = known.get(joined);
    const same = other?.every((cell, i) => Object.is(cell, cells[i])) ?? true;
    if (!same || joined in Object.prototype) {
      const shown = [other ?? [], cells].map((list) => JSON.stringify(list)).join(" and ");
      throw new FrameError(
        `groupby() of danfojs cannot tell these keys from others: ${shown}. Use groupBy() of karenina/frames.`,
      );
    }
    known.set(joined, cells);
  }
}

/** One group's result, as danfojs's method of this name gives it, of what is there. */
function aggregated(cells: readonly Cell[], operation: string): unknown[] {
  const present = cells.filter((cell) => !isMissing(cell));
  const numbers = present.map(Number);
  const none = numbers.length === 0;
  switch (operation) {
    case "count":
      return [present.length];
    case "sum":
      return [sum(numbers)];
    case "mean":
      return [mean(numbers)];
    case "std":
      return [deviation(numbers, 1)];
    case "var":
      return [variance(numbers, 1)];
    case "min":
      return [none ? Number.NaN : numbers.reduce((a, b) => Math.min(a, b))];
    case "max":
      return [none ? Number.NaN : numbers.reduce((a, b) => Math.max(a, b))];
    case "median":
      return [none ? Number.NaN : quantile(numbers, 0.5)];
    case "mode":
      // danfojs's own shape: a list in a cell, since there may be several.
      return [modes(numbers)];
    case "cumsum":
    case "cumprod":
    case "cummax":
    case "cummin":
      return running(cells, operation.slice(3) as "sum" | "prod" | "max" | "min");
    default:
      throw new FrameError(`groupby() knows no "${operation}".`);
  }
}

/** All values that occur most often. */
function modes(numbers: readonly number[]): number[] {
  const counts = new Map<number, number>();
  for (const number of numbers) {
    counts.set(number, (counts.get(number) ?? 0) + 1);
  }
  const most = Math.max(...counts.values());
  return [...counts].filter(([, count]) => count === most).map(([number]) => number);
}
