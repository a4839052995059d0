import type { Shape } from "plotly.js";
import { FigureError, inkColor, plainText } from "./figure";
import { formatNumber, numberFormat } from "./numberFormat";
import type { DrawnPoints } from "./series";

/** Values worth comparing with, by name, such as `{ "bigram floor": 2.51 }`. */
export type References = Readonly<Record<string, number>>;

/**
 * A dotted line across the first panel for each value, with its name and number at the right end; at the
 * left one where only the label at the right would lie on a curve.
 *
 * @param highest of the values drawn: what lies above has its label below the line, inside the panel
 * @param scale of the axis that the values stand on
 * @param curves what is drawn on linear axes, null for a gap; without them, all labels stand at the right
 * @throws FigureError for a value that is not a finite number, or not above zero on a logarithmic axis
 */
export function referenceLines(
  references: References,
  highest: number,
  scale: "linear" | "log",
  curves: readonly Curve[] = [],
): Partial<Shape>[] {
  const inPanel = panelUnits(curves, Object.values(references));
  return Object.entries(references).map(([name, value]) => {
    if (!Number.isFinite(value)) {
      throw new FigureError(
        `The reference line "${name}" stands at ${value}, but must be a finite number.`,
      );
    }
    if (scale === "log" && value <= 0) {
      throw new FigureError(
        `The reference line "${name}" stands at ${value}, which has no place on a logarithmic axis. ` +
          "Leave it out, or draw it on a linear axis.",
      );
    }
    const text = `${plainText(name)} = ${formatNumber(value)}`;
    const isBelow = value > highest - 0.05 * Math.abs(highest);
    // In shares of the panel: a character is 6 of 640 pixels wide, a label 15 of 240 high.
    const width = Math.min(0.5, text.length / 100);
    const [low, high] = isBelow ? [-0.07, -0.01] : [0.01, 0.07];
    const drawn = inPanel(value);
    const isCrossed = (left: number, right: number) =>
      drawn.some((points) => crosses(points, { left, right, low, high }));
    const isLeft = isCrossed(1 - width, 1) && !isCrossed(0, width);
    return {
      type: "line",
      xref: "paper",
      x0: 0,
      x1: 1,
      yref: "y",
      y0: value,
      y1: value,
      line: { color: inkColor, width: 1.5, dash: "dot" },
      label: {
        text,
        textposition: isLeft ? "start" : "end",
        xanchor: isLeft ? "left" : "right",
        yanchor: isBelow ? "top" : "bottom",
        font: { size: 12, color: inkColor },
      },
    };
  });
}

type Curve = Omit<DrawnPoints, "x"> & { readonly x: ArrayLike<number> };

type Point = readonly [x: number, y: number];

/** The curves' points in shares of the panel, as seen from a line: x from its left end, y above it. */
function panelUnits(curves: readonly Curve[], values: readonly number[]) {
  const extent = (lists: readonly ArrayLike<number | null>[]) => {
    const all = lists
      .flatMap((list) => Array.from(list))
      .filter((value): value is number => value !== null);
    const low = all.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
    const high = all.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    return { low, span: high - low || 1 };
  };
  const across = extent(curves.map(({ x }) => x));
  const up = extent([...curves.map(({ y }) => y), values]);
  return (value: number): (Point | null)[][] =>
    curves.map(({ x, y }) =>
      y.map((each, i) =>
        each === null ? null : [(x[i] - across.low) / across.span, (each - value) / up.span],
      ),
    );
}

/** Whether a line through the points, broken at its gaps, passes a rectangle. */
function crosses(
  points: readonly (Point | null)[],
  { left, right, low, high }: { left: number; right: number; low: number; high: number },
): boolean {
  const inside = (x: number) => Math.min(right, Math.max(left, x));
  return points.some((point, i) => {
    if (point === null) {
      return false;
    }
    const [x0, y0] = point;
    const [x1, y1] = points[i + 1] ?? point;
    if (Math.max(x0, x1) < left || Math.min(x0, x1) > right) {
      return false;
    }
    const at = (x: number) => y0 + ((x - x0) / (x1 - x0)) * (y1 - y0);
    const ends = x0 === x1 ? [y0, y1] : [at(inside(x0)), at(inside(x1))];
    return Math.max(...ends) >= low && Math.min(...ends) <= high;
  });
}

/**
 * How a value stands to each reference, as a sentence; empty without references.
 *
 * @param values those that it is one of
 */
export function describeReferences(
  what: string,
  value: number,
  references: References,
  values: ArrayLike<number> = [],
): string {
  const entries = Object.entries(references);
  if (entries.length === 0) {
    return "";
  }
  const say = numberFormat([...Array.from(values), ...Object.values(references)]);
  return entries
    .map(([name, reference]) => {
      const distance = value - reference;
      const side = distance < 0 ? "below" : "above";
      return (
        ` The ${what} ends ${formatNumber(Math.abs(distance))} ${side} the ${name} ` +
        `(${say(reference)}).`
      );
    })
    .join("");
}
