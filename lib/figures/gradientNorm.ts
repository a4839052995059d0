import { type Figure, FigureError } from "./figure";
import { type Curve, curvesFigure } from "./lines";
import { formatNumber, type NamedNumbersWithGaps, namedNumbersWithGaps } from "./numbers";
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
 * Bengio 2013).
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
  const { xTitle = "time step", yTitle = "gradient norm", firstStep = 0 } = options;
  const notDrawn: string[] = [];
  const curves = namedNumbersWithGaps(norms, yTitle).map(([name, values]): Curve => {
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
    const zeros = all.length - shown.length;
    if (zeros > 0) notDrawn.push(` Of ${name}, ${formatNumber(zeros)} norms are 0 and not drawn.`);
    return { name, x: shown.map(({ step }) => step), y: shown.map(({ norm }) => norm) };
  });
  const figure = curvesFigure(curves, { ...options, xTitle, yTitle, yScale: "log" });
  figure.summary += notDrawn.join("");
  return figure;
}
