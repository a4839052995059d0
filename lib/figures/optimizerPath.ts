import { FigureError } from "./figure";
import type { GridValues, Range } from "./grid";
import { formatNumber } from "./numbers";
import { numberFormat, roundingOf } from "./rounding";

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
    if (point?.length === 2) return;
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
  const [xs, ys] = [kept.map((point) => point[0]!), kept.map((point) => point[1]!)];
  const [roundX, roundY] = [roundingOf(xs), roundingOf(ys)];
  const [sayX, sayY] = [numberFormat(xs), numberFormat(ys)];
  const place = (i: number) => ({ x: [roundX(xs[i]!)], y: [roundY(ys[i]!)] });
  const last = kept.length - 1;
  const drawn = indicesOf(kept.length);
  const [x, y] = [xs[last]!, ys[last]!];
  const inside = ([a, b]: ArrayLike<number> & [number, number]) =>
    a >= xRange[0] && a <= xRange[1] && b >= yRange[0] && b <= yRange[1];
  const left = kept.findIndex((point) => !inside(point as unknown as [number, number]));
  const at = typeof source === "function" ? ` with a loss of ${formatNumber(source(x, y))}` : "";
  return {
    name,
    steps: last,
    line: {
      x: drawn.map((i) => roundX(xs[i]!)),
      y: drawn.map((i) => roundY(ys[i]!)),
    },
    at: (share) => place(Math.round(share * last)),
    after: (step) => place(Math.min(step, last)),
    sentence:
      `${name} goes from (${sayX(xs[0]!)}, ${sayY(ys[0]!)}) to ` +
      `(${sayX(x)}, ${sayY(y)}) in ${formatNumber(last)} steps${at}` +
      (left >= 0 ? `; it leaves the picture at step ${left}` : "") +
      (lost >= 0 ? `; at step ${lost} it is no longer finite.` : "."),
  };
}

function indicesOf(length: number): number[] {
  if (length <= longestPath) return Array.from({ length }, (_, i) => i);
  return Array.from({ length: longestPath }, (_, k) =>
    Math.round((k * (length - 1)) / (longestPath - 1)),
  );
}
