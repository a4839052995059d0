import type { Data, Layout } from "plotly.js";
import { requireNames } from "../optionNames";
import {
  axis,
  dashes,
  type Figure,
  FigureError,
  palette,
  plainText,
  standardMargin,
  styledFigure,
} from "./figure";
import { type HistoryAxis, type HistoryRowWithGaps, historySeries, xTitle } from "./history";
import { capital, hoverFormat, numberFormat } from "./numberFormat";
import { requirePositive } from "./numbers";
import { describeReferences, type References, referenceLines, roomForLabels } from "./references";
import {
  type DrawnPoints,
  knownOf,
  loneTraces,
  type Series,
  sampleEvenly,
  seriesFacts,
  smoothed,
  thin,
} from "./series";

export interface RunsOptions {
  /** Default "<y> of <n> runs". */
  title?: string;
  /** Which field to compare. Default "loss". */
  y?: "loss" | "validationLoss" | "gradientNorm" | "learningRate";
  /** Default "step". */
  x?: HistoryAxis;
  /** How many rows each line averages over; 1 for none. Default: a fortieth of the run's rows. */
  smoothing?: number;
  /** Values to compare with, by name. */
  references?: References;
  /** Unit of a loss, for the axis; "" for none. Default "nats". */
  lossUnit?: string;
  /** "log" for values that differ by powers of ten. Default "linear". */
  scale?: "linear" | "log";
  /** How many points all runs have together at most. Default 900. */
  maxPoints?: number;
}

const names = {
  loss: "loss",
  validationLoss: "validation loss",
  gradientNorm: "gradient norm",
  learningRate: "learning rate",
};

/**
 * Several trainings on one pair of axes, one line a run, distinguished by colour and dash. A value that is
 * NaN is a gap in its line.
 *
 * @param runs the histories by name
 * @throws FigureError for no run, a run without rows or without the field, an infinite value, or a value or
 *   reference that is not above zero on a logarithmic axis
 *
 * @example
 * show(runsFigure({ SGD: slow, Adam: fast }, { y: "validationLoss", x: "epoch" }));
 */
export function runsFigure(
  runs: Readonly<Record<string, readonly HistoryRowWithGaps[]>>,
  options: RunsOptions = {},
): Figure {
  requireNames<RunsOptions>(
    "runsFigure",
    options,
    {
      title: true,
      y: true,
      x: true,
      smoothing: true,
      references: true,
      lossUnit: true,
      scale: true,
      maxPoints: true,
    },
    { Thrown: FigureError },
  );
  const { y = "loss", x = "step", references = {}, lossUnit = "nats", maxPoints = 900 } = options;
  const { scale = "linear" } = options;
  const entries = Object.entries(runs);
  if (entries.length === 0) {
    throw new FigureError(
      "There is no run to draw. Pass the histories by name: runsFigure({ Adam: history }).",
    );
  }
  const title = options.title ?? `${capital(names[y])} of ${entries.length} runs`;
  const perRun = Math.max(50, Math.floor(maxPoints / entries.length));
  const sentences = [`${title}, by ${x}:`];
  let highest = Number.NEGATIVE_INFINITY;
  let best = { name: "", value: Number.POSITIVE_INFINITY };
  const all = entries.map(([name, rows]) => runSeries(name, rows, { x, y, what: names[y] }));
  const say = numberFormat(all.flatMap((series) => Array.from(series.y)));
  const place = numberFormat(all.flatMap((series) => Array.from(series.x)));
  const drawn = { x: [] as number[], y: [] as number[] };
  const curves: DrawnPoints[] = [];
  const data = entries.flatMap(([name], index): Data[] => {
    const series: Series = all[index];
    if (scale === "log") {
      requirePositive(`${names[y]} of "${name}"`, series.y, (i) => `at ${x} ${series.x[i]}`);
    }
    const span = options.smoothing ?? Math.max(1, Math.round(series.y.length / 40));
    const line = span > 1 ? smoothed(series, span) : series;
    const facts = seriesFacts(line, { scale });
    highest = Math.max(highest, facts.max);
    if (facts.last < best.value) {
      best = { name, value: facts.last };
    }
    sentences.push(
      ` ${name} goes from ${say(facts.first)} to ${say(facts.last)} (${facts.trend}), ` +
        `lowest ${say(facts.min)} at ${x} ${place(facts.minAt)};`,
    );
    const points = span > 1 ? sampleEvenly(line, perRun) : thin(line, perRun);
    curves.push(points);
    drawn.x.push(...points.x);
    drawn.y.push(...knownOf(points.y));
    const hasMarks = y === "validationLoss" || line.y.length === 1;
    const color = palette[index % palette.length];
    return [
      {
        ...points,
        type: "scatter",
        mode: hasMarks ? "lines+markers" : "lines",
        name: plainText(name),
        line: { color, width: 2, dash: dashes[index % dashes.length] },
      },
      ...(hasMarks ? [] : loneTraces(points, { color })),
    ];
  });
  sentences.push(` lowest at the end: ${best.name} with ${say(best.value)}.`);
  sentences.push(
    describeReferences(`${names[y]} of ${best.name}`, best.value, references, drawn.y),
  );
  const unit = (y === "loss" || y === "validationLoss") && lossUnit !== "" ? ` (${lossUnit})` : "";
  const shapes = referenceLines(references, highest, scale, curves);
  const layout: Partial<Layout> = {
    hovermode: "x unified",
    showlegend: true,
    shapes,
    margin: { ...standardMargin, ...roomForLabels(shapes) },
    xaxis: axis(xTitle(x, 0, 0), hoverFormat(drawn.x)),
    yaxis: axis(`${names[y]}${unit}`, {
      type: scale,
      ...hoverFormat(drawn.y),
    }),
  };
  return styledFigure({ title, data, layout, summary: sentences.join("") });
}

function runSeries(
  name: string,
  rows: readonly HistoryRowWithGaps[],
  fields: Parameters<typeof historySeries>[1],
) {
  let series: ReturnType<typeof historySeries>;
  try {
    series = historySeries(rows, fields);
  } catch (error) {
    if (!(error instanceof FigureError)) {
      throw error;
    }
    throw new FigureError(`Run "${name}": ${error.message}`);
  }
  if (series.y.length === 0) {
    throw new FigureError(
      `No row of the run "${name}" has a ${fields.y}. Record it while training, or compare another field.`,
    );
  }
  return series;
}
