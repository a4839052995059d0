import type { LayoutAxis, Shape } from "plotly.js";
import { FigureError, inkColor, plainText } from "./figure";
import { formatNumber, numberFormat } from "./numberFormat";
import type { DrawnPoints } from "./series";

/** Values worth comparing with, by name, such as `{ "bigram floor": 2.51 }`. */
export type References = Readonly<Record<string, number>>;

/**
 * A dotted line across the first panel for each value, with its name and number at the right end, where
 * no curve runs through them: else at the left one, on the line's other side, or beyond the panel's edge,
 * for which `roomForLabels` makes room.
 *
 * @param highest of the values drawn: what lies above has its label below the line, inside the panel
 * @param scale of the axis that the values stand on
 * @param curves what is drawn, null for a gap; without them, all labels stand at the right
 * @param xScale of the other axis
 * @throws FigureError for a value that is not a finite number, or not above zero on a logarithmic axis
 */
export function referenceLines(
  references: References,
  highest: number,
  scale: "linear" | "log",
  curves: readonly Curve[] = [],
  xScale: "linear" | "log" = "linear",
): Partial<Shape>[] {
  const entries = Object.entries(references);
  for (const [name, value] of entries) {
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
  }
  const asDrawn = (value: number) => (scale === "log" ? Math.log10(value) : value);
  const placed = curves.map(({ x, y }) => ({
    x: xScale === "log" ? Array.from(x, Math.log10) : x,
    y: y.map((each) => (each === null ? null : asDrawn(each))),
  }));
  const { above, heightOf } = panelUnits(
    placed,
    entries.map(([, value]) => asDrawn(value)),
  );
  return entries.map(([name, value]) => {
    const text = `${plainText(name)} = ${formatNumber(value)}`;
    const isBelow = value > highest - 0.05 * Math.abs(highest);
    // In shares of the panel: a character is 6 of 640 pixels wide, a label 15 of 240 high.
    const width = Math.min(0.5, text.length / 100);
    const drawn = above(asDrawn(value));
    const isFree = ({ left, below }: Place) => {
      const [from, to] = left ? [0, width] : [1 - width, 1];
      const [low, high] = below ? [-0.07, -0.01] : [0.01, 0.07];
      return !drawn.some((points) => crosses(points, { left: from, right: to, low, high }));
    };
    const usual = [false, true].map((left) => ({ left, below: isBelow }));
    // On the other side only where there is room for it between the line and the panel's edge.
    const height = heightOf(asDrawn(value));
    const hasRoom = isBelow ? height < 0.9 : height > 0.1;
    const others = hasRoom ? usual.map(({ left }) => ({ left, below: !isBelow })) : [];
    const place = [...usual, ...others].find(isFree);
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
        textposition: place?.left ? "start" : "end",
        xanchor: !place || place.left ? "left" : "right",
        yanchor: !place ? "middle" : place.below ? "top" : "bottom",
        font: { size: 12, color: inkColor },
      },
    };
  });
}

/** Where a label stands at its line. */
interface Place {
  left: boolean;
  below: boolean;
}

/** The margin at the right, in pixels, that labels beyond the panel's edge need; none where none are there. */
export function roomForLabels(shapes: readonly Partial<Shape>[]): { r?: number } {
  const beyond = shapes.flatMap(({ label }) =>
    label?.textposition === "end" && label.xanchor === "left" ? [label.text!.length] : [],
  );
  return beyond.length === 0 ? {} : { r: 12 + 6.5 * Math.max(...beyond) };
}

/**
 * Room on a linear axis for references beyond all that is drawn: Plotly would put such a line on the
 * panel's edge, and its label over the axis.
 *
 * @param values what is drawn; gaps (NaN) are passed over
 */
export function roomForReferences(
  references: References,
  values: readonly ArrayLike<number>[],
): Pick<Partial<LayoutAxis>, "autorangeoptions"> {
  const drawn = values.flatMap((list) => Array.from(list)).filter((value) => !Number.isNaN(value));
  const low = drawn.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const high = drawn.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const include = Object.values(references).flatMap((value) => {
    const beyond = value < low ? value - high : value > high ? value - low : 0;
    return beyond === 0 ? [] : [value + 0.08 * beyond];
  });
  // Plotly takes a list, too; its types know of one value only.
  return include.length === 0 ? {} : { autorangeoptions: { include: include as never } };
}

type Curve = Omit<DrawnPoints, "x"> & { readonly x: ArrayLike<number> };

type Point = readonly [x: number, y: number];

/** The panel in shares: points as seen from a line, x from its left end and y above it; a line's height. */
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
  return {
    above: (value: number): (Point | null)[][] =>
      curves.map(({ x, y }) =>
        y.map((each, i) =>
          each === null ? null : [(x[i] - across.low) / across.span, (each - value) / up.span],
        ),
      ),
    heightOf: (value: number) => (value - up.low) / up.span,
  };
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
