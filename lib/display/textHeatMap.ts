import { escape as escapeHtml } from "html-escaper";
import { nameOf } from "../errors";
import { FigureError } from "../figures/figure";
import { formatNumber } from "../figures/numberFormat";
import { requireNumbers } from "../figures/numbers";
import { requireNames } from "../optionNames";
import { display } from "./display";

export interface TextHeatMapOptions {
  /** Stands above the text. */
  title?: string;
  /** What the values are, for the legend. Default "probability". */
  valueName?: string;
  /** The value with the strongest colour. Default: the largest size of a value. */
  strongest?: number;
}

/** Colours of values above and below zero; see-through, so that any theme's text stays readable. */
const hues = { above: "230, 159, 0", below: "0, 114, 178" };

/** How many shades a colour has; neighbours of one shade share an element, which keeps it small. */
const shades = 12;

/** The strongest colour lets this much of the page through. */
const densest = 0.75;

/**
 * Shows a text with a colour behind each character: orange for values above zero, blue for those below,
 * stronger the farther from it. It shows where a network was sure of the next character, or what one
 * cell of its state follows (Karpathy, Johnson and Fei-Fei 2015, "Visualizing and understanding
 * recurrent networks").
 *
 * @param text its symbols (code points), or a list of them, such as decoded codes
 * @param values one a symbol
 * @throws FigureError where there are not as many values as symbols, or one is not finite
 *
 * @example
 * textHeatMap("Happy families", probabilities, { title: "How sure was the network?" });
 */
export function textHeatMap(
  text: string | readonly string[],
  values: ArrayLike<number>,
  options: TextHeatMapOptions = {},
): void {
  requireNames<TextHeatMapOptions>(
    "textHeatMap",
    options,
    { title: true, valueName: true, strongest: true },
    { Thrown: FigureError },
  );
  const { title, valueName = "probability" } = options;
  if (typeof text !== "string" && !Array.isArray(text)) {
    throw new FigureError(
      `textHeatMap was given ${nameOf(text)}, but colours a text, or a list of its symbols.`,
    );
  }
  const symbols = Array.from(text);
  requireNumbers(valueName, values, (i) => `of symbol ${i}`);
  if (symbols.length !== values.length) {
    throw new FigureError(
      `The text has ${symbols.length} symbols, but there are ${values.length} values. Pass one value a ` +
        "symbol; a character beyond the basic plane, such as an emoji, is one symbol.",
    );
  }
  const largest = Array.from(values).reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  const { strongest = largest } = options;
  const legend = describe(symbols, values, valueName);
  const heading = title === undefined ? "" : `<b>${escapeHtml(title)}</b>`;
  const body = coloured(symbols, values, strongest || 1);
  display({
    "text/html":
      `<div>${heading}<pre style="white-space: pre-wrap">${body}</pre>` +
      `<div><small>${escapeHtml(legend)}</small></div></div>`,
    "text/plain": [title, symbols.join(""), legend].filter((part) => part !== undefined).join("\n"),
  });
}

function coloured(symbols: string[], values: ArrayLike<number>, strongest: number): string {
  const runs: { shade: number; text: string }[] = [];
  symbols.forEach((symbol, i) => {
    const size = Math.max(-1, Math.min(1, values[i] / strongest));
    const shade = Math.round(size * shades);
    const last = runs[runs.length - 1];
    if (last?.shade === shade) {
      last.text += symbol;
    } else {
      runs.push({ shade, text: symbol });
    }
  });
  return runs
    .map(({ shade, text }) => {
      if (shade === 0) {
        return escapeHtml(text);
      }
      const hue = shade > 0 ? hues.above : hues.below;
      const density = Number(((densest * Math.abs(shade)) / shades).toFixed(2));
      return `<span style="background-color: rgba(${hue}, ${density})">${escapeHtml(text)}</span>`;
    })
    .join("");
}

/** The range, and the symbols with the lowest and the highest values, for those who see no colours. */
function describe(symbols: string[], values: ArrayLike<number>, valueName: string): string {
  const order = symbols.map((_, i) => i).sort((a, b) => values[b] - values[a]);
  const name = (i: number) => `${JSON.stringify(symbols[i])} (${i}) ${formatNumber(values[i])}`;
  const count = Math.min(3, order.length);
  const highest = order.slice(0, count).map(name).join(", ");
  const lowest = order.slice(-count).reverse().map(name).join(", ");
  return `${valueName} of each symbol; highest: ${highest}; lowest: ${lowest}`;
}
