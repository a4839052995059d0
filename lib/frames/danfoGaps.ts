import type { DataFrame, Series } from "danfojs-node";
import { type Cell, isMissing } from "./frame";

type SortOptions = { ascending?: boolean; inplace?: boolean };
type Running = "max" | "min" | "sum" | "prod";

/** What danfojs keeps private in its series and frames. */
interface SeriesInternals extends Pick<Series, "copy" | "dtypes" | "values" | "$setValues"> {
  cumOps(operation: Running, options: { inplace?: boolean }): Series | undefined;
}
interface FrameInternals extends Pick<DataFrame, "copy" | "dtypes" | "values" | "$setValues"> {
  cumOps(operation: Running, axis: 0 | 1, inplace?: boolean): unknown;
}

/**
 * Mends danfojs's methods that take a missing value for a value: they sort it among the numbers, count
 * it as one more of the different values, find the smallest one in it, or carry on a running extreme
 * over it. All of them then do as pandas does.
 *
 * @param frames the prototype of all frames
 * @param series the prototype of all series
 */
export function mendGaps(frames: DataFrame, series: Series): void {
  mendOrder(frames, series);
  mendDistinct(frames, series);
  mendRunning(frames as unknown as FrameInternals, series as unknown as SeriesInternals);
}

/** Rows without a value come last, whichever way the others are sorted. */
function mendOrder(frames: DataFrame, series: Series): void {
  const sortFrame = frames.sortValues;
  frames.sortValues = function (this: DataFrame, column: string, options: SortOptions = {}) {
    const cells = this.columns.includes(column) ? (this.column(column).values as Cell[]) : [];
    const [there, gaps] = placesByPresence(cells);
    if (gaps.length === 0 || there.length === 0) {
      return sortFrame.call(this, column, options);
    }
    const sorted = sortFrame.call(this.iloc({ rows: there }), column, {
      ...options,
      inplace: false,
    });
    const order = [...placesOf(this.index, sorted.index), ...gaps];
    const whole = this.iloc({ rows: order });
    if (!options.inplace) {
      return whole;
    }
    const index = order.map((place) => this.index[place]);
    this.$setValues(whole.values);
    this.$setIndex(index);
  } as typeof sortFrame;

  const sortSeries = series.sortValues;
  series.sortValues = function (this: Series, options: SortOptions = {}) {
    const [there, gaps] = placesByPresence(this.values as Cell[]);
    if (gaps.length === 0 || there.length === 0) {
      return sortSeries.call(this, options);
    }
    const sorted = sortSeries.call(this.iloc(there), { ...options, inplace: false }) as Series;
    const order = [...placesOf(this.index, sorted.index), ...gaps];
    const whole = this.iloc(order);
    if (!options.inplace) {
      return whole;
    }
    const index = order.map((place) => this.index[place]);
    this.$setValues(whole.values);
    this.$setIndex(index);
  } as typeof sortSeries;

  const least = { argMin: -1, argMax: 1 } as const;
  for (const name of ["argMin", "argMax"] as const) {
    series[name] = function (this: Series): number {
      const numbers = this.values as number[];
      const [there] = placesByPresence(numbers);
      if (there.length === 0) {
        return Number.NaN;
      }
      return there.reduce((best, place) =>
        (numbers[place] - numbers[best]) * least[name] > 0 ? place : best,
      );
    };
  }
}

/** What is missing is none of the different values. */
function mendDistinct(frames: DataFrame, series: Series): void {
  const count = (cells: readonly unknown[]) =>
    new Set(cells.filter((cell) => !isMissing(cell))).size;
  series.nUnique = function (this: Series): number {
    return count(this.values);
  };
  const frameCount = frames.nUnique;
  frames.nUnique = function (this: DataFrame, axis: 0 | 1 = 1): Series {
    const result = frameCount.call(this, axis);
    const lines = axis === 0 ? this.columns.map((name) => this.column(name).values) : this.values;
    result.$setValues((lines as unknown[][]).map(count) as never);
    return result;
  };
}

/** Running sums, products and extremes skip what is missing, and are missing there themselves. */
function mendRunning(frames: FrameInternals, series: SeriesInternals): void {
  const seriesRun = series.cumOps;
  series.cumOps = function (this: SeriesInternals, operation, options) {
    const gapless = this.dtypes[0] === "string" || !this.values.some(isMissing);
    if (gapless) {
      return seriesRun.call(this, operation, options);
    }
    const values = running(this.values as Cell[], operation);
    if (options.inplace) {
      this.$setValues(values as never);
    }
    if (options.inplace) {
      return undefined;
    }
    const result = this.copy();
    result.$setValues(values as never);
    return result;
  };
  const frameRun = frames.cumOps;
  frames.cumOps = function (this: FrameInternals, operation, axis, inplace) {
    const rows = this.values as Cell[][];
    const gapless = this.dtypes.includes("string") || !rows.some((row) => row.some(isMissing));
    if (gapless) {
      return frameRun.call(this, operation, axis, inplace);
    }
    const lines = axis === 0 ? transposed(rows) : rows;
    const run = lines.map((line) => running(line, operation));
    const values = axis === 0 ? transposed(run) : run;
    const result: Pick<DataFrame, "$setValues"> = inplace ? this : this.copy();
    result.$setValues(values as never);
    return inplace ? undefined : result;
  };
}

/** The running result up to each cell; NaN where the cell is missing. */
export function running(cells: readonly Cell[], operation: Running): number[] {
  let so: number | undefined;
  return cells.map((cell) => {
    if (isMissing(cell)) {
      return Number.NaN;
    }
    const value = Number(cell);
    if (so === undefined) {
      so = value;
    } else if (operation === "sum") {
      so += value;
    } else if (operation === "prod") {
      so *= value;
    } else {
      so = Math[operation](so, value);
    }
    return so;
  });
}

function transposed<T>(rows: readonly (readonly T[])[]): T[][] {
  return rows[0].map((_, place) => rows.map((row) => row[place]!));
}

function placesByPresence(cells: readonly Cell[]): [there: number[], gaps: number[]] {
  const [there, gaps]: [number[], number[]] = [[], []];
  for (const [place, cell] of cells.entries()) {
    (isMissing(cell) ? gaps : there).push(place);
  }
  return [there, gaps];
}

function placesOf(index: readonly unknown[], names: readonly unknown[]): number[] {
  const places = new Map(index.map((name, place) => [name, place]));
  return names.map((name) => places.get(name)!);
}
