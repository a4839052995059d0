import type { Data } from "plotly.js";
import { requireNames } from "../optionNames";
import { axis, colorBar, type Figure, FigureError, inkColor, styledFigure } from "./figure";
import { type GridValues, gridRows, type Range } from "./grid";
import { formatNumber, hoverFormat, numberFormat, zHoverFormat } from "./numberFormat";
import {
  describePoints,
  type PointSet,
  type Points,
  pointSet,
  pointTraces,
  SCATTER_NAMES,
  type ScatterOptions,
} from "./points";
import { withDrawn } from "./series";

export interface DecisionBoundaryOptions extends ScatterOptions {
  /** Where the decision turns: scores above it are of the second class. Default 0; 0.5 for probabilities. */
  threshold?: number;
  /** What the scores are, for the colour bar. Default "score". */
  scoreTitle?: string;
  /** Default: what the points span and a tenth around it. */
  xRange?: Range;
  /** Default: what the points span and a tenth around it. */
  yRange?: Range;
  /** How many places along each axis a function is asked for. Default 40. */
  resolution?: number;
}

/**
 * What a classifier makes of the plane: the score as colour, blue below the threshold and red above,
 * the decision boundary as a line, and the points over it.
 *
 * @param score the classifier, as a function of a place, or its scores over a whole `grid`
 * @param points shape (N, 2), or `{ x, y }`
 * @throws FigureError for points or scores that cannot be drawn, or labels that do not match
 *
 * @example
 * show(decisionBoundaryFigure((x, y) => x * x + y * y - 1, points, { labels: labels }));
 */
export function decisionBoundaryFigure(
  score: ((x: number, y: number) => number) | GridValues,
  points: Points,
  options: DecisionBoundaryOptions = {},
): Figure {
  requireNames<DecisionBoundaryOptions>(
    "decisionBoundaryFigure",
    options,
    {
      ...SCATTER_NAMES,
      threshold: true,
      scoreTitle: true,
      xRange: true,
      yRange: true,
      resolution: true,
    },
    { Thrown: FigureError },
  );
  const { xTitle = "x₁", yTitle = "x₂", threshold = 0, scoreTitle = "score" } = options;
  const title = options.title ?? "Decision boundary";
  const set = pointSet(points, options);
  const { xRange = widened(set.x), yRange = widened(set.y), resolution = 40 } = options;
  const { x, y, rows, min, max } = gridRows(score, { xRange, yRange, resolution }, scoreTitle);
  const reach = Math.max(max.value - threshold, threshold - min.value) || 1;
  const data: Data[] = [
    {
      type: "contour",
      x,
      y,
      z: rows,
      zmin: threshold - reach,
      zmax: threshold + reach,
      // See-through in the middle, where the network does not know.
      colorscale: [
        [0, "rgba(0, 114, 178, 0.7)"],
        [0.5, "rgba(128, 128, 128, 0.05)"],
        [1, "rgba(213, 94, 0, 0.7)"],
      ],
      autocontour: false,
      contours: { coloring: "heatmap", start: threshold, end: threshold, size: 1 },
      line: { color: inkColor, width: 2.5 },
      colorbar: colorBar(scoreTitle),
      hoverinfo: "x+y+z",
      ...zHoverFormat([min.value, max.value]),
    } as Data,
    ...pointTraces(set),
  ];
  const [sayX, sayY] = [numberFormat(xRange), numberFormat(yRange)];
  const say = numberFormat([min.value, max.value, threshold]);
  return styledFigure({
    title,
    data,
    layout: {
      showlegend: set.classes.length > 1,
      hovermode: "closest",
      xaxis: axis(withDrawn(xTitle, set.drawn, set.count), {
        range: [...xRange],
        showgrid: false,
        ...hoverFormat(xRange),
      }),
      yaxis: axis(yTitle, {
        range: [...yRange],
        showgrid: false,
        ...hoverFormat(yRange),
        ...(options.equalScales ? { scaleanchor: "x" } : {}),
      }),
    },
    summary:
      `${title}: ${describePoints(set)} The ${scoreTitle} runs from ${say(min.value)} at ` +
      `(${sayX(min.x)}, ${sayY(min.y)}) to ${say(max.value)} at ` +
      `(${sayX(max.x)}, ${sayY(max.y)}); the boundary is where it is ` +
      `${say(threshold)}.${separation(score, set, threshold)}`,
  });
}

/** A tenth wider on both sides; a range around the value where all points share it. */
export function widened({ min, max }: { min: number; max: number }): Range {
  const margin = 0.1 * (max - min) || 1;
  return [min - margin, max + margin];
}

/** How many points stand on the side of their class, where that can be told. */
function separation(
  score: ((x: number, y: number) => number) | GridValues,
  set: PointSet,
  threshold: number,
): string {
  const [lower, upper] = set.classes;
  if (typeof score !== "function" || set.classes.length !== 2) {
    return "";
  }
  const count = ({ x, y }: { x: number[]; y: number[] }, above: boolean) =>
    x.filter((_, i) => score(x[i], y[i]) > threshold === above).length;
  const right = count(lower, false) + count(upper, true);
  const which = set.drawn === set.count ? "points" : "points drawn";
  return (
    ` ${formatNumber(right)} of ${formatNumber(set.drawn)} ${which} stand on their side: ` +
    `${lower.name} below, ${upper.name} above.`
  );
}
