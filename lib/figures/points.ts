import type { Data } from "plotly.js";
import { type OptionNames, requireNames } from "../optionNames";
import { axis, type Figure, FigureError, palette, plainText, styledFigure } from "./figure";
import { formatNumber, hoverFormat, numberFormat, roundingOf } from "./numberFormat";
import { requireNumbers } from "./numbers";
import { withDrawn } from "./series";

/** Points in the plane: shape (N, 2), row by row, or the two coordinates as lists of N. */
export type Points =
  | readonly ArrayLike<number>[]
  | { readonly x: ArrayLike<number>; readonly y: ArrayLike<number> };

interface PointsOptions {
  /** The class of each point, N numbers or names. Default: all are of one kind. */
  labels?: ArrayLike<number | string>;
  /** Names of numbered classes: `["cat", "dog"]`, `{ "-1": "outer", 1: "inner" }`. Default "class <n>". */
  classNames?: Readonly<Record<number, string>>;
  /** More points are thinned to about this many, evenly in each class, with a note. Default 600. */
  maxPoints?: number;
}

/** The points of one class. */
interface PointClass {
  label: number | string | undefined;
  name: string;
  /** How many there are. */
  count: number;
  /** Means of the coordinates of all of them. */
  centre: { x: number; y: number };
  /** Those that are drawn. */
  x: number[];
  y: number[];
}

/** Points by class, and what they span. */
export interface PointSet {
  classes: PointClass[];
  count: number;
  drawn: number;
  x: { min: number; max: number };
  y: { min: number; max: number };
}

/** Marks that go round with the colours, so that classes differ without colour too. */
const symbols = ["circle", "square", "diamond", "triangle-up", "cross", "x", "star"] as const;

/** More classes cannot be distinguished by colour and mark. */
const mostClasses = palette.length * symbols.length;

/**
 * Sorts points into their classes and leaves out what is too many.
 *
 * @throws FigureError for no points, one that is not finite, or labels that do not match
 */
export function pointSet(points: Points, options: PointsOptions): PointSet {
  const { labels, classNames = {}, maxPoints = 600 } = options;
  const { x, y } = coordinates(points);
  if (labels && labels.length !== x.length) {
    throw new FigureError(
      `There are ${formatNumber(x.length)} points but ${formatNumber(labels.length)} labels. Pass one ` +
        "label a point, in the same order.",
    );
  }
  const [roundX, roundY] = [roundingOf(x), roundingOf(y)];
  const members = new Map<number | string | undefined, number[]>();
  for (let i = 0; i < x.length; i++) {
    const list = members.get(labels?.[i]);
    if (list) {
      list.push(i);
    } else {
      members.set(labels?.[i], [i]);
    }
    if (members.size > mostClasses) {
      throw new FigureError(
        `The labels have more than ${mostClasses} different values, the last one ${labels?.[i]}. Labels ` +
          "are classes, such as 0 and 1; of one-hot rows pass the place of the one.",
      );
    }
  }
  const classes = [...members]
    .sort(([a], [b]) => (typeof a === "number" && typeof b === "number" ? a - b : 0))
    .map(([label, indices]): PointClass => {
      const share = Math.max(1, Math.round((indices.length * maxPoints) / x.length));
      const shown = x.length <= maxPoints ? indices : evenly(indices, share);
      const centre = { x: 0, y: 0 };
      for (const i of indices) {
        centre.x += x[i] / indices.length;
        centre.y += y[i] / indices.length;
      }
      return {
        label,
        name: className(label, classNames),
        count: indices.length,
        centre,
        x: shown.map((i) => roundX(x[i])),
        y: shown.map((i) => roundY(y[i])),
      };
    });
  return {
    classes,
    count: x.length,
    drawn: classes.reduce((sum, { x }) => sum + x.length, 0),
    x: extent(x),
    y: extent(y),
  };
}

/** One trace a class. */
export function pointTraces({ classes }: PointSet, size = 8): Data[] {
  return classes.map(({ name, x, y }, index) => ({
    type: "scatter",
    mode: "markers",
    name: plainText(name),
    x,
    y,
    marker: {
      color: palette[index % palette.length],
      symbol: symbols[index % symbols.length],
      size,
      line: { color: "#ffffff", width: 0.75 },
    },
  }));
}

/** How many points of which class lie where, as a sentence. */
export function describePoints({ classes, count, x, y }: PointSet): string {
  const sayX = numberFormat([x.min, x.max]);
  const sayY = numberFormat([y.min, y.max]);
  const spans = `x from ${sayX(x.min)} to ${sayX(x.max)}, y from ${sayY(y.min)} to ${sayY(y.max)}`;
  if (classes.length === 1) {
    return `${formatNumber(count)} points, ${spans}.`;
  }
  const each = classes.map(
    ({ name, count, centre }) =>
      `${name} ${formatNumber(count)} around (${sayX(centre.x)}, ${sayY(centre.y)})`,
  );
  return `${formatNumber(count)} points in ${classes.length} classes, ${spans}: ${each.join("; ")}.`;
}

function coordinates(points: Points): { x: ArrayLike<number>; y: ArrayLike<number> } {
  if (!Array.isArray(points)) {
    const { x, y } = points as { x: ArrayLike<number>; y: ArrayLike<number> };
    requireNumbers("x", x, (i) => `of point ${i}`);
    requireNumbers("y", y, (i) => `of point ${i}`);
    if (x.length === y.length) {
      return { x, y };
    }
    throw new FigureError(
      `There are ${formatNumber(x.length)} values of x but ${formatNumber(y.length)} of y. Pass two for ` +
        "each point.",
    );
  }
  const x = new Float64Array(points.length);
  const y = new Float64Array(points.length);
  points.forEach((point: ArrayLike<number>, i) => {
    if (point?.length !== 2) {
      throw new FigureError(
        `Point ${i} has ${point?.length ?? "no"} coordinates, but a point in the plane has two: [x, y]. ` +
          "Of rows with more features choose two columns.",
      );
    }
    x[i] = point[0];
    y[i] = point[1];
  });
  requireNumbers("x", x, (i) => `of point ${i}`);
  requireNumbers("y", y, (i) => `of point ${i}`);
  return { x, y };
}

function className(
  label: number | string | undefined,
  names: Readonly<Record<number, string>>,
): string {
  if (label === undefined) {
    return "points";
  }
  if (typeof label === "string") {
    return label;
  }
  return names[label] ?? `class ${label}`;
}

function evenly(indices: readonly number[], count: number): number[] {
  return Array.from(
    { length: Math.min(count, indices.length) },
    (_, k) => indices[Math.floor((k * indices.length) / count)],
  );
}

function extent(values: ArrayLike<number>): { min: number; max: number } {
  let min = values[0];
  let max = values[0];
  for (let i = 1; i < values.length; i++) {
    if (values[i] < min) {
      min = values[i];
    }
    if (values[i] > max) {
      max = values[i];
    }
  }
  return { min, max };
}

export interface ScatterOptions extends PointsOptions {
  /** Default "<yTitle> against <xTitle>". */
  title?: string;
  /** Quantity and unit along the x axis. Default "x₁". */
  xTitle?: string;
  /** Quantity and unit along the y axis. Default "x₂". */
  yTitle?: string;
  /** A unit is as long on one axis as on the other. Default false. */
  equalScales?: boolean;
}

export const SCATTER_NAMES: OptionNames<ScatterOptions> = {
  labels: true,
  classNames: true,
  maxPoints: true,
  title: true,
  xTitle: true,
  yTitle: true,
  equalScales: true,
};

/**
 * Points in the plane, one colour and mark a class.
 *
 * @param points shape (N, 2), or `{ x, y }` with N values each
 * @throws FigureError for no points, one that is not finite, or labels that do not match
 *
 * @example
 * show(scatterFigure([[0, 1], [1, 0]], { labels: [0, 1], classNames: ["cat", "dog"] }));
 */
export function scatterFigure(points: Points, options: ScatterOptions = {}): Figure {
  requireNames<ScatterOptions>("scatterFigure", options, SCATTER_NAMES, { Thrown: FigureError });
  const { xTitle = "x₁", yTitle = "x₂", equalScales = false } = options;
  const title = options.title ?? `${yTitle} against ${xTitle}`;
  const set = pointSet(points, options);
  return styledFigure({
    title,
    data: pointTraces(set),
    layout: {
      showlegend: set.classes.length > 1,
      hovermode: "closest",
      xaxis: axis(withDrawn(xTitle, set.drawn, set.count), hoverFormat([set.x.min, set.x.max])),
      yaxis: axis(yTitle, {
        ...(equalScales ? { scaleanchor: "x" } : {}),
        ...hoverFormat([set.y.min, set.y.max]),
      }),
    },
    summary: `${title}: ${describePoints(set)}`,
  });
}
