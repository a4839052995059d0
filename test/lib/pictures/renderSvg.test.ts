import assert from "node:assert/strict";
import { test } from "node:test";
import { JSDOM } from "jsdom";
import {
  barFigure,
  FigureError,
  frequencyFigure,
  heatMapFigure,
  historyFigure,
  runsFigure,
} from "karenina";
import { PNG } from "pngjs";
import { textWidth } from "../../../lib/figures/drawing";
import { renderSvg } from "../../../lib/pictures/renderSvg";
import { trainingRows } from "../figures/trainingRows";

const rows = trainingRows(200);

function parse(svg: string): Element {
  const { document } = new JSDOM(svg, { contentType: "image/svg+xml" }).window;
  return document.documentElement;
}

function texts(root: Element): string[] {
  return [...root.querySelectorAll("text")].map((text) => text.textContent ?? "");
}

test("the picture has the figure's title, axes, legend, reference and lines", () => {
  const figure = historyFigure(rows, {
    title: "Tolstoy & <Co>",
    references: { "bigram floor": 2.51 },
    panels: ["gradientNorm"],
  });
  const root = parse(renderSvg(figure));
  const shown = texts(root);
  const expected = ["Tolstoy & <Co>", "step", "loss (nats)", "gradient norm", "validation loss"];
  for (const text of [...expected, "bigram floor = 2.51"]) {
    assert.ok(shown.includes(text), text);
  }
  assert.equal(root.querySelectorAll(".scatterlayer .trace").length, 4);
  for (const path of root.querySelectorAll(".js-line")) {
    assert.match(path.getAttribute("d")!, /^M[\d.-]+,[\d.-]+/);
    assert.doesNotMatch(path.getAttribute("d")!, /NaN/);
  }
});

test("every label below bars is there, in lines where it would not fit in one", () => {
  const short = ["bare", "L2", "L1", "dropout", "early stopping", "less capacity", "more data"];
  const labels = [...short, "more data, stopped"];
  const heights = labels.map((_, i) => i + 1);
  const root = parse(renderSvg(barFigure(labels, { validation: heights, test: heights })));
  const shown = [...root.querySelectorAll("text.xtick, .xtick text")];
  assert.deepEqual(
    shown.map((text) => {
      const lines = [...text.querySelectorAll("tspan")].map(({ textContent }) => textContent);
      return lines.length > 0 ? lines.join(" ") : text.textContent;
    }),
    labels,
  );
  for (const text of shown) {
    assert.doesNotMatch(text.getAttribute("transform") ?? "", /rotate\((?!0)/, "none is turned");
  }
  const long = barFigure(["a", "a word of twenty-five letters"], [1, 2]);
  assert.deepEqual(long.layout.xaxis?.ticktext, ["a", "a word of twenty-five letters"]);
  const narrow = Array.from({ length: 20 }, (_, i) => `number ${i}`);
  assert.deepEqual(
    barFigure(
      narrow,
      narrow.map((_, i) => i),
    ).layout.xaxis?.ticktext,
    narrow,
  );
});

test("there is a bar a symbol, as tall as its count", () => {
  const root = parse(renderSvg(frequencyFigure("aaaabbc")));
  const heights = [...root.querySelectorAll(".bars .point path")].map((path) => {
    const [, from, to] = /^M[\d.]+,([\d.]+)V([\d.]+)/.exec(path.getAttribute("d")!)!;
    return Number(from) - Number(to);
  });
  assert.equal(heights.length, 3);
  assert.ok(Math.abs(heights[0] / heights[2] - 4) < 0.05);
  assert.ok(Math.abs(heights[1] / heights[2] - 2) < 0.05);
});

test("nothing is drawn outside of the picture, and labels do not overlap the axis", () => {
  const root = parse(renderSvg(historyFigure(rows), { width: 500, height: 300 }));
  assert.equal(root.getAttribute("width"), "500");
  assert.equal(root.getAttribute("height"), "300");
  for (const text of root.querySelectorAll("text")) {
    const x = Number(text.getAttribute("x"));
    const y = Number(text.getAttribute("y"));
    assert.ok(x >= 0 && x <= 500 && y >= 0 && y <= 300, `${text.textContent} at ${x}, ${y}`);
  }
});

test("equal figures give equal pictures, and the figure is left alone", () => {
  const figure = runsFigure({ A: rows, B: rows });
  const before = JSON.stringify(figure);
  assert.equal(renderSvg(figure), renderSvg(figure));
  assert.equal(JSON.stringify(figure), before);
});

test("an ordinary figure takes little room", () => {
  assert.ok(renderSvg(historyFigure(trainingRows(50))).length < 15_000);
  assert.ok(renderSvg(historyFigure(trainingRows(20_000))).length < 40_000);
});

test("what needs a browser is refused, not drawn wrong", () => {
  for (const type of ["surface", "scatter3d", "scattergl"] as const) {
    assert.throws(
      () => renderSvg({ data: [{ type, z: [[1, 2]] }], layout: {} }),
      (error) => error instanceof FigureError && /only be drawn in a browser/.test(error.message),
    );
  }
});

test("text is as wide as it is in Arial, within a fifth", () => {
  // Widths at 12 pixels, measured by Chromium.
  const measured: [string, number][] = [
    ["loss (nats)", 55.3],
    ["validation loss", 75.4],
    ["learning rate", 66.7],
    ["SGD Momentum", 89.4],
  ];
  for (const [text, width] of measured) {
    assert.ok(Math.abs(textWidth(text, 12) / width - 1) < 0.2, `${text}: ${textWidth(text, 12)}`);
  }
});

test("pictures are drawn by the release that draws in the browser", () => {
  const still = require("plotly.js-cartesian-dist-min/package.json") as { version: string };
  const live = require("plotly.js-dist/package.json") as { version: string };
  assert.equal(still.version, live.version);
});

test("a heat map's cells are rectangles of equal pixels, which no viewer blurs", () => {
  const svg = renderSvg(
    heatMapFigure(
      [
        [0, 1, 0, 1],
        [1, 0, 1, 0],
      ],
      { showValues: false },
    ),
  );
  const image = parse(svg).querySelector("image")!;
  const [, base64] = image.getAttribute("xlink:href")!.split("base64,");
  const { width, height, data } = PNG.sync.read(Buffer.from(base64, "base64"));
  assert.deepEqual(
    [width, height],
    ["width", "height"].map((name) => Number(image.getAttribute(name))),
  );
  const at = (x: number, y: number) => data.readUInt32BE(4 * (y * width + x));
  const [dark, bright] = [at(0, 0), at(width - 1, 0)];
  assert.notEqual(dark, bright);
  for (let i = 0; i < data.length; i += 4) {
    assert.ok(
      [dark, bright].includes(data.readUInt32BE(i)),
      `pixel ${i / 4} is of no cell's colour`,
    );
  }
  const middle = (part: number, parts: number, size: number) =>
    Math.floor(((part + 0.5) * size) / parts);
  for (const [row, cells] of [
    [0, 1, 0, 1],
    [1, 0, 1, 0],
  ].entries()) {
    for (const [column, value] of cells.entries()) {
      const found = at(middle(column, 4, width), middle(row, 2, height));
      assert.equal(found, value === 1 ? bright : dark, `row ${row}, column ${column}`);
    }
  }
});
