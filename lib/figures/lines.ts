import type { Data } from "plotly.js";
import { requireNames } from "../optionNames";
import {
  axis,
  dashes,
  type Figure,
  FigureError,
  palette,
  plainText,
  scaled,
  standardMargin,
  styledFigure,
} from "./figure";
import { capital, formatNumber, hoverFormat } from "./numberFormat";
import {
  type NamedNumbersWithGaps,
  namedNumbersWithGaps,
  requireCount,
  requireNumbers,
  requirePositive,
} from "./numbers";
import {
  describeReferences,
  type References,
  referenceLines,
  roomForLabels,
  roomForReferences,
} from "./references";
import {
  describeSeries,
  knownOf,
  loneTraces,
  type Series,
  seriesFacts,
  thin,
  withDrawn,
} from "./series";

export interface LineOptions {
  /** Default "<yTitle> by <xTitle>". */
  title?: string;
  /** Quantity and unit along the x axis. Default "x". */
  xTitle?: string;
  /** Quantity and unit along the y axis. Default "y". */
  yTitle?: string;
  /** Default "linear". */
  xScale?: "linear" | "log";
  /** Default "linear". */
  yScale?: "linear" | "log";
  /** "lines+markers" or "markers" where the values were measured one by one. Default "lines". */
  mode?: "lines" | "markers" | "lines+markers";
  /** Values to compare with, by name: a dotted line across for each. */
  references?: References;
  /** How many points all curves have together at most; longer ones are thinned, with a note. Default 800. */
  maxPoints?: number;
}

/**
 * Curves over a common x: one line a name, distinguished by colour and dash. Where a value is missing, the
 * line has a gap, and the summary says where.
 *
 * @param x shape (N), all finite
 * @param ys one list of N values, or several by name; NaN, null and undefined are gaps
 * @throws FigureError for lists of different lengths, nothing to draw, an infinite value, or one that is
 *   not above zero on a logarithmic axis
 *
 * @example
 * const x = Array.from({ length: 61 }, (_, i) => -3 + i / 10);
 * show(lineFigure(x, { tanh: x.map(Math.tanh), "its slope": x.map((v) => 1 - Math.tanh(v) ** 2) }));
 */
export function lineFigure(
  x: ArrayLike<number>,
  ys: NamedNumbersWithGaps,
  options: LineOptions = {},
): Figure {
  requireNames<LineOptions>(
    "lineFigure",
    options,
    {
      title: true,
      xTitle: true,
      yTitle: true,
      xScale: true,
      yScale: true,
      mode: true,
      references: true,
      maxPoints: true,
    },
    { Thrown: FigureError },
  );
  const { xTitle = "x", yTitle = "y" } = options;
  requireNumbers(xTitle, x);
  const curves = namedNumbersWithGaps(ys, yTitle).map(([name, y]): Curve => {
    if (y.length === x.length) {
      return { name, x, y };
    }
    throw new FigureError(
      `The curve "${name}" has ${formatNumber(y.length)} values, but there are ` +
        `${formatNumber(x.length)} of ${xTitle}. Pass one value for each place on the x axis.`,
    );
  });
  return curvesFigure(curves, options);
}

/** A line with places of its own along the x axis. */
export interface Curve extends Series {
  name: string;
}

/** Curves that need not share their x; each has at least one point, NaN is a gap, and no value is infinite. */
export function curvesFigure(curves: readonly Curve[], options: LineOptions): Figure {
  const { xTitle = "x", yTitle = "y", xScale = "linear", yScale = "linear" } = options;
  const { mode = "lines", references = {}, maxPoints = 800 } = options;
  const title = options.title ?? capital(`${yTitle} by ${xTitle}`);
  const perCurve = Math.max(20, Math.floor(maxPoints / curves.length));
  const drawn = curves.map(({ name, x, y }) => {
    if (xScale === "log") {
      requirePositive(xTitle, x);
    }
    if (yScale === "log") {
      requirePositive(name, y, (i) => `at ${xTitle} ${x[i]}`);
    }
    return thin({ x, y }, perCurve);
  });
  const sum = (lists: readonly { x: ArrayLike<number> }[]) =>
    lists.reduce((total, { x }) => total + x.length, 0);
  const highest = Math.max(...curves.map((curve) => seriesFacts(curve).max));
  const sentences = curves.map((curve) => {
    const series = mode === "markers" ? fromLeftToRight(curve) : curve;
    return describeSeries(curve.name, series, xTitle, { scale: yScale });
  });
  const compared = curves.map(({ name, y }) =>
    describeReferences(`curve "${name}"`, seriesFacts({ x: y, y }).last, references, y),
  );
  const shapes = referenceLines(references, highest, yScale, drawn, xScale);
  return styledFigure({
    title,
    data: curves.flatMap(({ name }, index): Data[] => {
      const color = palette[index % palette.length];
      return [
        {
          ...drawn[index],
          type: "scatter",
          mode: drawn[index].x.length === 1 ? "markers" : mode,
          name: plainText(name),
          line: { color, width: 2, dash: dashes[index % dashes.length] },
          marker: { color, size: 7 },
        },
        ...(mode === "lines" ? loneTraces(drawn[index], { color }) : []),
      ];
    }),
    layout: {
      hovermode: "x unified",
      showlegend: curves.length > 1,
      shapes,
      margin: { ...standardMargin, ...roomForLabels(shapes) },
      xaxis: axis(withDrawn(xTitle, sum(drawn), sum(curves)), {
        ...scaled(
          xScale,
          curves.map(({ x }) => x),
        ),
        ...hoverFormat(drawn.flatMap(({ x }) => x)),
      }),
      yaxis: axis(yTitle, {
        ...scaled(
          yScale,
          curves.map(({ y }) => y),
        ),
        ...(yScale === "linear"
          ? roomForReferences(
              references,
              curves.map(({ y }) => y),
            )
          : {}),
        ...hoverFormat(drawn.flatMap(({ y }) => knownOf(y))),
      }),
    },
    summary: `${title}: ${sentences.join("; ")}.${compared.join("")}`,
  });
}

/** Points that no line joins, in the order in which the eye meets them: their own may mean nothing. */
function fromLeftToRight({ x, y }: Series): Series {
  const order = Array.from(x, (_, i) => i).sort((a, b) => x[a] - x[b]);
  return { x: order.map((i) => x[i]), y: order.map((i) => y[i]) };
}

export interface SchedulesOptions {
  /** How many steps are drawn, from step 0. */
  steps: number;
  /** Default "Learning-rate schedules". */
  title?: string;
  /** "log" for rates that fall by powers of ten. Default "linear". */
  yScale?: "linear" | "log";
}

/**
 * Learning rates against the step of training.
 *
 * @param schedules functions from the step, counted from 0, to the learning rate, by name
 * @throws FigureError for no schedule, fewer than one step, or a rate that is not finite
 *
 * @example
 * show(schedulesFigure({ halving: stepSchedule({ initial: 0.1, every: 30 }) }, { steps: 100 }));
 */
export function schedulesFigure(
  schedules: Readonly<Record<string, (step: number) => number>>,
  options: SchedulesOptions,
): Figure {
  requireNames<SchedulesOptions>(
    "schedulesFigure",
    options,
    { steps: true, title: true, yScale: true },
    { Thrown: FigureError },
  );
  const { steps, title = "Learning-rate schedules", yScale = "linear" } = options;
  requireCount("steps", steps);
  const entries = Object.entries(schedules);
  if (entries.length === 0) {
    throw new FigureError(
      "There is no schedule to draw. Pass functions by name: { constant: () => 0.1 }.",
    );
  }
  // A thousand steps show the shape; the curve says how many were left out.
  const asked = Math.min(steps, 1000);
  const x = Array.from({ length: asked }, (_, k) =>
    asked === 1 ? 0 : Math.round((k * (steps - 1)) / (asked - 1)),
  );
  const curves = entries.map(([name, schedule]) => {
    const y = x.map(schedule);
    requireNumbers(`learning rate of "${name}"`, y, (i) => `at step ${formatNumber(x[i])}`);
    return { name, x, y };
  });
  return curvesFigure(curves, { title, xTitle: "step", yTitle: "learning rate", yScale });
}
