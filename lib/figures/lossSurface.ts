import type { Data, Frame, Layout } from "plotly.js";
import { requireNames } from "../optionNames";
import {
  axis,
  colorBar,
  dashes,
  type Figure,
  FigureError,
  inkColor,
  palette,
  plainText,
  styledFigure,
} from "./figure";
import {
  type GridValues,
  gridRows,
  type OptimizerPath,
  type Range,
  requireRange,
  type Walk,
  walk,
} from "./grid";
import { hoverFormat, numberFormat, roundingOf, zHoverFormat } from "./numberFormat";
import { requireCount } from "./numbers";

/** A function of the plane that knows where it is worth drawing, such as one of `surfaces`. */
export interface SurfaceToDraw {
  value(at: readonly number[]): number;
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** Marked by stars. */
  readonly minima?: readonly ArrayLike<number>[];
}

export interface LossSurfaceOptions {
  /** Default "Loss surface". */
  title?: string;
  /** Needed for a function; default: that of the surface. */
  xRange?: Range;
  /** Needed for a function; default: that of the surface. */
  yRange?: Range;
  /** Default "w₁". */
  xTitle?: string;
  /** Default "w₂". */
  yTitle?: string;
  /** Where the optimizers went, by name: points, or what `descend` returns. Default none. */
  paths?: Readonly<Record<string, OptimizerPath | { readonly points: OptimizerPath }>>;
  /** Known minima, marked by stars. Default: those of the surface. */
  minima?: readonly ArrayLike<number>[];
  /** "log" for a valley much deeper than its walls, such as Rosenbrock's. Default "linear". */
  scale?: "linear" | "log";
  /** How many places along each axis the loss is computed at. Default 50. */
  resolution?: number;
  /** True draws a step in x as long as one in y, so that right angles look right. Default false. */
  equalScales?: boolean;
  /** How many contours. Default 10. */
  levels?: number;
  /** How many positions the slider has at most. Default 24. */
  positions?: number;
}

const marks = ["circle", "square", "diamond", "triangle-up", "x", "star"] as const;

/**
 * A loss of two parameters from above, as contours, with the paths that optimizers took over it. The
 * slider (and the button) moves a mark along each path, step by step; a picture shows where they ended.
 *
 * @param loss the loss at a place, one of `surfaces`, or values over a `grid`
 * @throws FigureError for a loss that is not finite somewhere, ranges that are none, or a path of points
 *   that are no pairs
 *
 * @example
 * const bowl = (x: number, y: number) => x * x + 10 * y * y;
 * show(lossSurfaceFigure(bowl, { xRange: [-2, 2], yRange: [-1, 1], paths: { SGD: path } }));
 */
export function lossSurfaceFigure(
  loss: ((x: number, y: number) => number) | SurfaceToDraw | GridValues,
  options: LossSurfaceOptions = {},
): Figure {
  requireNames<LossSurfaceOptions>(
    "lossSurfaceFigure",
    options,
    {
      title: true,
      xRange: true,
      yRange: true,
      xTitle: true,
      yTitle: true,
      paths: true,
      minima: true,
      scale: true,
      resolution: true,
      equalScales: true,
      levels: true,
      positions: true,
    },
    { Thrown: FigureError },
  );
  const { xTitle = "w₁", yTitle = "w₂", scale = "linear", paths = {} } = options;
  const { title = "Loss surface", resolution = 50, levels = 10, positions = 24 } = options;
  const { equalScales = false } = options;
  const { source, xRange, yRange, minima } = whatToDraw(loss, options);
  requireCount("levels", levels, 2);
  requireCount("positions", positions, 2);
  const surface = gridRows(source, { xRange, yRange, resolution }, "loss");
  const walks = Object.entries(paths).map(([name, path]) =>
    walk(name, "points" in path ? path.points : path, { source, xRange, yRange }),
  );

  const data: Data[] = [contours(surface, { scale, levels })];
  walks.forEach(({ name, line }, index) => {
    data.push({
      ...line,
      type: "scatter",
      mode: "lines",
      name: plainText(name),
      legendgroup: String(index),
      line: {
        color: palette[index % palette.length],
        width: 2.5,
        // Where there are more ways than colours.
        dash: dashes[Math.floor(index / palette.length) % dashes.length],
      },
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
  if (minima.length > 0) {
    data.push(stars(minima));
  }
  const [sayX, sayY] = [numberFormat(xRange), numberFormat(yRange)];
  const say = numberFormat([surface.min.value, surface.max.value]);

  const longest = walks.reduce((most, { steps }) => Math.max(most, steps), 0);
  const figure = styledFigure({
    title,
    data,
    layout: {
      height: equalScales ? heightOf(xRange, yRange) : 460,
      hovermode: "closest",
      showlegend: walks.length > 0,
      xaxis: axis(xTitle, {
        range: [...xRange],
        showgrid: false,
        ...(equalScales ? { constrain: "domain" } : {}),
        ...hoverFormat(xRange),
      }),
      yaxis: axis(yTitle, {
        range: [...yRange],
        showgrid: false,
        // The ranges stay as they are, so that the contours fill them: the frame gives way.
        ...(equalScales ? { scaleanchor: "x", constrain: "domain" } : {}),
        ...hoverFormat(yRange),
      }),
    },
    summary: [
      `${title}: the loss runs from ${say(surface.min.value)} at (${sayX(surface.min.x)}, ` +
        `${sayY(surface.min.y)}) to ${say(surface.max.value)} at ` +
        `(${sayX(surface.max.x)}, ${sayY(surface.max.y)}).`,
      ...walks.map(({ sentence }) => ` ${sentence}`),
    ].join(""),
  });
  if (longest > 0) {
    const indices = heads.map((_, i) => firstHead + i);
    addSlider(figure, { walks, indices, longest, positions });
  }
  return figure;
}

/** As much height as a picture of usual width needs for equal scales, within bounds. */
function heightOf(xRange: Range, yRange: Range): number {
  const [width, height] = [xRange[1] - xRange[0], yRange[1] - yRange[0]];
  return Math.round(Math.min(460, Math.max(280, 150 + (560 * height) / width)));
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
  const roundShown = roundingOf([low, high]);
  const size = (high - low) / levels || 1;
  const ticks = Array.from({ length: 5 }, (_, i) => low + ((high - low) * i) / 4);
  const ends = [min.value, max.value];
  const [say, round] = [numberFormat(ends), roundingOf(ends, { rangeDigits: 3, digits: 3 })];
  const value = (tick: number) => (scale === "log" ? 10 ** tick - least + min.value : tick);
  return {
    type: "contour",
    x,
    y,
    z: scale === "log" ? rows.map((row) => row.map((v) => roundShown(shown(v)))) : rows,
    // On a logarithmic scale z is not the loss itself, whose values stand at the colour bar.
    hoverinfo: scale === "log" ? "x+y" : "x+y+z",
    ...zHoverFormat([min.value, max.value]),
    autocontour: false,
    contours: { start: low + size / 2, end: high, size, coloring: "heatmap" },
    // Rounded lines would take three times the room.
    line: { color: "rgba(128, 128, 128, 0.6)", width: 0.75, smoothing: 0 },
    colorscale: [
      [0, "rgba(128, 128, 128, 0)"],
      [1, "rgba(128, 128, 128, 0.65)"],
    ],
    colorbar: colorBar("loss", {
      tickvals: ticks,
      ticktext: ticks.map((tick) => say(round(value(tick)))),
    }),
  } as Data;
}

function stars(minima: readonly ArrayLike<number>[]): Data {
  const [xs, ys] = [minima.map((at) => at[0]), minima.map((at) => at[1])];
  return {
    type: "scatter",
    mode: "markers",
    name: minima.length === 1 ? "minimum" : "minima",
    x: xs.map(roundingOf(xs)),
    y: ys.map(roundingOf(ys)),
    marker: { symbol: "star-open", size: 13, color: inkColor, line: { width: 2 } },
  };
}

/** The loss as a function or a grid, and the part of the plane to draw it over. */
function whatToDraw(
  loss: ((x: number, y: number) => number) | SurfaceToDraw | GridValues,
  options: LossSurfaceOptions,
): {
  source: ((x: number, y: number) => number) | GridValues;
  xRange: Range;
  yRange: Range;
  minima: readonly ArrayLike<number>[];
} {
  const own = typeof loss === "function" ? { x: [], y: [] } : loss;
  const ends = (places: ArrayLike<number>): Range => [
    places[0] ?? Number.NaN,
    places[places.length - 1] ?? Number.NaN,
  ];
  const { xRange = ends(own.x), yRange = ends(own.y) } = options;
  const { minima = "minima" in own ? (own.minima ?? []) : [] } = options;
  requireRange("xRange", xRange);
  requireRange("yRange", yRange);
  const source =
    typeof loss === "object" && "value" in loss
      ? (x: number, y: number) => loss.value([x, y])
      : loss;
  return { source, xRange, yRange, minima };
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
    margin: { ...figure.layout.margin, b: 128 },
    sliders: [
      {
        active: count - 1,
        pad: { t: 44 },
        bgcolor: "rgba(128, 128, 128, 0.4)",
        activebgcolor: palette[0],
        bordercolor: inkColor,
        tickcolor: inkColor,
        // The buttons stand in the same row, above the slider: beside it, a narrow page has no room.
        currentvalue: { prefix: "step ", xanchor: "left", offset: 22 },
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
        pad: { t: 42 },
        bgcolor: "rgba(128, 128, 128, 0.2)",
        bordercolor: inkColor,
        buttons: [
          { label: "play", method: "animate", args: [null, { ...moving, fromcurrent: false }] },
          { label: "stop", method: "animate", args: [[null], still] },
        ],
      },
    ],
  } as Partial<Layout>);
}
