import type * as danfojs from "danfojs-node";
import type { DataFrame, Series } from "danfojs-node";
import { type Cell, isMissing } from "./frame";
import { deviation, mean, quantile, variance } from "./statistics";

type Statistic = (values: readonly number[]) => number;
type AxisOptions = { axis?: 0 | 1 };

/** Statistics that do not exist of few values, by danfojs's names, and of how many they do. */
const statistics: Readonly<Record<Name, { of: Statistic; least: number }>> = {
  mean: { of: mean, least: 1 },
  median: { of: (values) => quantile(values, 0.5) ?? Number.NaN, least: 1 },
  min: { of: (values) => quantile(values, 0) ?? Number.NaN, least: 1 },
  max: { of: (values) => quantile(values, 1) ?? Number.NaN, least: 1 },
  std: { of: (values) => deviation(values, 1), least: 2 },
  var: { of: (values) => variance(values, 1), least: 2 },
};
type Name = "mean" | "median" | "min" | "max" | "std" | "var";

/** What danfojs keeps private in its frames. */
interface Internals {
  dtypes: readonly string[];
  $getDataByAxisWithMissingValuesRemoved(axis: 0 | 1): Cell[][];
}

/**
 * Mends danfojs's statistics of few values: of a column without any they throw something about reducing
 * or about parameters, or are undefined; the deviation of a single value is 0 for them. All are NaN then,
 * as in pandas. `describe` of a frame is NaN for them where a single value is missing, and
 * `valueCounts` cuts 1.5 down to 1 and counts gaps.
 *
 * @param frames the prototype of all frames
 * @param series the prototype of all series
 */
export function mendStatistics(
  frames: DataFrame,
  series: Series,
  danfo: Pick<typeof danfojs, "DataFrame" | "Series">,
): void {
  for (const name of Object.keys(statistics) as Name[]) {
    mendFew(name, frames, series);
  }
  const mode = series.mode;
  series.mode = function (this: Series) {
    return this.dtypes[0] !== "string" && present(this).length === 0 ? [] : mode.call(this);
  } as typeof mode;
  mendDescribe(frames, danfo);
  series.valueCounts = function (this: Series): Series {
    const counts = new Map<Cell, number>();
    for (const cell of (this.values as Cell[]).filter((each) => !isMissing(each))) {
      counts.set(cell, (counts.get(cell) ?? 0) + 1);
    }
    const index = [...counts.keys()].map((cell) => (typeof cell === "boolean" ? `${cell}` : cell!));
    return new danfo.Series([...counts.values()], { index });
  };
}

function mendFew(name: Name, frames: DataFrame, series: Series): void {
  const { of, least } = statistics[name];
  const ofSeries = series[name];
  series[name] = function (this: Series): number {
    const few = this.dtypes[0] !== "string" && present(this).length < least;
    return few ? of(numbersOf(present(this))) : ofSeries.call(this);
  };
  const ofFrame = frames[name] as (this: unknown, options?: AxisOptions) => Series;
  const carrier = frames.mean as typeof ofFrame;
  frames[name] = function (this: Internals, options: AxisOptions = {}): Series {
    const { axis = 1 } = options;
    // What danfojs refuses, it refuses itself.
    if (this.dtypes.includes("string") || (axis !== 0 && axis !== 1)) {
      return ofFrame.call(this, options);
    }
    const lines = this.$getDataByAxisWithMissingValuesRemoved(axis);
    if (lines.every((line) => line.length >= least)) {
      return ofFrame.call(this, options);
    }
    const result = carrier.call(this, options);
    result.$setValues(lines.map((line) => of(numbersOf(line))) as never);
    return result;
  } as DataFrame["mean"];
}

/** By columns, in danfojs's own form. */
function mendDescribe(frames: DataFrame, danfo: Pick<typeof danfojs, "DataFrame">): void {
  const describe = frames.describe;
  frames.describe = function (this: DataFrame): DataFrame {
    const columns = this.columns.filter((_, place) => this.dtypes[place] !== "string");
    if (columns.length === 0) {
      return describe.call(this);
    }
    const each = columns.map((name) => numbersOf(present(this.column(name))));
    const rows: [string, Statistic][] = [
      ["count", (values) => values.length],
      ...(["mean", "std", "min", "median", "max"] as const).map((name): [string, Statistic] => [
        name,
        statistics[name].of,
      ]),
      ["variance", statistics.var.of],
    ];
    const cells = rows.map(([, of]) => each.map((values) => of(values)));
    return new danfo.DataFrame(cells, { columns, index: rows.map(([name]) => name) });
  };
}

function present(series: Series): Cell[] {
  return (series.values as Cell[]).filter((cell) => !isMissing(cell));
}

/** Truth values count as 1 and 0. */
function numbersOf(cells: readonly Cell[]): number[] {
  return cells.map(Number);
}
