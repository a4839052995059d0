import type { Data } from "plotly.js";
import { requireNames } from "../optionNames";
import { axis, type Figure, FigureError, palette, plainText, styledFigure } from "./figure";
import { capital, formatNumber, hoverFormat, numberFormat, roundingOf } from "./numberFormat";
import { type NamedNumbers, namedNumbers, requirePositive } from "./numbers";
import { type References, referenceLines } from "./references";

export interface BarOptions {
  /** Default: the title of the y axis. */
  title?: string;
  /** What the labels are. Default none. */
  xTitle?: string;
  /** Quantity and unit of the values. Default "value". */
  yTitle?: string;
  /** "log" for values that differ by powers of ten. Default "linear". */
  yScale?: "linear" | "log";
  /** Values to compare with, by name: a dotted line across for each. */
  references?: References;
}

/** As many characters as stand below an axis in a figure of the usual width. */
const charactersBelowAxis = 90;

/**
 * Labels below their bars, in several lines where that makes room for them. Plotly turns labels that are
 * too wide, and drops a turned one that would leave the figure on the right.
 */
function tickTexts(labels: readonly string[]): string[] {
  const room = Math.floor(charactersBelowAxis / labels.length);
  const lines = labels.map((label) => {
    const all: string[] = [];
    for (const word of label.split(" ")) {
      const longer = [...all.slice(-1), word].join(" ");
      if (all.length > 0 && longer.length <= room) {
        all[all.length - 1] = longer;
      } else {
        all.push(word);
      }
    }
    return all;
  });
  const fit = lines.every((all) => all.every((line) => line.length <= room));
  return fit
    ? lines.map((all) => all.map(plainText).join("<br>"))
    : labels.map((label) => plainText(label));
}

/** More bars than these cannot be distinguished. */
const mostBars = 200;

/**
 * Bars in the order given, one a label; of several lists, the bars of one label stand side by side.
 *
 * @param labels N names
 * @param values one list of N values, or several by name
 * @throws FigureError for lists of different lengths, nothing to draw, more than 200 bars, or a value
 *   that is not finite
 *
 * @example
 * show(barFigure(["bigram", "LSTM"], [2.51, 1.62], { title: "Held-out loss", yTitle: "loss (nats)" }));
 */
export function barFigure(
  labels: readonly string[],
  values: NamedNumbers,
  options: BarOptions = {},
): Figure {
  requireNames<BarOptions>(
    "barFigure",
    options,
    { title: true, xTitle: true, yTitle: true, yScale: true, references: true },
    { Thrown: FigureError },
  );
  const { xTitle = "", yTitle = "value", yScale = "linear", references = {} } = options;
  const title = options.title ?? capital(yTitle);
  const groups = namedNumbers(values, yTitle);
  if (labels.length * groups.length > mostBars) {
    throw new FigureError(
      `${formatNumber(labels.length * groups.length)} bars are more than can be distinguished. Pass up to ` +
        `${mostBars}, or draw the distribution of the values with histogramFigure().`,
    );
  }
  let highest = Number.NEGATIVE_INFINITY;
  const sentences = groups.map(([name, list]) => {
    if (list.length !== labels.length) {
      throw new FigureError(
        `"${name}" has ${list.length} values, but there are ${labels.length} labels. Pass one value a ` +
          "label, in the same order.",
      );
    }
    if (yScale === "log") {
      requirePositive(name, list, (i) => `of ${labels[i]}`);
    }
    const order = labels.map((_, i) => i).sort((a, b) => list[b] - list[a]);
    const number = numberFormat(list);
    const say = (i: number) => `${labels[i]} ${number(list[i])}`;
    highest = Math.max(highest, list[order[0]]);
    const shown = labels.length <= 6 ? labels.map((_, i) => say(i)).join(", ") : "";
    const ends = `highest ${say(order[0])}, lowest ${say(order[order.length - 1])}`;
    return `${groups.length > 1 ? `${name}: ` : ""}${shown === "" ? "" : `${shown}; `}${ends}`;
  });
  const data = groups.map(
    ([name, list], index): Data => ({
      type: "bar",
      name: plainText(name),
      // Bars stand at their place, not at their label, for labels may be numbers or repeat.
      x: labels.map((_, i) => i),
      y: Array.from(list, roundingOf(list)),
      customdata: labels.map(plainText),
      hovertemplate: "%{customdata}: %{y}<extra></extra>",
      marker: { color: palette[index % palette.length] },
    }),
  );
  const compared = Object.entries(references).map(
    ([name, value]) => ` To compare with: ${name} ${formatNumber(value)}.`,
  );
  return styledFigure({
    title,
    data,
    layout: {
      barmode: "group",
      bargap: 0.2,
      showlegend: groups.length > 1,
      shapes: referenceLines(references, highest, yScale),
      xaxis: axis(xTitle, {
        tickvals: labels.map((_, i) => i),
        ticktext: tickTexts(labels),
        showgrid: false,
      }),
      yaxis: axis(yTitle, {
        type: yScale,
        ...hoverFormat(groups.flatMap(([, list]) => Array.from(list))),
        ...(yScale === "linear" ? { rangemode: "tozero" } : {}),
      }),
    },
    summary: `${title}: ${sentences.join("; ")}.${compared.join("")}`,
  });
}
