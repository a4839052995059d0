import type { Data, Layout, LayoutAxis } from "plotly.js";
import { nameOf } from "../errors";
import { type OptionNames, requireNames } from "../optionNames";
import {
  axis,
  defaultHeight,
  type Figure,
  FigureError,
  palette,
  scaled,
  standardMargin,
  styledFigure,
} from "./figure";
import { formatNumber, hoverFormat, numberFormat } from "./numberFormat";
import { numbersWithGaps, requireNumbers, requirePositive } from "./numbers";
import { describeReferences, type References, referenceLines, roomForLabels } from "./references";
import {
  type DrawnPoints,
  describeSeries,
  knownOf,
  loneTraces,
  type Series,
  sampleEvenly,
  seriesFacts,
  smoothed,
  thin,
  withDrawn,
} from "./series";

/** What a figure reads of one step of training; what `train` records has these fields and more. */
export interface HistoryFigureRow {
  /** Steps of the optimizer so far, this one included. */
  step: number;
  /** Passes over the data, from 0 or from 1, fractions allowed. */
  epoch: number;
  loss: number;
  gradientNorm?: number | undefined;
  learningRate?: number | undefined;
  /** Present in the rows after which the held-out part was measured. */
  validationLoss?: number | undefined;
  /** Seconds since training began. */
  seconds?: number | undefined;
}

/** A row in which values may be missing, as in a history that was stored as JSON or CSV. */
export interface HistoryRowWithGaps extends Pick<HistoryFigureRow, "step" | "epoch" | "seconds"> {
  /** NaN, null or undefined is a gap in the line. */
  loss: number | null | undefined;
  gradientNorm?: number | null | undefined;
  learningRate?: number | null | undefined;
  /** The line runs on over rows without it; NaN, which was measured in vain, is a gap. */
  validationLoss?: number | null | undefined;
}

/** What a history is drawn against. */
export type HistoryAxis = "step" | "epoch" | "seconds";

/** What can stand in a panel of its own below the loss. */
export type HistoryPanel = "learningRate" | "gradientNorm";

export interface HistoryOptions {
  /** Default "Loss by step" (or epoch, or time). */
  title?: string;
  /** Default "step". */
  x?: HistoryAxis;
  /** Values to compare the loss with, by name: `{ "bigram floor": 2.51 }`. */
  references?: References;
  /** Further panels, from top to bottom. Default none. */
  panels?: readonly HistoryPanel[];
  /** How many rows the smoothed line averages over; 1 for none. Default: a fortieth of the rows. */
  smoothing?: number;
  /** Unit of the loss, for the axis; "" for none. Default "nats", that of a mean cross-entropy. */
  lossUnit?: string;
  /** "log" for a loss that falls by powers of ten. Default "linear". */
  lossScale?: "linear" | "log";
  /** Longer series are thinned to this many points, with a note. Default 600. */
  maxPoints?: number;
}

export const HISTORY_NAMES: OptionNames<HistoryOptions> = {
  title: true,
  x: true,
  references: true,
  panels: true,
  smoothing: true,
  lossUnit: true,
  lossScale: true,
  maxPoints: true,
};

const panelNames: Record<HistoryPanel, { title: string; name: string }> = {
  learningRate: { title: "learning rate", name: "learning rate" },
  gradientNorm: { title: "gradient norm", name: "gradient norm" },
};

/**
 * The loss while training: every row as a faint line, a moving average over it, the validation loss
 * where the rows have one, and lines to compare with. Where the loss is not known, the line has a gap.
 *
 * @param rows one a step or fewer, in order
 * @throws FigureError for no rows, an infinite value, a panel that no row has a value for, or a value
 *   or reference that is not above zero on a logarithmic axis
 *
 * @example
 * show(historyFigure(history, { references: { "bigram floor": 2.51 }, panels: ["gradientNorm"] }));
 */
export function historyFigure(
  rows: readonly HistoryRowWithGaps[],
  options: HistoryOptions = {},
): Figure {
  if (!Array.isArray(rows)) {
    throw new FigureError(
      `historyFigure was given ${nameOf(rows)}, but draws the rows that train gave. Is an await missing?`,
    );
  }
  requireNames<HistoryOptions>("historyFigure", options, HISTORY_NAMES, { Thrown: FigureError });
  const { x = "step", references = {}, panels = [], lossUnit = "nats", maxPoints = 600 } = options;
  const { lossScale = "linear" } = options;
  const title = options.title ?? `Loss by ${x === "seconds" ? "time" : x}`;
  const loss = historySeries(rows, { x, y: "loss", what: "loss" });
  const validation = historySeries(rows, { x, y: "validationLoss", what: "validation loss" });
  if (lossScale === "log") {
    requirePositive("loss", loss.y, (i) => `at ${x} ${loss.x[i]}`);
    requirePositive("validation loss", validation.y, (i) => `at ${x} ${validation.x[i]}`);
  }
  const span = options.smoothing ?? Math.max(1, Math.round(rows.length / 40));
  const mean = span > 1 ? smoothed(loss, span) : undefined;

  const drawn = thin(loss, maxPoints);
  const data: Data[] = [
    {
      ...drawn,
      type: "scatter",
      mode: loss.y.length === 1 ? "markers" : "lines",
      name: "loss",
      opacity: mean ? 0.55 : 1,
      line: { color: palette[0], width: mean ? 1 : 2 },
    },
  ];
  data.push(...loneTraces(drawn, { color: palette[0] }));
  if (mean) {
    data.push({
      ...sampleEvenly(mean, Math.min(250, maxPoints)),
      type: "scatter",
      mode: "lines",
      name: `mean of about ${formatNumber(stepsIn(rows, span))} steps`,
      line: { color: palette[0], width: 2.5 },
    });
  }
  let judged: DrawnPoints = { x: [], y: [] };
  if (validation.y.length > 0) {
    // Markers, each with a shape of its own, are what makes a picture large.
    judged = thin(validation, Math.min(100, maxPoints));
    data.push({
      ...judged,
      type: "scatter",
      mode: "lines+markers",
      name: "validation loss",
      line: { color: palette[1], width: 2, dash: "dash" },
      marker: { color: palette[1], size: 8, symbol: "diamond" },
    });
  }

  const sentences = [
    `${title}: ${formatNumber(rows.length)} rows; ${describeSeries("loss", loss, x, { scale: lossScale })}.`,
  ];
  if (mean) {
    const { last } = seriesFacts(mean);
    sentences.push(` Its moving average ends at ${numberFormat(loss.y)(last)}.`);
  }
  if (validation.y.length > 0) {
    const described = describeSeries("validation loss", validation, x, { scale: lossScale });
    sentences.push(` The ${described}.`);
  }
  sentences.push(describeReferences("loss", seriesFacts(loss).last, references, loss.y));

  const lossTitle = lossUnit === "" ? "loss" : `loss (${lossUnit})`;
  const highest = seriesFacts(loss).max;
  const shapes = referenceLines(references, highest, lossScale, [drawn, judged]);
  const layout: Partial<Layout> = {
    hovermode: "x unified",
    shapes,
    margin: { ...standardMargin, ...roomForLabels(shapes) },
    ...panelAxes({
      x: xTitle(x, drawn.y.length, loss.y.length),
      xOptions: hoverFormat(drawn.x),
      panels,
      lossTitle,
      lossOptions: {
        ...scaled(lossScale, [loss.y, validation.y]),
        ...hoverFormat([...knownOf(drawn.y), ...knownOf(judged.y)]),
      },
    }),
  };
  panels.forEach((panel, index) => {
    const { name } = panelNames[panel];
    const series = historySeries(rows, { x, y: panel, what: name });
    if (series.y.length === 0) {
      throw new FigureError(
        `No row of the history has a ${panel}, so the panel "${panel}" would be empty. Leave it out ` +
          "of `panels`, or record it while training.",
      );
    }
    const points = thin(series, maxPoints);
    const color = palette[(index + 2) % palette.length];
    const yaxis = `y${index + 2}`;
    data.push(
      {
        ...points,
        type: "scatter",
        mode: "lines",
        name,
        yaxis,
        showlegend: false,
        line: { color, width: 1.5 },
      },
      ...loneTraces(points, { color, yaxis }),
    );
    sentences.push(` The ${describeSeries(name, series, x)}.`);
  });
  return styledFigure({ title, data, layout, summary: sentences.join("") });
}

/**
 * One field of a history against step, epoch or time. Rows without that field are passed over; a loss
 * that is missing is a gap, and so is any value that is NaN. What stands on the x axis must be in all.
 *
 * @throws FigureError for no rows, or a value that is infinite
 */
export function historySeries(
  rows: readonly HistoryRowWithGaps[],
  { x, y, what }: { x: HistoryAxis; y: Exclude<keyof HistoryFigureRow, HistoryAxis>; what: string },
): Series {
  if (rows.length === 0) {
    throw new FigureError(
      "The history has no rows, so there is nothing to draw. Train for at least one step first.",
    );
  }
  const chosen =
    y === "loss" ? rows : rows.filter((row) => row[y] !== undefined && row[y] !== null);
  const places = chosen.map((row) => row[x] as number);
  if (chosen.length === 0) {
    return { x: [], y: [] };
  }
  requireNumbers(x, places, (i) => `in row ${i}`);
  const values = chosen.map((row) => row[y]);
  return { x: places, y: numbersWithGaps(what, values, (i) => `at ${x} ${places[i]}`) };
}

/** How many steps a number of rows stands for; rows need not be recorded at every step. */
function stepsIn(rows: readonly HistoryRowWithGaps[], count: number): number {
  const steps = rows[rows.length - 1].step - rows[0].step;
  const spacing = steps > 0 ? steps / (rows.length - 1) : 1;
  return Math.round(count * spacing);
}

/** What the x axis is called; where points were left out, it says so. */
export function xTitle(x: HistoryAxis, drawn: number, count: number): string {
  return withDrawn(x === "seconds" ? "time (s)" : x, drawn, count);
}

/** The loss above, further panels below it, all over one x axis. */
function panelAxes(parts: {
  x: string;
  xOptions: Partial<LayoutAxis>;
  panels: readonly HistoryPanel[];
  lossTitle: string;
  lossOptions: Partial<LayoutAxis>;
}): Partial<Layout> {
  const { x, xOptions, panels, lossTitle, lossOptions } = parts;
  if (panels.length === 0) {
    return { xaxis: axis(x, xOptions), yaxis: axis(lossTitle, lossOptions) };
  }
  const gap = 0.08;
  const share = panels.length === 1 ? 0.28 : 0.2;
  const lowest = panels.length + 1;
  const layout: Record<string, unknown> = {
    height: defaultHeight + 110 * panels.length,
    xaxis: axis(x, { ...xOptions, anchor: `y${lowest}` as "y2" }),
    yaxis: axis(lossTitle, { ...lossOptions, domain: [panels.length * (share + gap), 1] }),
  };
  panels.forEach((panel, index) => {
    const bottom = (panels.length - 1 - index) * (share + gap);
    layout[`yaxis${index + 2}`] = axis(panelNames[panel].title, {
      domain: [bottom, bottom + share],
    });
  });
  return layout as Partial<Layout>;
}
