import type { Data } from "plotly.js";
import { formatNumber, numberFormat, roundingOf } from "./numberFormat";

/** Points in the order of drawing. A y that is NaN is a gap; every x is a number. */
export interface Series {
  x: ArrayLike<number>;
  y: ArrayLike<number>;
}

/** The points of a series that are drawn, rounded to what a screen can show; null is a gap. */
export interface DrawnPoints {
  x: number[];
  y: (number | null)[];
}

/**
 * At most `maxPoints` points that look the same when drawn as a line: of each stretch the lowest and
 * the highest are kept, so no spike is lost, and a gap where it has one. The first and the last point
 * stay.
 */
export function thin(series: Series, maxPoints: number): DrawnPoints {
  const { y } = series;
  const count = y.length;
  if (count <= maxPoints) {
    return drawn(
      series,
      Array.from(y, (_, i) => i),
    );
  }
  const hasGaps = firstGap(y, 0, count) !== undefined;
  const kept: number[] = [0];
  const stretches = Math.max(1, Math.floor((maxPoints - 2) / (hasGaps ? 3 : 2)));
  const inner = count - 2;
  for (let s = 0; s < stretches; s++) {
    const from = 1 + Math.floor((s * inner) / stretches);
    const to = 1 + Math.floor(((s + 1) * inner) / stretches);
    kept.push(...keptOf(y, from, to, hasGaps));
  }
  kept.push(count - 1);
  // Of gaps that touch, one is enough.
  const isNeeded = (i: number, k: number) =>
    k === 0 || k === kept.length - 1 || !Number.isNaN(y[i]) || !Number.isNaN(y[kept[k - 1]]);
  return drawn(series, kept.filter(isNeeded));
}

/** The lowest, the highest and a gap of a stretch, in their order: the gap between the two where it can be. */
function keptOf(y: ArrayLike<number>, from: number, to: number, hasGaps: boolean): number[] {
  let low: number | undefined;
  let high: number | undefined;
  for (let i = from; i < to; i++) {
    if (Number.isNaN(y[i])) {
      continue;
    }
    if (low === undefined || y[i] < y[low]) {
      low = i;
    }
    if (high === undefined || y[i] > y[high]) {
      high = i;
    }
  }
  if (low === undefined || high === undefined) {
    return from < to ? [from] : [];
  }
  const [first, second] = [Math.min(low, high), Math.max(low, high)];
  const gap = hasGaps ? (firstGap(y, first, second) ?? firstGap(y, from, to)) : undefined;
  const found = new Set(gap === undefined ? [first, second] : [first, second, gap]);
  return [...found].sort((a, b) => a - b);
}

/**
 * At most `maxPoints` points at even distances, enough for a line that is smooth already, and a gap
 * wherever one lies between two of them.
 */
export function sampleEvenly(series: Series, maxPoints: number): DrawnPoints {
  const { y } = series;
  const count = Math.min(y.length, Math.max(2, maxPoints));
  const indices: number[] = [];
  for (let k = 0; k < count; k++) {
    const next = count === 1 ? 0 : Math.round((k * (y.length - 1)) / (count - 1));
    const before = indices[indices.length - 1];
    const isJoined = before !== undefined && !Number.isNaN(y[before]) && !Number.isNaN(y[next]);
    const gap = isJoined ? firstGap(y, before, next) : undefined;
    if (gap !== undefined) {
      indices.push(gap);
    }
    indices.push(next);
  }
  return drawn(series, indices);
}

/** The points at some indices, rounded. Places along x that differ go on to differ. */
function drawn({ x, y }: Series, indices: readonly number[]): DrawnPoints {
  const [xs, ys] = [indices.map((i) => x[i]), indices.map((i) => y[i])];
  const roundX = roundingOf(xs, { distinct: true });
  const roundY = roundingOf(ys);
  return {
    x: xs.map(roundX),
    y: ys.map((value) => (Number.isNaN(value) ? null : roundY(value))),
  };
}

function firstGap(y: ArrayLike<number>, from: number, to: number): number | undefined {
  for (let i = from; i < to; i++) {
    if (Number.isNaN(y[i])) {
      return i;
    }
  }
  return undefined;
}

/** The values without the gaps. */
export function knownOf(values: readonly (number | null)[]): number[] {
  return values.filter((value): value is number => value !== null);
}

/** The points with a gap on either side, through which no line runs. */
function lonePoints({ x, y }: DrawnPoints): { x: number[]; y: number[] } {
  const lone: { x: number[]; y: number[] } = { x: [], y: [] };
  y.forEach((value, i) => {
    if (value === null || (y[i - 1] ?? null) !== null || (y[i + 1] ?? null) !== null) {
      return;
    }
    lone.x.push(x[i]);
    lone.y.push(value);
  });
  return lone;
}

/** A trace for those points of a curve, so that they are seen; none where there are none. */
export function loneTraces(curve: DrawnPoints, style: { color: string; yaxis?: string }): Data[] {
  const lone = lonePoints(curve);
  // One point alone is a curve of dots already.
  if (lone.x.length === 0 || curve.x.length === 1) {
    return [];
  }
  const { color, yaxis } = style;
  return [
    {
      ...lone,
      type: "scatter",
      mode: "markers",
      showlegend: false,
      hoverinfo: "skip",
      marker: { color, size: 4 },
      ...(yaxis === undefined ? {} : { yaxis }),
    },
  ];
}

/** An axis title that says, where points were left out, how many are drawn. */
export function withDrawn(title: string, drawn: number, count: number): string {
  if (drawn === count) {
    return title;
  }
  return `${title} (${formatNumber(drawn)} of ${formatNumber(count)} points drawn)`;
}

/**
 * Exponential moving average, corrected for its start as in Adam (Kingma and Ba 2015, section 3): the
 * value at i is the mean of all values up to i with weights that fall by a factor of
 * 1 - 2 / (span + 1) a step. A gap stays a gap, and counts for nothing in what comes after it.
 *
 * @param span how many values count for most; 1 leaves the values alone
 */
export function movingAverage(values: ArrayLike<number>, span: number): number[] {
  const keep = 1 - 2 / (span + 1);
  let weighted = 0;
  let weights = 0;
  return Array.from(values, (value) => {
    if (Number.isNaN(value)) {
      return value;
    }
    weighted = keep * weighted + value;
    weights = keep * weights + 1;
    return weighted / weights;
  });
}

/**
 * The moving average of a series, each mean at the mean of the places that it is made of: it lies on what
 * falls or rises evenly, and does not lag behind it. A gap stands where the mean before it does.
 */
export function smoothed({ x, y }: Series, span: number): Series {
  const places = movingAverage(
    Array.from(x, (place, i) => (Number.isNaN(y[i]) ? Number.NaN : place)),
    span,
  );
  let before = x[0];
  return {
    x: places.map((place) => (before = Number.isNaN(place) ? before : place)),
    y: movingAverage(y, span),
  };
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
 * The facts of a series with at least one point that is no gap. The trend is that of a straight line
 * through the second half; where it changes by less than 1 % of the whole range, the series is level.
 *
 * @param scale of the axis that the values are drawn on: the trend is what the drawing shows. Default "linear"
 */
export function seriesFacts(
  { x, y }: Series,
  { scale = "linear" }: { scale?: "linear" | "log" } = {},
): SeriesFacts {
  let first: number | undefined;
  let last = 0;
  let low: number | undefined;
  let high: number | undefined;
  for (let i = 0; i < y.length; i++) {
    if (Number.isNaN(y[i])) {
      continue;
    }
    first ??= i;
    last = i;
    if (low === undefined || y[i] < y[low]) {
      low = i;
    }
    if (high === undefined || y[i] > y[high]) {
      high = i;
    }
  }
  const [lowest, highest] = [y[low!], y[high!]];
  const hasGaps = firstGap(y, 0, y.length) !== undefined;
  const known = hasGaps ? Array.from(y).filter((value) => !Number.isNaN(value)) : y;
  const asDrawn = (value: number) => (scale === "log" ? Math.log10(value) : value);
  const change = changeOverSecondHalf(scale === "log" ? Array.from(known, asDrawn) : known);
  // A line that should be level may tilt by a rounding error.
  const range = asDrawn(highest) - asDrawn(lowest);
  const slack = 0.01 * range + 1e-9 * Math.abs(asDrawn(highest));
  return {
    first: y[first!],
    last: y[last],
    min: lowest,
    minAt: x[low!],
    max: highest,
    maxAt: x[high!],
    trend: Math.abs(change) <= slack ? "level" : change < 0 ? "falling" : "rising",
  };
}

/** By how much a least-squares line through the second half of the values rises over that half. */
function changeOverSecondHalf(y: ArrayLike<number>): number {
  const from = Math.min(Math.floor(y.length / 2), Math.max(0, y.length - 2));
  const count = y.length - from;
  if (count < 2) {
    return 0;
  }
  const middle = (count - 1) / 2;
  let products = 0;
  let squares = 0;
  for (let k = 0; k < count; k++) {
    products += (k - middle) * y[from + k];
    squares += (k - middle) ** 2;
  }
  return (products / squares) * (count - 1);
}

/** The facts of a series as a sentence, such as "loss starts at 4.94, ends at 1.87 (falling), ...". */
export function describeSeries(
  name: string,
  series: Series,
  xName: string,
  options: { scale?: "linear" | "log" } = {},
): string {
  const facts = seriesFacts(series, options);
  const [place, value] = [numberFormat(series.x), numberFormat(series.y)];
  if (series.y.length === 1) {
    return `${name} is ${value(facts.last)} at ${xName} ${place(facts.minAt)}`;
  }
  return (
    `${name} starts at ${value(facts.first)} and ends at ${value(facts.last)} ` +
    `(${facts.trend}), lowest ${value(facts.min)} at ${xName} ${place(facts.minAt)}, ` +
    `highest ${value(facts.max)} at ${xName} ${place(facts.maxAt)}${describeGaps(series, xName)}`
  );
}

/** Where values are missing, as the end of a sentence; empty where none are. */
function describeGaps({ x, y }: Series, xName: string): string {
  const starts: number[] = [];
  let missing = 0;
  for (let i = 0; i < y.length; i++) {
    if (!Number.isNaN(y[i])) {
      continue;
    }
    missing += 1;
    if (i === 0 || !Number.isNaN(y[i - 1])) {
      starts.push(i);
    }
  }
  if (missing === 0) {
    return "";
  }
  const place = numberFormat(x);
  const places = starts.slice(0, 3).map((i) => place(x[i]));
  const more = starts.length > places.length ? " and later" : "";
  const gaps = starts.length === 1 ? "a gap" : `${formatNumber(starts.length)} gaps`;
  const values = missing === 1 ? "1 value is" : `${formatNumber(missing)} values are`;
  return `, with ${gaps} at ${xName} ${places.join(", ")}${more}, where ${values} missing`;
}
