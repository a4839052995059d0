import type { Data, Shape } from "plotly.js";
import { requireNames } from "../optionNames";
import { axis, type Figure, FigureError, inkColor, plainText, styledFigure } from "./figure";
import { formatNumber, numberFormat, roundingOf } from "./numberFormat";
import { requireNumbers } from "./numbers";

/** One run of a search: its hyperparameters and what came of it, by name. */
export type SearchRun = Readonly<Record<string, number | string | boolean>>;

export interface ParallelCoordinatesOptions {
  /** The field that colours the runs, and the last axis; lower is better. Default "validationLoss". */
  color?: string;
  /** Which fields are axes, from left to right. Default: all, in the order of the first run. */
  axes?: readonly string[];
  /** Fields with a logarithmic axis, such as the learning rate. Default none. */
  logAxes?: readonly string[];
  /** Default "<n> runs by <color>". */
  title?: string;
  /** Of more runs these many are drawn, the best always. Default 200. */
  maxRuns?: number;
}

/** From the best run to the worst: Cividis without its ends, which vanish on one page or the other. */
const shades = ["#0072B2", "#3C7D9E", "#7D8A86", "#A8956B", "#C9A14D", "#E69F00"] as const;

/**
 * A search over hyperparameters: an upright axis each, a line a run, coloured by its validation loss
 * from blue (the best) to orange; the best is drawn thicker (Inselberg 1985).
 *
 * @param runs each with the same fields; what is no number gets an axis of names
 * @throws FigureError for no runs, fields that are missing, or values that are not finite
 *
 * @example
 * const runs = [{ learningRate: 0.01, units: 64, validationLoss: 1.9 }];
 * show(parallelCoordinatesFigure(runs, { logAxes: ["learningRate"] }));
 */
export function parallelCoordinatesFigure(
  runs: readonly SearchRun[],
  options: ParallelCoordinatesOptions = {},
): Figure {
  requireNames<ParallelCoordinatesOptions>(
    "parallelCoordinatesFigure",
    options,
    { color: true, axes: true, logAxes: true, title: true, maxRuns: true },
    { Thrown: FigureError },
  );
  const { color = "validationLoss", logAxes = [], maxRuns = 200 } = options;
  if (runs.length === 0) {
    throw new FigureError(
      "There are no runs to draw. Pass a list of objects, one a run: " +
        "[{ learningRate: 0.01, validationLoss: 1.9 }].",
    );
  }
  const title = options.title ?? `${formatNumber(runs.length)} runs by ${color}`;
  const names = (options.axes ?? Object.keys(runs[0])).filter((name) => name !== color);
  const axes = [...names, color].map((name) => coordinate(runs, name, logAxes.includes(name)));
  const results = axes[axes.length - 1];
  if (results.names) {
    throw new FigureError(
      `The runs are coloured by "${color}", which is ${JSON.stringify(runs[0][color])} in the first run. ` +
        "Name a field of numbers in `color`.",
    );
  }
  const ranked = runs
    .map((run, index) => ({ run, index, result: run[color] as number }))
    .sort((a, b) => a.result - b.result);
  const shown =
    ranked.length <= maxRuns
      ? ranked
      : Array.from(
          { length: maxRuns },
          (_, k) => ranked[Math.round((k * (ranked.length - 1)) / Math.max(1, maxRuns - 1))],
        );
  const groups: (typeof ranked)[] = shades.map(() => []);
  for (const entry of shown) {
    const share = results.places[entry.index];
    groups[Math.min(shades.length - 1, Math.floor(share * shades.length))].push(entry);
  }
  // The best are drawn last, over the others.
  const data = groups
    .map((group, shade) => lines(group, axes, { color: shades[shade], width: 1.3 }))
    .reverse();
  const best = ranked[0];
  data.push(lines([best], axes, { color: shades[0], width: 4 }));
  const { shapes, annotations } = uprights(axes);
  const kept = axes.map(({ name, say }) => `${name} ${say(best.run[name])}`).join(", ");
  const worst = ranked[ranked.length - 1];
  return styledFigure({
    title: shown.length < runs.length ? `${title} (${shown.length} drawn)` : title,
    data,
    layout: {
      showlegend: false,
      hovermode: "closest",
      margin: { l: 48, r: 64, t: 84, b: 36 },
      shapes,
      annotations,
      xaxis: axis("", { range: [-0.15, axes.length - 0.85], visible: false }),
      yaxis: axis("", { range: [-0.03, 1.03], visible: false }),
    },
    summary:
      `${title}, over ${names.join(", ")}: best ${kept}; worst ${color} ${results.say(worst.result)}` +
      `${relations(axes)}.`,
  });
}

interface Coordinate {
  name: string;
  /** Where each run stands on the axis, from 0 to 1. */
  places: number[];
  ticks: { place: number; text: string }[];
  /** The names along the axis, where it has no numbers. */
  names: string[] | undefined;
  /** A value for readers. */
  say(value: number | string | boolean): string;
}

function coordinate(runs: readonly SearchRun[], name: string, isLog: boolean): Coordinate {
  const values = runs.map((run, i) => {
    const value = run[name];
    if (value !== undefined && value !== null) {
      return value;
    }
    throw new FigureError(
      `Run ${i} has no "${name}". There are: ${Object.keys(run).join(", ")}. Give all runs the same ` +
        "fields, or choose some by `axes`.",
    );
  });
  if (values.some((value) => typeof value !== "number")) {
    const names = [...new Set(values.map(String))].sort();
    const place = (i: number) => (names.length === 1 ? 0.5 : i / (names.length - 1));
    return {
      name,
      names,
      places: values.map((value) => place(names.indexOf(String(value)))),
      ticks: names.map((text, i) => ({ place: place(i), text })),
      say: String,
    };
  }
  const numbers = values as number[];
  requireNumbers(name, numbers, (i) => `of run ${i}`);
  const scaled = numbers.map((value, i) => {
    if (!isLog) {
      return value;
    }
    if (value > 0) {
      return Math.log10(value);
    }
    throw new FigureError(
      `The ${name} of run ${i} is ${value}, which has no place on a logarithmic axis. Leave ` +
        `"${name}" out of \`logAxes\`.`,
    );
  });
  const low = scaled.reduce((a, b) => Math.min(a, b));
  const high = scaled.reduce((a, b) => Math.max(a, b));
  const place = (value: number) => (high === low ? 0.5 : (value - low) / (high - low));
  const say = numberFormat(numbers);
  const round = roundingOf(numbers, { rangeDigits: 3, digits: 3 });
  const text = (mark: number) => say(round(isLog ? 10 ** mark : mark));
  return {
    name,
    names: undefined,
    places: scaled.map(place),
    ticks: marksOf(scaled).map((mark) => ({ place: place(mark), text: text(mark) })),
    say: (value) => say(value as number),
  };
}

/** Where an axis of numbers is marked: at a few values that stand apart, such as 16, 32 and 64, else evenly. */
function marksOf(scaled: readonly number[]): number[] {
  const values = [...new Set(scaled)].sort((a, b) => a - b);
  const [low, high] = [values[0], values[values.length - 1]];
  const least = 0.1 * (high - low);
  const apart = values.every((value, i) => i === 0 || value - values[i - 1] >= least);
  if (apart) {
    return values;
  }
  return [0, 0.25, 0.5, 0.75, 1].map((p) => low + p * (high - low));
}

/** Several runs as one trace, for a trace a run would make the figure large. */
function lines(
  group: readonly { run: SearchRun; index: number }[],
  axes: readonly Coordinate[],
  line: { color: string; width: number },
): Data {
  const gap = [null];
  const roundPlace = roundingOf([0, 1]);
  return {
    type: "scatter",
    mode: "lines",
    x: group.flatMap(() => [...axes.map((_, k) => k), ...gap]),
    y: group.flatMap(({ index }) => [
      ...axes.map(({ places }) => roundPlace(places[index])),
      ...gap,
    ]),
    text: group.flatMap(({ run }) => {
      const text = axes
        .map(({ name, say }) => plainText(`${name}: ${say(run[name])}`))
        .join("<br>");
      return [...axes.map((_, k) => (k === axes.length - 1 ? text : "")), ""];
    }),
    hoverinfo: "text",
    line,
  };
}

function uprights(axes: readonly Coordinate[]) {
  const shapes = axes.map(
    (_, k): Partial<Shape> => ({
      type: "line",
      x0: k,
      x1: k,
      y0: 0,
      y1: 1,
      line: { color: inkColor, width: 1.5 },
    }),
  );
  const annotations = axes.flatMap(({ name, ticks }, k) => [
    {
      x: k,
      y: 1.02,
      yref: "paper" as const,
      text: `<b>${plainText(name)}</b>`,
      showarrow: false,
      yanchor: "bottom" as const,
    },
    ...ticks.map(({ place, text }) => ({
      x: k,
      y: place,
      text: plainText(text),
      showarrow: false,
      xanchor: "left" as const,
      xshift: 3,
      // Light on dark, on any page, for lines of all colours run below.
      font: { size: 11, color: "#ffffff" },
      bgcolor: "rgba(60, 60, 60, 0.85)",
    })),
  ]);
  return { shapes, annotations };
}

/** Which axes rise and fall with the result, by Spearman's rank correlation (1904). */
function relations(axes: readonly Coordinate[]): string {
  const result = axes[axes.length - 1];
  const said = axes
    .slice(0, -1)
    .filter(({ names, places }) => !names && places.length >= 5 && new Set(places).size > 1)
    .map(({ name, places }) => `${name} ${formatNumber(rankCorrelation(places, result.places))}`);
  return said.length === 0 ? "" : `; rank correlation with ${result.name}: ${said.join(", ")}`;
}

function rankCorrelation(a: readonly number[], b: readonly number[]): number {
  const [ranksA, ranksB] = [ranks(a), ranks(b)];
  const middle = (a.length - 1) / 2;
  let [products, squaresA, squaresB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    products += (ranksA[i] - middle) * (ranksB[i] - middle);
    squaresA += (ranksA[i] - middle) ** 2;
    squaresB += (ranksB[i] - middle) ** 2;
  }
  const size = Math.sqrt(squaresA * squaresB);
  return size === 0 ? 0 : Number((products / size).toFixed(2));
}

/** Places in sorted order from 0; equal values share the mean of theirs. */
function ranks(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((i, j) => values[i] - values[j]);
  const found = new Array<number>(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to + 1 < order.length && values[order[to + 1]] === values[order[from]]) {
      to += 1;
    }
    for (let k = from; k <= to; k++) {
      found[order[k]] = (from + to) / 2;
    }
    from = to + 1;
  }
  return found;
}
