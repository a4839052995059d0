import type { Data } from "plotly.js";
import { requireNames } from "../optionNames";
import {
  axis,
  defaultHeight,
  type Figure,
  FigureError,
  palette,
  plainText,
  styledFigure,
} from "./figure";
import { requireRange } from "./grid";
import { formatNumber, hoverFormat, numberFormat, roundingOf } from "./numberFormat";
import { type NamedNumbers, namedNumbers, requireCount } from "./numbers";

export interface HistogramOptions {
  /** Default "Distribution of the <xTitle>". */
  title?: string;
  /** What the values are, in the plural. Default "values". */
  xTitle?: string;
  /** What the names are: "step", "layer". Default none. */
  rowTitle?: string;
  /** How many bins. Default 60. */
  bins?: number;
  /** Ends of the first and the last bin. Default: the middle 99.8 % of all values. */
  range?: readonly [from: number, to: number];
  /** Of more lists, such as one a step, these many are drawn, from the first to the last. Default 12. */
  maxRows?: number;
}

/**
 * How values are distributed: of one list a histogram; of several, such as one list of weights a step
 * of training or one of activations a layer, a row each, one below the other in the order given, all
 * over the same axis. Each row is as tall as its own fullest bin; a short line marks its mean.
 *
 * @param values one list, or several by name
 * @throws FigureError for nothing to draw, or a value that is not finite
 *
 * @example
 * show(histogramFigure({ "step 0": before, "step 500": after }, { xTitle: "weights of layer 1" }));
 */
export function histogramFigure(values: NamedNumbers, options: HistogramOptions = {}): Figure {
  requireNames<HistogramOptions>(
    "histogramFigure",
    options,
    { title: true, xTitle: true, rowTitle: true, bins: true, range: true, maxRows: true },
    { Thrown: FigureError },
  );
  const { xTitle = "values", rowTitle = "", bins = 60, maxRows = 12 } = options;
  const title = options.title ?? `Distribution of the ${xTitle}`;
  requireCount("bins", bins);
  requireCount("maxRows", maxRows, 2);
  const all = namedNumbers(values, xTitle);
  const shown = all.length <= maxRows ? all : evenly(all, maxRows);
  if (options.range) {
    requireRange("range", options.range);
  }
  const range =
    options.range ??
    middle(
      shown.map(([, list]) => list),
      bins,
    );
  const rows = shown.map(([name, list]) => histogram(name, list, { range, bins }));

  const outside = rows.reduce((sum, row) => sum + row.outside, 0);
  const xAxis = axis(
    outside > 0 ? `${xTitle} (${formatNumber(outside)} outside of the picture)` : xTitle,
    { range: [...range], ...hoverFormat(range) },
  );
  const place = numberFormat(range);
  const notes = [
    outside > 0
      ? ` ${formatNumber(outside)} values lie outside of ${place(range[0])} to ${place(range[1])}.`
      : "",
    all.length > shown.length ? ` Of ${all.length} lists, ${shown.length} are drawn.` : "",
  ];
  const summary = `${title}: ${rows.map(describe).join("; ")}.${notes.join("")}`;
  if (rows.length === 1) {
    const { centres, counts } = rows[0];
    return styledFigure({
      title,
      data: [{ type: "bar", x: centres, y: counts, marker: { color: palette[0] } }],
      layout: { bargap: 0.04, showlegend: false, xaxis: xAxis, yaxis: axis("count") },
      summary,
    });
  }
  return styledFigure({
    title,
    data: rows.flatMap((row, index) => ridge(row, rows.length - 1 - index, range)),
    layout: {
      height: Math.max(defaultHeight, 140 + 36 * rows.length),
      showlegend: false,
      hovermode: "closest",
      xaxis: xAxis,
      yaxis: axis(rowTitle, {
        range: [-0.15, rows.length],
        tickvals: rows.map((_, index) => rows.length - 1 - index),
        ticktext: rows.map(({ name }) => plainText(name)),
        showgrid: false,
      }),
    },
    summary,
  });
}

interface Row {
  name: string;
  count: number;
  mean: number;
  deviation: number;
  min: number;
  max: number;
  /** The middle of each bin, and how many values are in it. */
  centres: number[];
  counts: number[];
  outside: number;
}

function histogram(
  name: string,
  values: ArrayLike<number>,
  { range: [from, to], bins }: { range: readonly [number, number]; bins: number },
): Row {
  const counts = new Array<number>(bins).fill(0);
  const width = (to - from) / bins;
  let [min, max, mean, squares, outside] = [Infinity, -Infinity, 0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value < min) {
      min = value;
    }
    if (value > max) {
      max = value;
    }
    // Welford's update (1962), which stays exact where the mean is large.
    const distance = value - mean;
    mean += distance / (i + 1);
    squares += distance * (value - mean);
    if (value < from || value > to) {
      outside += 1;
    } else {
      counts[Math.min(bins - 1, Math.floor((value - from) / width))] += 1;
    }
  }
  const centres = counts.map((_, bin) => from + (bin + 0.5) * width);
  return {
    name,
    count: values.length,
    mean,
    deviation: Math.sqrt(squares / values.length),
    min,
    max,
    centres: centres.map(roundingOf([from, ...centres, to], { distinct: true })),
    counts,
    outside,
  };
}

/** A row's outline over its base line, and a mark at its mean. */
function ridge(
  { name, centres, counts, mean, deviation }: Row,
  base: number,
  range: readonly [number, number],
): Data[] {
  const tallest = counts.reduce((a, b) => Math.max(a, b), 1);
  const roundHeight = roundingOf([0, 1]);
  const height = (count: number) => roundHeight(base + (0.85 * count) / tallest);
  const place = roundingOf(range)(mean);
  const text = `${plainText(name)}: mean ${numberFormat(range)(mean)}, deviation ${formatNumber(deviation)}`;
  return [
    {
      type: "scatter",
      mode: "lines",
      x: [centres[0], ...centres, centres[centres.length - 1]],
      y: [base, ...counts.map(height), base],
      fill: "toself",
      fillcolor: "rgba(0, 114, 178, 0.3)",
      line: { color: palette[0], width: 1.5, shape: "hvh" },
      hoveron: "fills",
      text,
      hoverinfo: "text",
    },
    {
      type: "scatter",
      mode: "lines",
      x: [place, place],
      y: [base - 0.08, base + 0.3],
      line: { color: palette[1], width: 2.5 },
      hoverinfo: "skip",
    },
  ];
}

function describe({ name, count, mean, deviation, min, max }: Row): string {
  const say = numberFormat([min, max]);
  return (
    `${name}: ${formatNumber(count)} values, mean ${say(mean)}, standard deviation ` +
    `${formatNumber(deviation)}, from ${say(min)} to ${say(max)}`
  );
}

/** Between which values 99.8 % lie; of many values a sample tells. */
function middle(lists: readonly ArrayLike<number>[], bins: number): [number, number] {
  const total = lists.reduce((sum, list) => sum + list.length, 0);
  const stride = Math.max(1, Math.floor(total / 100_000));
  const sample: number[] = [];
  for (const list of lists) {
    for (let i = 0; i < list.length; i += stride) {
      sample.push(list[i]);
    }
  }
  const sorted = Float64Array.from(sample).sort();
  const cut = Math.floor(0.001 * sorted.length);
  const [from, to] = [sorted[cut], sorted[sorted.length - 1 - cut]];
  // Bins need ends that differ; values as good as equal get wider ones around them.
  const size = Math.max(Math.abs(from), Math.abs(to), 1e-290);
  if (to - from > 8 * bins * Number.EPSILON * size) {
    return [from, to];
  }
  const margin = Math.abs(from) > 1e-290 ? Math.abs(from) / 2 : 0.5;
  return [from - margin, to + margin];
}

function evenly<T>(items: readonly T[], count: number): T[] {
  return Array.from(
    { length: count },
    (_, k) => items[Math.round((k * (items.length - 1)) / (count - 1))]!,
  );
}
