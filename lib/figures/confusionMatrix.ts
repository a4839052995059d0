import type { Data } from "plotly.js";
import { nameOf } from "../errors";
import { requireNames } from "../optionNames";
import { colorBar, type Figure, FigureError, styledFigure } from "./figure";
import { matrixAxis, sequentialScale } from "./heatMap";
import { formatNumber } from "./numberFormat";

export interface ConfusionMatrixOptions {
  /** Default "Confusion matrix". */
  title?: string;
  /** Names of classes 0, 1, ... Default: their numbers. */
  classNames?: readonly string[];
  /**
   * What the colours tell: "shares" of a row, of which the diagonal has the most, or "mistakes" alone:
   * the diagonal has no colour, the most frequent mistake is brightest. Default "shares".
   */
  colors?: "shares" | "mistakes";
}

/** More rows cannot be read. */
const mostClasses = 40;

/**
 * Which class was taken for which: a row a true class, a column a predicted one. The number in a cell is
 * how often that happened, its colour the share of the row.
 *
 * @param truth N classes, whole numbers from 0
 * @param predicted N classes, in the same order
 * @throws FigureError for lists of different lengths, nothing to count, what is no class, or other colours
 *
 * @example
 * show(confusionMatrixFigure(labels, predictions, { classNames: ["cat", "dog"] }));
 */
export function confusionMatrixFigure(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  options: ConfusionMatrixOptions = {},
): Figure {
  requireNames<ConfusionMatrixOptions>(
    "confusionMatrixFigure",
    options,
    { title: true, classNames: true, colors: true },
    { Thrown: FigureError },
  );
  const { title = "Confusion matrix", classNames, colors = "shares" } = options;
  if (colors !== "shares" && colors !== "mistakes") {
    throw new FigureError(
      `The colours are ${JSON.stringify(colors)}, but must be "shares" or "mistakes".`,
    );
  }
  for (const [name, list] of Object.entries({ true: truth, predicted })) {
    if (typeof list !== "object" || typeof list?.length !== "number") {
      throw new FigureError(
        `The ${name} classes are ${nameOf(list)}, but must be a list: of a tensor its values, dataSync().`,
      );
    }
  }
  const counts = count(truth, predicted, classNames);
  const names = counts.map((_, label) => classNames?.[label] ?? String(label));
  const totals = counts.map((row) => row.reduce((sum, value) => sum + value, 0));
  const shares = counts.map((row, label) =>
    row.map((value) => (totals[label] > 0 ? Number((value / totals[label]).toFixed(4)) : 0)),
  );
  const isOff = colors === "mistakes";
  const drawn = isOff
    ? shares.map((row, label) => row.map((share, taken) => (taken === label ? null : share)))
    : shares;
  const most = Math.max(0, ...drawn.flat().map((share) => share ?? 0));
  const data = {
    type: "heatmap",
    z: drawn,
    zmin: 0,
    zmax: isOff && most > 0 ? most : 1,
    text: counts.map((row) => row.map(formatNumber)),
    texttemplate: "%{text}",
    xgap: 1,
    ygap: 1,
    colorscale: sequentialScale,
    colorbar: colorBar("share of the true class", { tickformat: isOff ? ".1%" : ".0%" }),
    hovertemplate: "%{text} of true %{y} taken for %{x} (%{z:.1%})<extra></extra>",
  } as unknown as Data;
  return styledFigure({
    title,
    data: [data],
    layout: {
      height: Math.min(680, Math.max(320, 150 + 36 * counts.length)),
      xaxis: matrixAxis("predicted class", names),
      yaxis: matrixAxis("true class", names, { autorange: "reversed" }),
    },
    summary: `${title}: ${describe(counts, totals, names)}`,
  });
}

function count(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  classNames: readonly string[] | undefined,
): number[][] {
  if (truth.length !== predicted.length) {
    throw new FigureError(
      `There are ${formatNumber(truth.length)} true classes but ${formatNumber(predicted.length)} ` +
        "predicted ones. Pass one of each for every example, in the same order.",
    );
  }
  if (truth.length === 0) {
    throw new FigureError("There are no examples to count. Pass at least one.");
  }
  let classes = classNames?.length ?? 0;
  for (const list of [truth, predicted]) {
    for (let i = 0; i < list.length; i++) {
      const label = list[i];
      if (!Number.isInteger(label) || label < 0 || label >= mostClasses) {
        throw new FigureError(
          `The class of example ${i} is ${label}, but must be a whole number from 0 to ` +
            `${mostClasses - 1}. Of one-hot rows or probabilities take argMax first.`,
        );
      }
      if (label < classes) {
        continue;
      }
      if (classNames) {
        throw new FigureError(
          `Example ${i} has the class ${label}, but there are names for ${classNames.length} classes only.`,
        );
      }
      classes = label + 1;
    }
  }
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let i = 0; i < truth.length; i++) {
    counts[truth[i]][predicted[i]] += 1;
  }
  return counts;
}

function describe(
  counts: readonly number[][],
  totals: readonly number[],
  names: readonly string[],
): string {
  const all = totals.reduce((sum, total) => sum + total, 0);
  const right = counts.reduce((sum, row, label) => sum + row[label], 0);
  const percent = (share: number) => `${formatNumber(Number((100 * share).toFixed(1)))} %`;
  const mistakes = counts
    .flatMap((row, label) => row.map((value, taken) => ({ label, taken, value })))
    .filter(({ label, taken, value }) => label !== taken && value > 0)
    .sort((a, b) => b.value - a.value)
    .slice(0, 3)
    .map(
      ({ label, taken, value }) =>
        `${names[label]} for ${names[taken]} ${formatNumber(value)} times`,
    );
  const recalls = counts
    .map((row, label) => ({ label, recall: row[label] / totals[label] }))
    .filter(({ label }) => totals[label] > 0)
    .sort((a, b) => a.recall - b.recall);
  const hardest = recalls[0];
  return (
    `${formatNumber(right)} of ${formatNumber(all)} right (${percent(right / all)}); ` +
    (mistakes.length === 0
      ? "no mistakes."
      : `most often taken: ${mistakes.join(", ")}; fewest found of ${names[hardest.label]} ` +
        `(${percent(hardest.recall)}).`)
  );
}
