import type { Annotations, Data } from "plotly.js";
import { requireNames } from "../optionNames";
import {
  axis,
  type Figure,
  FigureError,
  inkColor,
  palette,
  plainText,
  styledFigure,
} from "./figure";
import { gridRows, type OptimizerPath, places, type Range, requireRange, walk } from "./grid";
import { numberFormat, roundingOf } from "./numberFormat";
import { requireCount } from "./numbers";

export interface LossReliefOptions {
  /** Runs from left to right. */
  xRange: Range;
  /** Runs from the front to the back. */
  yRange: Range;
  /** Default "Loss relief". */
  title?: string;
  /** Default "w₁". */
  xTitle?: string;
  /** Default "w₂". */
  yTitle?: string;
  /** Where optimizers went, by name: points [x, y]. Default none. */
  paths?: Readonly<Record<string, OptimizerPath>>;
  /** At how many places of x each slice is computed. Default 81. */
  resolution?: number;
  /** How many slices there are from the front to the back. Default 16. */
  slices?: number;
}

/** How far the back stands to the right of the front and above it, in widths and heights. */
const shift = { right: 0.35, up: 0.6 };

/** From the back to the front. Opaque, so that what stands in front hides what is behind. */
const [farGrey, nearGrey] = [246, 208];

/**
 * A loss of two parameters as a relief, seen from the front and above: slices, each at one y, the nearer
 * ones before the farther. It shows how steep a cliff is, which contours cannot. Paths run from point to
 * point in straight lines, also through the rock; one that leaves the picture ends at its edge, with a
 * cross. (A drawing in the plane: it needs no graphics card, and there are pictures of it in files.)
 *
 * @throws FigureError for a loss that is not finite somewhere, ranges that are none, or a path of points
 *   that are no pairs
 *
 * @example
 * const cliff = (x: number, y: number) => Math.tanh(20 * (x - y)) + x * x;
 * show(lossReliefFigure(cliff, { xRange: [-1, 1], yRange: [-1, 1] }));
 */
export function lossReliefFigure(
  loss: (x: number, y: number) => number,
  options: LossReliefOptions,
): Figure {
  requireNames<LossReliefOptions>(
    "lossReliefFigure",
    options,
    {
      xRange: true,
      yRange: true,
      title: true,
      xTitle: true,
      yTitle: true,
      paths: true,
      resolution: true,
      slices: true,
    },
    { Thrown: FigureError },
  );
  const { xRange, yRange, title = "Loss relief", xTitle = "w₁", yTitle = "w₂" } = options;
  const { paths = {}, resolution = 81, slices = 16 } = options;
  requireRange("xRange", xRange);
  requireRange("yRange", yRange);
  requireCount("resolution", resolution, 2);
  requireCount("slices", slices, 2);
  const [x, y] = [places(xRange, resolution), places(yRange, slices)];
  const values = y.flatMap((b) => x.map((a) => loss(a, b)));
  const { rows, min, max } = gridRows({ x, y, values }, options, "loss");
  const walks = Object.entries(paths).map(([name, path]) => {
    const { sentence } = walk(name, path, { source: loss, xRange, yRange });
    return { name, sentence, ...seen(path, { loss, xRange, yRange }) };
  });
  const zRange: Range = [min.value, max.value > min.value ? max.value : min.value + 1];
  const view = projection({ xRange, yRange, zRange });

  const fine = 0.003 * (zRange[1] - zRange[0]);
  const data = y.map((b, k) => {
    const line = withoutStraights(
      rows[k].map((z, i): Place => [x[i], b, z]),
      fine,
    );
    return slice(line, { view, far: k / (slices - 1) });
  });
  data.reverse();
  walks.forEach(({ name, points, leaves }, index) => {
    const color = palette[index % palette.length];
    const ends = points.length > 1 ? [points[0], points[points.length - 1]] : points;
    const shared = { type: "scatter", name: plainText(name), legendgroup: String(index) } as const;
    data.push(
      {
        ...shared,
        ...view.line(points),
        mode: "lines",
        hoverinfo: "name",
        line: { color, width: 2 },
      },
      {
        ...shared,
        ...view.line(ends),
        mode: "markers",
        hoverinfo: "name",
        showlegend: false,
        marker: { color, size: 10, symbol: ["circle", leaves ? "x" : "circle"] },
      },
    );
  });

  const say = numberFormat([min.value, max.value]);
  const [sayX, sayY] = [numberFormat(xRange), numberFormat(yRange)];
  return styledFigure({
    title,
    data,
    layout: {
      height: 440,
      hovermode: "closest",
      showlegend: walks.length > 0,
      xaxis: axis(xTitle, {
        ...ticksWithin(xRange),
        range: [...view.across],
        showgrid: false,
        zeroline: false,
      }),
      yaxis: axis("loss", {
        ...ticksWithin(zRange),
        range: [...view.upwards],
        showgrid: false,
        zeroline: false,
      }),
      annotations: depthLabels(yTitle, { view, at: xRange[1], yRange, low: min.value }),
    },
    summary: [
      `${title}: the loss runs from ${say(min.value)} at (${sayX(min.x)}, ${sayY(min.y)}) to ` +
        `${say(max.value)} at (${sayX(max.x)}, ${sayY(max.y)}).`,
      ...walks.map(({ sentence }) => ` ${sentence}`),
    ].join(""),
  });
}

type Place = readonly [x: number, y: number, z: number];

/** The front edge and the axes keep their numbers; what lies behind is moved to the right and up. */
function projection(parts: { xRange: Range; yRange: Range; zRange: Range }) {
  const { xRange, yRange, zRange } = parts;
  const [low, high] = zRange;
  const [width, height] = [xRange[1] - xRange[0], high - low];
  const back = (y: number) => (y - yRange[0]) / (yRange[1] - yRange[0]);
  const to = ([x, y, z]: Place) => [
    x + shift.right * width * back(y),
    z + shift.up * height * back(y),
  ];
  const across: Range = [xRange[0] - 0.02 * width, xRange[1] + (shift.right + 0.14) * width];
  const upwards: Range = [low - 0.04 * height, low + (1.06 + shift.up) * height];
  const [roundX, roundY] = [roundingOf(across), roundingOf(upwards)];
  return {
    low,
    across,
    upwards,
    line: (points: readonly Place[]) => {
      const seen = points.map(to);
      return { x: seen.map(([u]) => roundX(u)), y: seen.map(([, v]) => roundY(v)) };
    },
  };
}

type View = ReturnType<typeof projection>;

/**
 * A line without the points that a straight one between its neighbours would pass within `fine` of: a file
 * that keeps the picture is a third as large (Ramer 1972; Douglas and Peucker 1973).
 */
function withoutStraights(points: readonly Place[], fine: number): Place[] {
  const [first, last] = [points[0], points[points.length - 1]];
  const slope = (last[2] - first[2]) / (last[0] - first[0]);
  const off = points.map(([x, , z]) => Math.abs(z - first[2] - slope * (x - first[0])));
  const farthest = off.reduce((best, each, i) => (each > off[best] ? i : best), 0);
  if (off[farthest] <= fine) {
    return [first, last];
  }
  return [
    ...withoutStraights(points.slice(0, farthest + 1), fine),
    ...withoutStraights(points.slice(farthest), fine).slice(1),
  ];
}

/** The rock below one line of the surface. */
function slice(points: readonly Place[], { view, far }: { view: View; far: number }): Data {
  const [first, last] = [points[0], points[points.length - 1]];
  const ground: Place[] = [
    [last[0], last[1], view.low],
    [first[0], first[1], view.low],
  ];
  const grey = Math.round(nearGrey + (farGrey - nearGrey) * far);
  return {
    ...view.line([...points, ...ground, first]),
    type: "scatter",
    mode: "lines",
    fill: "toself",
    fillcolor: `rgb(${grey}, ${grey}, ${grey})`,
    line: { color: "#707070", width: 0.8 },
    hoverinfo: "skip",
    showlegend: false,
  };
}

/** A path within the ranges: a step that leaves them ends at the edge, and so does the path. */
function seen(
  path: OptimizerPath,
  parts: { loss: (x: number, y: number) => number; xRange: Range; yRange: Range },
): { points: Place[]; leaves: boolean } {
  const { loss, xRange, yRange } = parts;
  const ranges = [xRange, yRange];
  const isInside = (at: ArrayLike<number>) =>
    ranges.every(([from, to], k) => at[k] >= from && at[k] <= to);
  const outside = path.findIndex((at) => !isInside(at));
  const inside = Array.from(outside < 0 ? path : path.slice(0, outside));
  const points = inside.map(({ 0: x, 1: y }): Place => [x, y, loss(x, y)]);
  const last = points.at(-1);
  if (outside < 0 || !last) {
    return { points, leaves: outside >= 0 };
  }
  // How much of the step lies within: the first edge that it meets. Not finite: nothing of it.
  const next = path[outside];
  const share = Math.min(
    ...ranges.map(([from, to], k) => {
      const step = next[k] - last[k];
      return step === 0 ? 1 : ((step > 0 ? to : from) - last[k]) / step;
    }),
  );
  if (!Number.isFinite(share)) {
    return { points, leaves: true };
  }
  const edge = [0, 1].map((k) => last[k] + share * (next[k] - last[k]));
  return { points: [...points, [edge[0], edge[1], last[2]]], leaves: true };
}

/** Round numbers on an axis that is drawn beyond them. */
function ticksWithin([from, to]: Range): { tickvals: number[]; ticktext: string[] } {
  const rough = (to - from) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((digit) => digit * power).find((each) => each >= rough)!;
  const first = Math.ceil(from / step - 0.02);
  const count = Math.floor(to / step + 0.02) - first + 1;
  const tickvals = Array.from({ length: count }, (_, k) =>
    Number(((first + k) * step).toPrecision(12)),
  );
  return { tickvals, ticktext: tickvals.map(numberFormat([from, to])) };
}

/** Numbers and title along the right edge of the ground, which runs from the front to the back. */
function depthLabels(
  title: string,
  parts: { view: View; at: number; yRange: Range; low: number },
): Partial<Annotations>[] {
  const { view, at, yRange, low } = parts;
  const say = numberFormat(yRange);
  const label = (y: number, text: string, { size, shift }: { size: number; shift: number }) => {
    const { x, y: height } = view.line([[at, y, low]]);
    const font = { size, color: inkColor };
    return {
      x: x[0],
      y: height[0],
      text,
      showarrow: false,
      xanchor: "left",
      xshift: shift,
      font,
    } as const;
  };
  const marks = places(yRange, 3);
  return [
    ...marks.map((y) => label(y, say(y), { size: 12, shift: 6 })),
    label(marks[1], plainText(title), { size: 16, shift: 48 }),
  ];
}
