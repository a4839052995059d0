import type { Layout } from "plotly.js";
import { requireNames } from "../optionNames";
import { axis, type Figure, FigureError, palette, plainText, styledFigure } from "./figure";
import { formatNumber, hoverFormat, numberFormat, roundingOf } from "./numberFormat";
import { requireCount, requireNumbers } from "./numbers";

export interface BarsOptions {
  title?: string;
  /** How many bars, from the tallest down. Default 20 for probabilities, 40 for frequencies. */
  top?: number;
}

/**
 * What a network expects next: one bar a symbol, the likeliest first.
 *
 * @param probabilities shape (V), each from 0 to 1, together 1
 * @param symbols the V symbols in the same order, such as `vocabulary.symbols`
 * @throws FigureError where lengths differ, a value is no probability, or they do not add up to 1
 */
export function probabilityFigure(
  probabilities: ArrayLike<number>,
  symbols: readonly string[],
  options: BarsOptions = {},
): Figure {
  requireNames<BarsOptions>(
    "probabilityFigure",
    options,
    { title: true, top: true },
    { Thrown: FigureError },
  );
  const { title = "Probability of the next character", top = 20 } = options;
  requireNumbers("probability", probabilities);
  if (probabilities.length !== symbols.length) {
    throw new FigureError(
      `There are ${probabilities.length} probabilities but ${symbols.length} symbols. Pass one symbol ` +
        "a probability, in the same order.",
    );
  }
  let sum = 0;
  for (let i = 0; i < probabilities.length; i++) {
    const value = probabilities[i];
    if (value < 0 || value > 1 + 1e-3) {
      throw new FigureError(
        `The probability of ${visible(symbols[i])} is ${value}, but must be from 0 to 1. Apply softmax ` +
          "to logits first.",
      );
    }
    sum += value;
  }
  if (Math.abs(sum - 1) > 1e-3) {
    throw new FigureError(
      `The probabilities add up to ${formatNumber(sum)} instead of 1. Apply softmax to logits first, ` +
        "and pass those of one position only.",
    );
  }
  const entries = symbols.map((symbol, i) => ({ symbol, value: probabilities[i] }));
  return rankedBars({ entries, top, title, yTitle: "probability", noun: "symbols" });
}

/**
 * How often each symbol occurs, the most frequent first.
 *
 * @param counts occurrences by symbol; of a string, its characters (code points) are counted
 * @throws FigureError for nothing to count, or a count that is not a whole number from 0 up
 */
export function frequencyFigure(
  counts: string | ReadonlyMap<string, number> | Readonly<Record<string, number>>,
  options: BarsOptions = {},
): Figure {
  requireNames<BarsOptions>(
    "frequencyFigure",
    options,
    { title: true, top: true },
    { Thrown: FigureError },
  );
  const { title = "How often each character occurs", top = 40 } = options;
  const pairs = countPairs(counts);
  requireNumbers(
    "count",
    pairs.map(([, count]) => count),
    (i) => `of ${visible(pairs[i][0])}`,
  );
  for (const [symbol, count] of pairs) {
    if (!Number.isInteger(count) || count < 0) {
      throw new FigureError(
        `The count of ${visible(symbol)} is ${count}, but must be a whole number from 0 up.`,
      );
    }
  }
  const entries = pairs.map(([symbol, value]) => ({ symbol, value }));
  return rankedBars({ entries, top, title, yTitle: "occurrences", noun: "symbols" });
}

/** A symbol as a label: what has no shape of its own gets a sign that stands for it. */
export function visible(symbol: string): string {
  const signs: Record<string, string> = {
    " ": "␣",
    // One sign wide: a longer label would make Plotly turn all labels on their sides.
    "\u00a0": "◦",
    "\n": "⏎",
    "\t": "⇥",
    "\r": "␍",
    "": "∅",
  };
  const sign = signs[symbol];
  if (sign !== undefined) {
    return sign;
  }
  if (!/[\p{C}\p{Z}\p{M}]/u.test(symbol)) {
    return symbol;
  }
  return Array.from(symbol, (part) =>
    /[\p{C}\p{Z}\p{M}]/u.test(part)
      ? `U+${part.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}`
      : part,
  ).join("");
}

function countPairs(counts: Parameters<typeof frequencyFigure>[0]): [string, number][] {
  if (typeof counts === "string") {
    const found = new Map<string, number>();
    for (const symbol of counts) {
      found.set(symbol, (found.get(symbol) ?? 0) + 1);
    }
    return [...found];
  }
  return counts instanceof Map ? [...counts] : Object.entries(counts);
}

function rankedBars(parts: {
  entries: { symbol: string; value: number }[];
  top: number;
  title: string;
  yTitle: string;
  noun: string;
}): Figure {
  const { entries, top, title, yTitle, noun } = parts;
  requireCount("top", top);
  const sorted = [...entries].sort((a, b) => b.value - a.value);
  const shown = sorted.slice(0, top);
  const rest = sorted.slice(top).reduce((sum, entry) => sum + entry.value, 0);
  const labels = shown.map(({ symbol }) => visible(symbol));
  const left = sorted.length - shown.length;
  const values = shown.map(({ value }) => value);
  const layout: Partial<Layout> = {
    showlegend: false,
    bargap: 0.15,
    // Bars stand at their rank, not at their label, for "1" is a symbol too and labels may repeat.
    xaxis: axis(left > 0 ? `symbol (${left} rarer ones not shown)` : "symbol", {
      tickvals: shown.map((_, rank) => rank),
      ticktext: labels.map(plainText),
      showgrid: false,
    }),
    yaxis: axis(yTitle, { rangemode: "tozero", ...hoverFormat(values) }),
  };
  const say = numberFormat(values);
  const named = shown.slice(0, 5).map(({ value }, i) => `${labels[i]} ${say(value)}`);
  const least = sorted[sorted.length - 1];
  const summary =
    `${title}: ${formatNumber(sorted.length)} ${noun}; most: ${named.join(", ")}; ` +
    `least: ${visible(least.symbol)} ${formatNumber(least.value)}.` +
    (left > 0 ? ` The ${left} not shown have ${formatNumber(rest)} together.` : "");
  return styledFigure({
    title,
    data: [
      {
        type: "bar",
        x: shown.map((_, rank) => rank),
        y: values.map(roundingOf(values)),
        customdata: labels.map(plainText),
        hovertemplate: `%{customdata}: %{y}<extra></extra>`,
        marker: { color: palette[0] },
      },
    ],
    layout,
    summary,
  });
}
