// Labels of figures are a small HTML of Plotly's: texts of users stand in it as they are.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import * as library from "karenina";
import {
  barFigure,
  confusionMatrixFigure,
  decisionBoundaryFigure,
  type Figure,
  frequencyFigure,
  gradientNormFigure,
  heatMapFigure,
  histogramFigure,
  historyFigure,
  lineFigure,
  lossReliefFigure,
  lossSurfaceFigure,
  parallelCoordinatesFigure,
  probabilityFigure,
  runsFigure,
  scatterFigure,
  schedulesFigure,
} from "karenina";
import { trainingRows } from "../figures/trainingRows";
import { hostileText, NASTY, parseHtml, skeletonOf } from "./hostileText";

const rows = trainingRows(4);
const points = [
  [0, 0],
  [1, 1],
];
const ranges = { xRange: [-1, 1], yRange: [-1, 1], resolution: 4 } as const;
const bowl = (x: number, y: number) => x * x + y * y - 0.5;

/** Each figure with a text wherever it takes one. */
const figures: Record<string, (text: string) => Figure> = {
  barFigure: (text) =>
    barFigure(
      [text, `${text}2`],
      { [text]: [1, 2], [`${text}2`]: [2, 1] },
      { title: text, xTitle: text, yTitle: text, references: { [text]: 1 } },
    ),
  confusionMatrixFigure: (text) =>
    confusionMatrixFigure([0, 1], [1, 1], { title: text, classNames: [text, `${text}2`] }),
  decisionBoundaryFigure: (text) =>
    decisionBoundaryFigure(bowl, points, {
      ...ranges,
      title: text,
      xTitle: text,
      yTitle: text,
      scoreTitle: text,
      labels: [text, `${text}2`],
    }),
  frequencyFigure: (text) => frequencyFigure(new Map([[text, 1]]), { title: text }),
  gradientNormFigure: (text) =>
    gradientNormFigure(
      { [text]: [1, 2], [`${text}2`]: [1, 2] },
      { title: text, xTitle: text, yTitle: text, references: { [text]: 1 } },
    ),
  heatMapFigure: (text) =>
    heatMapFigure([[1, 2]], {
      title: text,
      xTitle: text,
      yTitle: text,
      valueTitle: text,
      rows: [text],
      columns: [text, text],
    }),
  histogramFigure: (text) =>
    histogramFigure(
      { [text]: [1, 2], [`${text}2`]: [1, 2] },
      { title: text, xTitle: text, rowTitle: text },
    ),
  historyFigure: (text) =>
    historyFigure(rows, { title: text, lossUnit: text, references: { [text]: 1 } }),
  lineFigure: (text) =>
    lineFigure(
      [1, 2],
      { [text]: [1, 2], [`${text}2`]: [1, 2] },
      { title: text, xTitle: text, yTitle: text, references: { [text]: 1 } },
    ),
  lossReliefFigure: (text) =>
    lossReliefFigure(bowl, {
      ...ranges,
      title: text,
      xTitle: text,
      yTitle: text,
      paths: { [text]: [...points, [0, 0.5]] },
    }),
  lossSurfaceFigure: (text) =>
    lossSurfaceFigure(bowl, {
      ...ranges,
      title: text,
      xTitle: text,
      yTitle: text,
      paths: { [text]: [...points, [0, 0.5]] },
    }),
  parallelCoordinatesFigure: (text) =>
    parallelCoordinatesFigure(
      [
        { [`a${text}`]: text, loss: 1 },
        { [`a${text}`]: `${text}2`, loss: 2 },
      ],
      { title: text, color: "loss" },
    ),
  probabilityFigure: (text) => probabilityFigure([0.5, 0.5], [text, "b"], { title: text }),
  runsFigure: (text) =>
    runsFigure(
      { [text]: rows, [`${text}2`]: rows },
      { title: text, lossUnit: text, references: { [text]: 1 } },
    ),
  scatterFigure: (text) =>
    scatterFigure(points, {
      title: text,
      xTitle: text,
      yTitle: text,
      labels: [0, 1],
      classNames: { 0: text, 1: `${text}2` },
    }),
  schedulesFigure: (text) =>
    schedulesFigure({ [text]: () => 1, [`${text}2`]: () => 2 }, { steps: 3, title: text }),
};

/** All strings in a value, at any depth. */
function stringsIn(value: unknown): string[] {
  if (typeof value === "string") {
    return [value];
  }
  if (typeof value !== "object" || value === null) {
    return [];
  }
  return Object.values(value).flatMap(stringsIn);
}

test("each figure that the library makes is here, or is a drawing", () => {
  const drawn = [
    "computationGraphFigure",
    "imageGridFigure",
    "recurrentCellFigure",
    "unfoldedRnnFigure",
  ];
  const made = Object.keys(library).filter((name) => /^[a-z]\w*Figure$/.test(name));
  assert.deepEqual(made.sort(), [...Object.keys(figures), ...drawn].sort());
});

for (const [name, figureOf] of Object.entries(figures)) {
  test(`${name}: labels hold no element of the text's`, () => {
    // The library's own: bold names, line ends, and no second box at a point.
    const own = /^(B|BR|EXTRA)$/;
    fc.assert(
      fc.property(hostileText, (text) => {
        const { data, layout, frames } = figureOf(text);
        for (const label of stringsIn({ data, layout, frames })) {
          if (!label.includes("<")) {
            continue;
          }
          for (const tag of skeletonOf(parseHtml(label))) {
            assert.match(tag, own, label);
          }
          assert.doesNotMatch(label.replaceAll(/<(\/?b|br|extra|\/extra)>/g, ""), /[<>]/, label);
        }
      }),
      { seed: 8, numRuns: 30, examples: NASTY.map((text): [string] => [text]) },
    );
  });
}
