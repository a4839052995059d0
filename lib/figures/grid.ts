import { FigureError } from "./figure";
import { formatNumber, numberFormat, roundingOf } from "./numberFormat";
import { requireCount, requireNumbers } from "./numbers";

/** From where to where, the lower end first. */
export type Range = readonly [from: number, to: number];

export interface GridOptions {
  xRange: Range;
  yRange: Range;
  /** Places along each axis. Default 50. */
  resolution?: number;
}

/** A net of places in the plane, row by row: y is the same in a row, x runs. */
export interface Grid {
  x: number[];
  y: number[];
  /** All places, shape (Y * X, 2): what a model takes to score the whole plane at once. */
  points: [number, number][];
}

/** Values over a grid, `values[row * x.length + column]`, shape (Y * X). */
export interface GridValues {
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  readonly values: ArrayLike<number>;
}

/**
 * The places of a grid, to have them all scored by a model in one call.
 *
 * @throws FigureError for a range that is none, or a resolution below 2
 *
 * @example
 * const { x, y, points } = grid({ xRange: [-2, 2], yRange: [-2, 2] });
 * const values = (model.predict(tf.tensor2d(points)) as tf.Tensor).dataSync();
 * show(decisionBoundaryFigure({ x: x, y: y, values: values }, data));
 */
export function grid({ xRange, yRange, resolution = 50 }: GridOptions): Grid {
  requireRange("xRange", xRange);
  requireRange("yRange", yRange);
  requireCount("resolution", resolution, 2);
  const x = places(xRange, resolution);
  const y = places(yRange, resolution);
  return { x, y, points: y.flatMap((b) => x.map((a): [number, number] => [a, b])) };
}

/**
 * Values of a function, or of a grid that was given, in rows as Plotly takes them.
 *
 * @throws FigureError for a value that is not finite, or too few or too many of them
 */
export function gridRows(
  source: ((x: number, y: number) => number) | GridValues,
  options: GridOptions,
  what: string,
): { x: number[]; y: number[]; rows: number[][]; min: GridPlace; max: GridPlace } {
  const { x, y, values } = typeof source === "function" ? evaluate(source, options) : source;
  requireNumbers("x", x);
  requireNumbers("y", y);
  const width = x.length;
  requireNumbers(what, values, (i) => {
    return `at (${numberFormat(x)(x[i % width])}, ${numberFormat(y)(y[Math.floor(i / width)])})`;
  });
  if (values.length !== x.length * y.length) {
    throw new FigureError(
      `There are ${formatNumber(values.length)} values over a grid of ${x.length} by ${y.length} places. ` +
        `Pass ${formatNumber(x.length * y.length)}, row by row, as grid() orders its points.`,
    );
  }
  let low = 0;
  let high = 0;
  for (let i = 1; i < values.length; i++) {
    if (values[i] < values[low]) {
      low = i;
    }
    if (values[i] > values[high]) {
      high = i;
    }
  }
  const place = (i: number): GridPlace => ({
    x: x[i % width],
    y: y[Math.floor(i / width)],
    value: values[i],
  });
  const round = roundingOf(values, { digits: 3 });
  return {
    x: Array.from(x, roundingOf(x, { distinct: true })),
    y: Array.from(y, roundingOf(y, { distinct: true })),
    rows: Array.from(y, (_, row) =>
      Array.from(x, (_, column) => round(values[row * width + column])),
    ),
    min: place(low),
    max: place(high),
  };
}

interface GridPlace {
  x: number;
  y: number;
  value: number;
}

export function requireRange(name: string, range: Range): void {
  if (range.length !== 2 || !range.every(Number.isFinite) || range[0] >= range[1]) {
    throw new FigureError(
      `\`${name}\` is [${range.join(", ")}], but must be two numbers, the lower one first: [-2, 2].`,
    );
  }
}

function evaluate(f: (x: number, y: number) => number, options: GridOptions): GridValues {
  const { x, y, points } = grid(options);
  return { x, y, values: points.map(([a, b]) => f(a, b)) };
}

/** Evenly spaced, both ends included. */
export function places([from, to]: Range, count: number): number[] {
  return Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1));
}

/** Where an optimizer was, step by step: shape (steps + 1, 2), the start first. */
export type OptimizerPath = readonly ArrayLike<number>[];

/** Points of a path that are drawn as a line; its ends always are. */
const longestPath = 200;

/** A path over a surface, as it is drawn and told. */
export interface Walk {
  name: string;
  steps: number;
  /** The whole path as it is drawn. */
  line: { x: number[]; y: number[] };
  /** Where it is after a share of the longest path's steps, or after a number of them. */
  at(share: number): { x: number[]; y: number[] };
  after(step: number): { x: number[]; y: number[] };
  sentence: string;
}

/**
 * Makes a path ready to be drawn.
 *
 * @throws FigureError for no points, points that are no pairs, or a start that is not finite
 */
export function walk(
  name: string,
  path: OptimizerPath,
  parts: {
    source: ((x: number, y: number) => number) | GridValues;
    xRange: Range;
    yRange: Range;
  },
): Walk {
  const { source, xRange, yRange } = parts;
  if (path.length === 0) {
    throw new FigureError(
      `The path of "${name}" has no points. Pass where it began and where each step led.`,
    );
  }
  path.forEach((point, i) => {
    if (point?.length === 2) {
      return;
    }
    throw new FigureError(
      `Point ${i} of the path of "${name}" has ${point?.length ?? "no"} coordinates, but the surface has ` +
        "two parameters: pass pairs [x, y].",
    );
  });
  const isFinitePoint = (point: ArrayLike<number>) =>
    Number.isFinite(point[0]) && Number.isFinite(point[1]);
  const lost = path.findIndex((point) => !isFinitePoint(point));
  const kept = lost < 0 ? path : path.slice(0, lost);
  if (kept.length === 0) {
    throw new FigureError(`The path of "${name}" starts at a place that is not finite.`);
  }
  const [xs, ys] = [kept.map((point) => point[0]), kept.map((point) => point[1])];
  const [roundX, roundY] = [roundingOf(xs), roundingOf(ys)];
  const [sayX, sayY] = [numberFormat(xs), numberFormat(ys)];
  const place = (i: number) => ({ x: [roundX(xs[i])], y: [roundY(ys[i])] });
  const last = kept.length - 1;
  const drawn = indicesOf(kept.length);
  const [x, y] = [xs[last], ys[last]];
  const inside = ([a, b]: ArrayLike<number> & [number, number]) =>
    a >= xRange[0] && a <= xRange[1] && b >= yRange[0] && b <= yRange[1];
  const left = kept.findIndex((point) => !inside(point as unknown as [number, number]));
  const at = typeof source === "function" ? ` with a loss of ${formatNumber(source(x, y))}` : "";
  return {
    name,
    steps: last,
    line: {
      x: drawn.map((i) => roundX(xs[i])),
      y: drawn.map((i) => roundY(ys[i])),
    },
    at: (share) => place(Math.round(share * last)),
    after: (step) => place(Math.min(step, last)),
    sentence:
      `${name} goes from (${sayX(xs[0])}, ${sayY(ys[0])}) to ` +
      `(${sayX(x)}, ${sayY(y)}) in ${formatNumber(last)} steps${at}` +
      (left >= 0 ? `; it leaves the picture at step ${left}` : "") +
      (lost >= 0 ? `; at step ${lost} it is no longer finite.` : "."),
  };
}

function indicesOf(length: number): number[] {
  if (length <= longestPath) {
    return Array.from({ length }, (_, i) => i);
  }
  return Array.from({ length: longestPath }, (_, k) =>
    Math.round((k * (length - 1)) / (longestPath - 1)),
  );
}
