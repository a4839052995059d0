import type { Data, Frame, Layout } from "plotly.js";
import {
  axis,
  type Figure,
  FigureError,
  inkColor,
  palette,
  plainText,
  styledFigure,
} from "./figure";
import { type GridValues, gridRows, type Range } from "./grid";
import { compact, formatNumber, requireCount } from "./numbers";

/** Where an optimizer was, step by step: shape (steps + 1, 2), the start first. */
export type OptimizerPath = readonly ArrayLike<number>[];

export interface LossSurfaceOptions {
  /** Default "Loss surface". */
  title?: string;
  xRange: Range;
  yRange: Range;
  /** Default "w₁". */
  xTitle?: string;
  /** Default "w₂". */
  yTitle?: string;
  /** Where the optimizers went, by name. Default none. */
  paths?: Readonly<Record<string, OptimizerPath>>;
  /** A known minimum, marked by a star. */
  minimum?: readonly [x: number, y: number];
  /** "log" for a valley much deeper than its walls, such as Rosenbrock's. Default "linear". */
  scale?: "linear" | "log";
  /** How many places along each axis the loss is computed at. Default 50. */
  resolution?: number;
  /** How many contours. Default 12. */
  levels?: number;
  /** How many positions the slider has at most. Default 40. */
  positions?: number;
}

const marks = ["circle", "square", "diamond", "triangle-up", "x", "star"] as const;

/** Points of a path that are drawn as a line; its ends always are. */
const longestPath = 200;

/**
 * A loss of two parameters from above, as contours, with the paths that optimizers took over it. The
 * slider (and the button) moves a mark along each path, step by step; a picture shows where they ended.
 *
 * @param loss the loss at a place, or its values over a `grid`
 * @throws FigureError for a loss that is not finite somewhere, ranges that are none, or a path of points
 *   that are no pairs
 *
 * @example
 * const bowl = (x: number, y: number) => x * x + 10 * y * y;
 * show(lossSurfaceFigure(bowl, { xRange: [-2, 2], yRange: [-1, 1], paths: { SGD: path } }));
 */
export function lossSurfaceFigure(
  loss: ((x: number, y: number) => number) | GridValues,
  options: LossSurfaceOptions,
): Figure {
  const { xRange, yRange, xTitle = "w₁", yTitle = "w₂", scale = "linear", paths = {} } = options;
  const { title = "Loss surface", resolution = 50, levels = 12, positions = 40, minimum } = options;
  requireCount("levels", levels, 2);
  requireCount("positions", positions, 2);
  const surface = gridRows(loss, { xRange, yRange, resolution }, "loss");
  const walks = Object.entries(paths).map(([name, path]) => walk(name, path, loss, options));

  const data: Data[] = [contours(surface, { scale, levels })];
  walks.forEach(({ name, line }, index) => {
    data.push({
      ...line,
      type: "scatter",
      mode: "lines",
      name: plainText(name),
      legendgroup: String(index),
      line: { color: palette[index % palette.length], width: 2.5 },
    });
  });
  const heads = walks.map(
    ({ name, at }, index): Data => ({
      ...at(1),
      type: "scatter",
      mode: "markers",
      name: plainText(name),
      legendgroup: String(index),
      showlegend: false,
      marker: {
        color: palette[index % palette.length],
        symbol: marks[index % marks.length],
        size: 12,
        line: { color: "#ffffff", width: 1.5 },
      },
    }),
  );
  const firstHead = data.length;
  data.push(...heads);
  if (minimum) data.push(star(minimum));

  const longest = walks.reduce((most, { steps }) => Math.max(most, steps), 0);
  const figure = styledFigure({
    title,
    data,
    layout: {
      height: 460,
      hovermode: "closest",
      showlegend: walks.length > 0,
      xaxis: axis(xTitle, { range: [...xRange], showgrid: false }),
      yaxis: axis(yTitle, { range: [...yRange], showgrid: false }),
    },
    summary: [
      `${title}: the loss runs from ${formatNumber(surface.min.value)} at (${formatNumber(surface.min.x)}, ` +
        `${formatNumber(surface.min.y)}) to ${formatNumber(surface.max.value)} at ` +
        `(${formatNumber(surface.max.x)}, ${formatNumber(surface.max.y)}).`,
      ...walks.map(({ sentence }) => ` ${sentence}`),
    ].join(""),
  });
  if (longest > 0) {
    const indices = heads.map((_, i) => firstHead + i);
    addSlider(figure, { walks, indices, longest, positions });
  }
  return figure;
}

interface Walk {
  name: string;
  steps: number;
  /** The whole path as it is drawn. */
  line: { x: number[]; y: number[] };
  /** Where it is after a share of the longest path's steps, or after a number of them. */
  at(share: number): { x: number[]; y: number[] };
  after(step: number): { x: number[]; y: number[] };
  sentence: string;
}

function walk(
  name: string,
  path: OptimizerPath,
  loss: ((x: number, y: number) => number) | GridValues,
  { xRange, yRange }: LossSurfaceOptions,
): Walk {
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
  const place = (i: number) => ({ x: [compact(kept[i]![0]!)], y: [compact(kept[i]![1]!)] });
  const last = kept.length - 1;
  const drawn = indicesOf(kept.length);
  const [x, y] = [kept[last]![0]!, kept[last]![1]!];
  const inside = ([a, b]: ArrayLike<number> & [number, number]) =>
    a >= xRange[0] && a <= xRange[1] && b >= yRange[0] && b <= yRange[1];
  const left = kept.findIndex((point) => !inside(point as unknown as [number, number]));
  const at = typeof loss === "function" ? ` with a loss of ${formatNumber(loss(x, y))}` : "";
  return {
    name,
    steps: last,
    line: {
      x: drawn.map((i) => compact(kept[i]![0]!)),
      y: drawn.map((i) => compact(kept[i]![1]!)),
    },
    at: (share) => place(Math.round(share * last)),
    after: (step) => place(Math.min(step, last)),
    sentence:
      `${name} goes from (${formatNumber(kept[0]![0]!)}, ${formatNumber(kept[0]![1]!)}) to ` +
      `(${formatNumber(x)}, ${formatNumber(y)}) in ${formatNumber(last)} steps${at}` +
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

/** Grey contours, see-through, so that the paths' colours stand out on any page. */
function contours(
  { x, y, rows, min, max }: ReturnType<typeof gridRows>,
  { scale, levels }: { scale: "linear" | "log"; levels: number },
): Data {
  // Above the lowest value by at least a thousandth of the range, or the logarithm has no end.
  const least = (max.value - min.value) * 1e-3 || 1;
  const shown = (value: number) =>
    scale === "log" ? Math.log10(value - min.value + least) : value;
  const [low, high] = [shown(min.value), shown(max.value)];
  const size = (high - low) / levels || 1;
  const ticks = Array.from({ length: 5 }, (_, i) => low + ((high - low) * i) / 4);
  const value = (tick: number) => (scale === "log" ? 10 ** tick - least + min.value : tick);
  return {
    type: "contour",
    x,
    y,
    z: scale === "log" ? rows.map((row) => row.map((v) => Number(shown(v).toPrecision(4)))) : rows,
    // On a logarithmic scale z is not the loss itself, whose values stand at the colour bar.
    hoverinfo: scale === "log" ? "x+y" : "x+y+z",
    autocontour: false,
    contours: { start: low, end: high, size, coloring: "heatmap" },
    // Rounded lines would take three times the room.
    line: { color: "rgba(128, 128, 128, 0.6)", width: 0.75, smoothing: 0 },
    colorscale: [
      [0, "rgba(128, 128, 128, 0)"],
      [1, "rgba(128, 128, 128, 0.65)"],
    ],
    colorbar: {
      title: { text: "loss", side: "right" },
      thickness: 12,
      outlinewidth: 0,
      tickvals: ticks,
      ticktext: ticks.map((tick) => formatNumber(Number(value(tick).toPrecision(3)))),
    },
  } as Data;
}

function star([x, y]: readonly [number, number]): Data {
  return {
    type: "scatter",
    mode: "markers",
    name: "minimum",
    x: [compact(x)],
    y: [compact(y)],
    marker: { symbol: "star-open", size: 13, color: inkColor, line: { width: 2 } },
  };
}

/** A slider over the steps, whose frames hold nothing but where the marks are. */
function addSlider(
  figure: Figure,
  parts: { walks: Walk[]; indices: number[]; longest: number; positions: number },
): void {
  const { walks, indices, longest, positions } = parts;
  const count = Math.min(positions, longest + 1);
  const steps = Array.from({ length: count }, (_, k) => Math.round((k * longest) / (count - 1)));
  figure.frames = steps.map(
    (step) =>
      ({
        name: String(step),
        data: walks.map(({ after }) => after(step)),
        traces: indices,
      }) as unknown as Frame,
  );
  const still = {
    mode: "immediate",
    frame: { duration: 0, redraw: false },
    transition: { duration: 0 },
  };
  const moving = { ...still, fromcurrent: true, frame: { duration: 120, redraw: false } };
  Object.assign(figure.layout, {
    margin: { ...figure.layout.margin, b: 110 },
    sliders: [
      {
        active: count - 1,
        pad: { t: 44 },
        currentvalue: { prefix: "step ", xanchor: "left" },
        steps: steps.map((step) => ({
          label: String(step),
          method: "animate",
          args: [[String(step)], still],
        })),
      },
    ],
    updatemenus: [
      {
        type: "buttons",
        showactive: false,
        direction: "left",
        x: 1,
        xanchor: "right",
        y: 0,
        yanchor: "top",
        pad: { t: 52 },
        buttons: [
          { label: "play", method: "animate", args: [null, { ...moving, fromcurrent: false }] },
          { label: "stop", method: "animate", args: [[null], still] },
        ],
      },
    ],
  } as Partial<Layout>);
}
