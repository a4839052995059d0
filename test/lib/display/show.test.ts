import assert from "node:assert/strict";
import { test } from "node:test";
import { JSDOM } from "jsdom";
import { computationGraphFigure, type Figure, historyFigure, lossSurfaceFigure } from "karenina";
import { packTraces } from "../../../lib/display/packTraces";
import { show } from "../../../lib/display/show";
import { trainingRows } from "../figures/trainingRows";
import { record } from "./recorder";

const figure = historyFigure(trainingRows(60), { title: 'Tolstoy & "<Co>"' });

test("a figure is shown as a live plot, a picture and a text", () => {
  const [shown] = record(() => show(figure));
  const { layout } = figure;
  assert.deepEqual(shown.bundle["application/vnd.plotly.v1+json"], {
    data: packTraces(figure.data),
    layout,
    config: { responsive: true, displaylogo: false, typesetMath: false },
  });
  assert.equal(shown.text, figure.summary);
  const img = new JSDOM(shown.html).window.document.querySelector("img")!;
  assert.equal(img.alt, figure.summary);
  const svg = decodeURIComponent(img.src.replace("data:image/svg+xml,", ""));
  const root = new JSDOM(svg, { contentType: "image/svg+xml" }).window.document.documentElement;
  assert.equal(root.querySelector(".gtitle")!.textContent, 'Tolstoy & "<Co>"');
  assert.ok(JSON.stringify(shown.bundle).length < 30_000);
});

test("one figure can take the place of another", () => {
  const shown = record(() => {
    show(figure, { id: "a" });
    show(figure, { id: "a", update: true });
  });
  assert.deepEqual(
    shown.map(({ id, update }) => [id, update]),
    [
      ["a", undefined],
      ["a", true],
    ],
  );
});

test("what cannot be drawn without a browser has words in the picture's place", () => {
  const surface: Figure = {
    data: [{ type: "surface", z: [[1, 2]] }],
    layout: {},
    summary: "A surface <1 to 2>",
  };
  const [shown] = record(() => show(surface));
  const { document } = new JSDOM(shown.html).window;
  assert.equal(document.querySelector("img"), null);
  assert.equal(document.querySelector("p")!.textContent, "A surface <1 to 2>");
  const [untold] = record(() => show({ data: [], layout: { title: { text: "Nothing" } } }));
  assert.equal(untold.text, "Nothing");
});

test("a drawing is shown as a picture and a text", () => {
  const graph = { nodes: [{ id: "a", label: '<a> & "b"', value: 2 }], edges: [] };
  const drawing = computationGraphFigure(graph);
  const [shown] = record(() => show(drawing, { id: "g" }));
  assert.equal(shown.id, "g");
  assert.equal(shown.text, 'Computation graph: 1 values, 0 edges: <a> & "b" = 2.');
  const img = new JSDOM(shown.html).window.document.querySelector("img")!;
  assert.equal(img.alt, drawing.summary);
  const svg = decodeURIComponent(img.src.replace("data:image/svg+xml,", ""));
  assert.equal(svg, drawing.svg.replace(/"/g, "'"));
});

test("frames go to every form that can move, and the picture does without", () => {
  const figure = lossSurfaceFigure((x, y) => x * x + y * y, {
    xRange: [-1, 1],
    yRange: [-1, 1],
    resolution: 10,
    paths: {
      SGD: [
        [1, 1],
        [0, 0],
      ],
    },
  });
  const [shown] = record(() => show(figure));
  const plotly = shown.bundle["application/vnd.plotly.v1+json"] as Figure;
  assert.deepEqual(plotly.frames, figure.frames);
  assert.ok(shown.html.includes('"frames":[{"name":"0"'));
  assert.ok(new JSDOM(shown.html).window.document.querySelector("img"));
});

test("a figure that Plotly cannot read is reported in words", () => {
  const broken = { data: [{ type: "bar", y: () => 1 }], layout: {}, summary: "Broken" };
  const [shown] = record(() => show(broken as unknown as Figure));
  const { document } = new JSDOM(shown.html).window;
  assert.equal(document.querySelector("p")!.textContent, "Broken");
});

test("in a terminal the text is all that is made", () => {
  const [shown] = record(() => show(figure), "terminal");
  assert.deepEqual(shown.bundle, { "text/plain": figure.summary });
});

test("what is no figure is refused with the function to call instead", () => {
  assert.throws(() => show([1, 2] as unknown as Figure), /For rows of values call table\(\)/);
  assert.throws(() => show(undefined as unknown as Figure), /show\(\) takes a figure/);
});

test("importing the library loads neither jsdom nor Plotly", () => {
  const { execFileSync } = require("node:child_process") as typeof import("node:child_process");
  const code = `require("karenina"); console.log(Object.keys(require.cache).filter((f) => /jsdom|plotly\\.js/.test(f)).length)`;
  const tsx = require.resolve("tsx/cjs");
  const out = execFileSync(process.execPath, ["-r", tsx, "-e", code], { encoding: "utf8" });
  assert.equal(out.trim(), "0");
});
