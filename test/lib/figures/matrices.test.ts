import assert from "node:assert/strict";
import { test } from "node:test";
import { JSDOM } from "jsdom";
import { confusionMatrixFigure, type Figure, heatMapFigure, imageGridFigure } from "karenina";
import { PNG } from "pngjs";
import { matchesSnapshot } from "./snapshot";

type Trace = {
  z: number[][];
  text?: string[][];
  zmin?: number;
  zmax?: number;
  colorscale: unknown;
  dx: number;
};
const trace = (figure: Figure) => figure.data[0] as unknown as Trace;

test("a matrix is drawn as it stands, its first row at the top, with the values in the cells", () => {
  const figure = heatMapFigure([[1, 2], Float32Array.of(3, 4), [5, 6]], {
    rows: ["a", "b", "c"],
    columns: ["x", "y"],
    valueTitle: "weight",
  });
  assert.deepEqual(trace(figure).z, [
    [1, 2],
    [3, 4],
    [5, 6],
  ]);
  assert.deepEqual(trace(figure).text![2], ["5", "6"]);
  assert.equal(figure.layout.yaxis?.autorange, "reversed");
  assert.equal(
    figure.summary,
    "Heat map: 3 rows by 2 columns; weight lowest 1 at row a, column x, highest 6 at row c, column y, " +
      "mean 3.5.",
  );
  matchesSnapshot("heatMap", figure);
});

test("values on both sides of zero have zero in the middle of the colours", () => {
  const { zmin, zmax } = trace(heatMapFigure([[-1, 3]]));
  assert.deepEqual([zmin, zmax], [-3, 3]);
  assert.equal(trace(heatMapFigure([[1, 3]])).zmin, undefined);
});

test("of many cells the means of blocks are drawn, and it is said", () => {
  const wide = Array.from({ length: 100 }, () => new Float32Array(1001).fill(1));
  wide[0].fill(5);
  const figure = heatMapFigure(wide, { xTitle: "time" });
  const { z, dx, text } = trace(figure);
  assert.equal(dx, 6);
  assert.deepEqual([z.length, z[0].length], [17, 167]);
  // One row of 5 and five of 1.
  assert.equal(z[0][0], 1.66667);
  assert.equal(text, undefined);
  assert.equal(figure.layout.xaxis?.title?.text, "time (a cell is the mean of 6 × 6)");
});

test("matrices that cannot be drawn are refused with a way out", () => {
  assert.throws(() => heatMapFigure([]), /There are no rows/);
  assert.throws(() => heatMapFigure([[1, 2], [3]]), /Row 1 has 1 values, but row 0 has 2/);
  assert.throws(() => heatMapFigure([[1, Number.NaN]]), /in row 0, column 1 is NaN/);
  assert.throws(() => heatMapFigure([[1]], { rows: ["a", "b"] }), /2 names in `rows`/);
});

test("a confusion matrix counts which class was taken for which", () => {
  const figure = confusionMatrixFigure([0, 0, 0, 1, 2], Int32Array.of(0, 0, 1, 1, 2), {
    classNames: ["cat", "dog", "cow", "none"],
  });
  assert.deepEqual(trace(figure).text, [
    ["2", "1", "0", "0"],
    ["0", "1", "0", "0"],
    ["0", "0", "1", "0"],
    ["0", "0", "0", "0"],
  ]);
  assert.deepEqual(trace(figure).z[0], [0.6667, 0.3333, 0, 0]);
  assert.deepEqual(trace(figure).z[3], [0, 0, 0, 0]);
  assert.equal(
    figure.summary,
    "Confusion matrix: 4 of 5 right (80 %); most often taken: cat for dog 1 times; fewest found of cat " +
      "(66.7 %).",
  );
  matchesSnapshot("confusionMatrix", figure);
  assert.match(
    confusionMatrixFigure([0, 1], [0, 1]).summary!,
    /2 of 2 right \(100 %\); no mistakes/,
  );
});

test("where the colours are for mistakes, the diagonal has none and the worst mistake brightest", () => {
  const truth = [0, 0, 0, 0, 1, 1, 2, 2, 2, 2];
  const predicted = [0, 0, 0, 1, 1, 1, 2, 2, 0, 1];
  const figure = confusionMatrixFigure(truth, predicted, { colors: "mistakes" });
  assert.deepEqual(trace(figure).z, [
    [null, 0.25, 0],
    [0, null, 0],
    [0.25, 0.25, null],
  ]);
  assert.equal(trace(figure).zmax, 0.25);
  assert.deepEqual(trace(figure).text![0], ["3", "1", "0"]);
  assert.equal(figure.summary, confusionMatrixFigure(truth, predicted).summary);
  const faultless = confusionMatrixFigure([0, 1], [0, 1], { colors: "mistakes" });
  assert.equal(trace(faultless).zmax, 1, "nothing to scale by");
  const wrong = { colors: "log" } as unknown as { colors: "mistakes" };
  assert.throws(() => confusionMatrixFigure([0], [0], wrong), /"log", but must be "shares"/);
});

test("classes that are none are refused with a way out", () => {
  assert.throws(() => confusionMatrixFigure([0], [0, 1]), /1 true classes but 2 predicted/);
  assert.throws(() => confusionMatrixFigure([], []), /no examples/);
  assert.throws(() => confusionMatrixFigure([0.5], [0]), /class of example 0 is 0\.5, .* argMax/);
  assert.throws(
    () => confusionMatrixFigure([3], [0], { classNames: ["a"] }),
    /has the class 3, but/,
  );
});

const image = (level: number) => new Float32Array(6).fill(level);

function parse(svg: string): Element {
  const { document } = new JSDOM(svg, { contentType: "image/svg+xml" }).window;
  return document.documentElement;
}

function pixels(element: Element): PNG {
  const url = element.getAttribute("href")!.replace("data:image/png;base64,", "");
  return PNG.sync.read(Buffer.from(url, "base64"));
}

test("images stand in rows with their labels, wrong ones in a frame with both", () => {
  const drawing = imageGridFigure([image(0), image(0.5), image(1)], {
    width: 3,
    columns: 2,
    labels: [0, 1, 1],
    predictions: [0, 1, 0],
    classNames: ["zero", "one"],
    title: "Digits",
  });
  const root = parse(drawing.svg);
  const images = [...root.querySelectorAll("image")];
  const [first, second, third] = images.map((element) => [
    Number(element.getAttribute("x")),
    Number(element.getAttribute("y")),
  ]) as [number[], number[], number[]];
  assert.ok(first[0] < second[0] && first[1] === second[1] && third[1] > first[1]);
  assert.equal(root.querySelectorAll("rect").length, 1);
  assert.deepEqual(
    [...root.querySelectorAll("text")].map(({ textContent }) => textContent),
    ["Digits", "zero", "one", "zero, not one"],
  );
  assert.equal(
    drawing.summary,
    "Digits: 3 images of 3 by 2 pixels, 2 of 3 right: zero; one; zero, not one.",
  );
  assert.deepEqual([pixels(images[1]).width, pixels(images[1]).height], [3, 2]);
  assert.deepEqual([...pixels(images[1]).data.slice(0, 4)], [128, 128, 128, 255]);
});

test("grey runs to 1 or to 255, and values below zero make it blue and orange", () => {
  const level = (value: number[]) => {
    const root = parse(imageGridFigure([value], { width: value.length }).svg);
    return [...pixels(root.querySelector("image")!).data];
  };
  assert.deepEqual(level([0, 51, 255]), [0, 0, 0, 255, 51, 51, 51, 255, 255, 255, 255, 255]);
  assert.deepEqual(level([-2, 0, 1]).slice(0, 8), [0, 114, 178, 255, 242, 242, 242, 255]);
});

test("of many images the first are drawn, forty digits in little room", () => {
  const digits = Array.from({ length: 1000 }, (_, k) =>
    Float32Array.from({ length: 784 }, (_, i) => Math.max(0, Math.sin(i / (5 + (k % 7))))),
  );
  const { svg, summary } = imageGridFigure(digits);
  assert.equal(parse(svg).querySelectorAll("image").length, 40);
  assert.match(summary, /^1,000 images: 1,000 images of 28 by 28 pixels, 40 drawn\.$/);
  assert.ok(svg.length < 60_000, String(svg.length));
});

test("images that cannot be drawn are refused with a way out", () => {
  assert.throws(() => imageGridFigure([]), /There are no images/);
  assert.throws(() => imageGridFigure([image(0)]), /6 pixels, which is not 2\.4 by 2\.4/);
  assert.throws(() => imageGridFigure([image(0), [1]], { width: 3 }), /Image 1 has 1 pixels/);
  assert.throws(() => imageGridFigure([[Number.NaN]]), /The pixel 0 of image 0 is NaN/);
  assert.throws(() => imageGridFigure([[1]], { labels: [1, 2] }), /1 images but 2 labels/);
});
