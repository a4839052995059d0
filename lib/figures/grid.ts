import { FigureError } from "./figure";
import { formatNumber, requireCount, requireNumbers } from "./numbers";
import { numberFormat, roundingOf } from "./rounding";

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
    return `at (${numberFormat(x)(x[i % width]!)}, ${numberFormat(y)(y[Math.floor(i / width)]!)})`;
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
    if (values[i]! < values[low]!) low = i;
    if (values[i]! > values[high]!) high = i;
  }
  const place = (i: number): GridPlace => ({
    x: x[i % width]!,
    y: y[Math.floor(i / width)]!,
    value: values[i]!,
  });
  const round = roundingOf(values, { digits: 3 });
  return {
    x: Array.from(x, roundingOf(x, { distinct: true })),
    y: Array.from(y, roundingOf(y, { distinct: true })),
    rows: Array.from(y, (_, row) =>
      Array.from(x, (_, column) => round(values[row * width + column]!)),
    ),
    min: place(low),
    max: place(high),
  };
}

export interface GridPlace {
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

function places([from, to]: Range, count: number): number[] {
  return Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1));
}
