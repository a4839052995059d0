import type { Shape } from "plotly.js";
import { requireNames } from "../optionNames";
import { type Figure, FigureError, inkColor, palette, plainText } from "./figure";
import { type Curve, curvesFigure } from "./lines";
import { formatNumber } from "./numberFormat";
import { type NamedNumbersWithGaps, namedNumbersWithGaps } from "./numbers";
import type { References } from "./references";

export interface GradientNormOptions {
  /** Default "Gradient norm by time step". */
  title?: string;
  /** What the norms belong to. Default "time step". */
  xTitle?: string;
  /** Default "gradient norm". */
  yTitle?: string;
  /** The time step of the first value. Default 0. */
  firstStep?: number;
  /** Norms to compare with, by name, such as `{ "clipped at": 5 }`. */
  references?: References;
}

/**
 * How large the gradient is at each time step, on a logarithmic axis: a straight line that falls or
 * rises is a gradient that vanishes or explodes (Bengio, Simard and Frasconi 1994; Pascanu, Mikolov and
 * Bengio 2013). Steps at which the norm is 0 are shaded.
 *
 * @param norms one list, a norm a time step, or several by name, also of different lengths; NaN, null
 *   and undefined are gaps
 * @throws FigureError for nothing to draw, a norm below zero, or an infinite one
 *
 * @example
 * show(gradientNormFigure({ "simple RNN": norms, LSTM: otherNorms }));
 */
export function gradientNormFigure(
  norms: NamedNumbersWithGaps,
  options: GradientNormOptions = {},
): Figure {
  requireNames<GradientNormOptions>(
    "gradientNormFigure",
    options,
    { title: true, xTitle: true, yTitle: true, firstStep: true, references: true },
    { Thrown: FigureError },
  );
  const { xTitle = "time step", yTitle = "gradient norm", firstStep = 0 } = options;
  const notDrawn: string[] = [];
  const areas: Partial<Shape>[] = [];
  const curves = namedNumbersWithGaps(norms, yTitle).map(([name, values], index): Curve => {
    const all = Array.from(values, (norm, i) => ({ norm, step: firstStep + i }));
    const below = all.find(({ norm }) => norm < 0);
    if (below) {
      throw new FigureError(
        `The norm of "${name}" at ${xTitle} ${below.step} is ${below.norm}, but a norm is never below ` +
          "zero. Take the square root of the sum of the squares.",
      );
    }
    const shown = all.filter(({ norm }) => norm !== 0);
    if (!shown.some(({ norm }) => norm > 0)) {
      throw new FigureError(
        `All norms of "${name}" are 0, which a logarithmic axis cannot show: no gradient arrives there. ` +
          "Look for a part of the network that the loss does not depend on.",
      );
    }
    const zeros = all.filter(({ norm }) => norm === 0).map(({ step }) => step);
    if (zeros.length > 0) {
      const runs = runsOf(zeros);
      const place = runs.map(([from, to]) => (from === to ? `${from}` : `${from} to ${to}`));
      notDrawn.push(
        ` Of ${name}, ${formatNumber(zeros.length)} norms are 0: at ${xTitle} ${place.join(", ")}.`,
      );
      areas.push(
        ...emptyAreas(name, { runs, steps: all.length, color: palette[index % palette.length] }),
      );
    }
    return { name, x: shown.map(({ step }) => step), y: shown.map(({ norm }) => norm) };
  });
  const figure = curvesFigure(curves, { ...options, xTitle, yTitle, yScale: "log" });
  figure.layout.shapes = [...areas, ...(figure.layout.shapes ?? [])];
  figure.summary += notDrawn.join("");
  return figure;
}

/** Neighbouring steps, both ends included. */
type Run = [from: number, to: number];

function runsOf(steps: readonly number[]): Run[] {
  const runs: Run[] = [];
  for (const step of steps) {
    const last = runs.at(-1);
    if (last && last[1] === step - 1) {
      last[1] = step;
    } else {
      runs.push([step, step]);
    }
  }
  return runs;
}

/** Shaded where no gradient arrives, which a logarithmic axis cannot show; named where there is room. */
function emptyAreas(
  name: string,
  { runs, steps, color }: { runs: readonly Run[]; steps: number; color: string },
): Partial<Shape>[] {
  const text = `no gradient: ${plainText(name)}`;
  return runs.map(([from, to]) => ({
    type: "rect",
    layer: "below",
    xref: "x",
    x0: from - 0.5,
    x1: to + 0.5,
    yref: "paper",
    y0: 0,
    y1: 1,
    line: { width: 0 },
    fillcolor: color,
    opacity: 0.18,
    // A character takes about a hundredth of the axis.
    ...((to - from + 1) / steps > text.length / 90
      ? { label: { text, textposition: "bottom center", font: { size: 12, color: inkColor } } }
      : {}),
  }));
}
