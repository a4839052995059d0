import { compact, formatNumber } from "./numbers";

/** Points in the order of drawing. */
export interface Series {
  x: ArrayLike<number>;
  y: ArrayLike<number>;
}

/** The points of a series that are drawn, rounded to what a screen can show. */
export interface DrawnPoints {
  x: number[];
  y: number[];
}

/**
 * At most `maxPoints` points that look the same when drawn as a line: of each stretch the lowest and
 * the highest are kept, so no spike is lost. The first and the last point stay.
 */
export function thin({ x, y }: Series, maxPoints: number): DrawnPoints {
  const count = y.length;
  if (count <= maxPoints) return { x: Array.from(x, compact), y: Array.from(y, compact) };
  const kept: DrawnPoints = { x: [], y: [] };
  const keep = (i: number) => {
    kept.x.push(compact(x[i]!));
    kept.y.push(compact(y[i]!));
  };
  keep(0);
  const stretches = Math.max(1, Math.floor((maxPoints - 2) / 2));
  const inner = count - 2;
  for (let s = 0; s < stretches; s++) {
    const from = 1 + Math.floor((s * inner) / stretches);
    const to = 1 + Math.floor(((s + 1) * inner) / stretches);
    if (from === to) continue;
    let low = from;
    let high = from;
    for (let i = from; i < to; i++) {
      if (y[i]! < y[low]!) low = i;
      if (y[i]! > y[high]!) high = i;
    }
    keep(Math.min(low, high));
    if (low !== high) keep(Math.max(low, high));
  }
  keep(count - 1);
  return kept;
}

/** At most `maxPoints` points at even distances; enough for a line that is smooth already. */
export function sampleEvenly({ x, y }: Series, maxPoints: number): DrawnPoints {
  const count = Math.min(y.length, Math.max(2, maxPoints));
  const indices = Array.from({ length: count }, (_, k) =>
    count === 1 ? 0 : Math.round((k * (y.length - 1)) / (count - 1)),
  );
  return { x: indices.map((i) => compact(x[i]!)), y: indices.map((i) => compact(y[i]!)) };
}

/** An axis title that says, where points were left out, how many are drawn. */
export function withDrawn(title: string, drawn: number, count: number): string {
  if (drawn === count) return title;
  return `${title} (${formatNumber(drawn)} of ${formatNumber(count)} points drawn)`;
}

/**
 * Exponential moving average, corrected for its start as in Adam (Kingma and Ba 2015, section 3): the
 * value at i is the mean of all values up to i with weights that fall by a factor of
 * 1 - 2 / (span + 1) a step.
 *
 * @param span how many values count for most; 1 leaves the values alone
 */
export function movingAverage(values: ArrayLike<number>, span: number): number[] {
  const keep = 1 - 2 / (span + 1);
  let weighted = 0;
  let weights = 0;
  return Array.from(values, (value) => {
    weighted = keep * weighted + value;
    weights = keep * weights + 1;
    return weighted / weights;
  });
}

/** Where a series begins, ends, is lowest and highest, and where it was going at its end. */
export interface SeriesFacts {
  first: number;
  last: number;
  min: number;
  minAt: number;
  max: number;
  maxAt: number;
  trend: "falling" | "rising" | "level";
}

/**
 * The facts of a series with at least one point. The trend is that of a straight line through
 * the second half; where it changes by less than 1 % of the whole range, the series is level.
 */
export function seriesFacts({ x, y }: Series): SeriesFacts {
  let low = 0;
  let high = 0;
  for (let i = 1; i < y.length; i++) {
    if (y[i]! < y[low]!) low = i;
    if (y[i]! > y[high]!) high = i;
  }
  const change = changeOverSecondHalf(y);
  // A line that should be level may tilt by a rounding error.
  const slack = 0.01 * (y[high]! - y[low]!) + 1e-9 * Math.abs(y[high]!);
  return {
    first: y[0]!,
    last: y[y.length - 1]!,
    min: y[low]!,
    minAt: x[low]!,
    max: y[high]!,
    maxAt: x[high]!,
    trend: Math.abs(change) <= slack ? "level" : change < 0 ? "falling" : "rising",
  };
}

/** By how much a least-squares line through the second half of the values rises over that half. */
function changeOverSecondHalf(y: ArrayLike<number>): number {
  const from = Math.min(Math.floor(y.length / 2), Math.max(0, y.length - 2));
  const count = y.length - from;
  if (count < 2) return 0;
  const middle = (count - 1) / 2;
  let products = 0;
  let squares = 0;
  for (let k = 0; k < count; k++) {
    products += (k - middle) * y[from + k]!;
    squares += (k - middle) ** 2;
  }
  return (products / squares) * (count - 1);
}

/** The facts of a series as a sentence, such as "loss starts at 4.94, ends at 1.87 (falling), ...". */
export function describeSeries(name: string, series: Series, xName: string): string {
  const facts = seriesFacts(series);
  if (series.y.length === 1) {
    return `${name} is ${formatNumber(facts.last)} at ${xName} ${formatNumber(series.x[0]!)}`;
  }
  return (
    `${name} starts at ${formatNumber(facts.first)} and ends at ${formatNumber(facts.last)} ` +
    `(${facts.trend}), lowest ${formatNumber(facts.min)} at ${xName} ${formatNumber(facts.minAt)}, ` +
    `highest ${formatNumber(facts.max)} at ${xName} ${formatNumber(facts.maxAt)}`
  );
}
