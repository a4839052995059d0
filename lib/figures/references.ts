import type { Shape } from "plotly.js";
import { FigureError, inkColor, plainText } from "./figure";
import { formatNumber } from "./numbers";

/** Values worth comparing with, by name, such as `{ "bigram floor": 2.51 }`. */
export type References = Readonly<Record<string, number>>;

/**
 * A dotted line across the first panel for each value, with its name and number at the right end.
 *
 * @param highest of the values drawn: what lies above has its label below the line, inside the panel
 * @throws FigureError for a value that is not a finite number
 */
export function referenceLines(references: References, highest: number): Partial<Shape>[] {
  return Object.entries(references).map(([name, value]) => {
    if (!Number.isFinite(value)) {
      throw new FigureError(
        `The reference line "${name}" stands at ${value}, but must be a finite number.`,
      );
    }
    return {
      type: "line",
      xref: "paper",
      x0: 0,
      x1: 1,
      yref: "y",
      y0: value,
      y1: value,
      line: { color: inkColor, width: 1.5, dash: "dot" },
      label: {
        text: `${plainText(name)} = ${formatNumber(value)}`,
        textposition: "end",
        xanchor: "right",
        yanchor: value > highest - 0.05 * Math.abs(highest) ? "top" : "bottom",
        font: { size: 12, color: inkColor },
      },
    };
  });
}

/** How a value stands to each reference, as a sentence; empty without references. */
export function describeReferences(what: string, value: number, references: References): string {
  return Object.entries(references)
    .map(([name, reference]) => {
      const distance = value - reference;
      const side = distance < 0 ? "below" : "above";
      return (
        ` The ${what} ends ${formatNumber(Math.abs(distance))} ${side} the ${name} ` +
        `(${formatNumber(reference)}).`
      );
    })
    .join("");
}
