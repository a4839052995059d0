import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { histogramFigure } from "karenina";
import { matchesSnapshot } from "./snapshot";

type Trace = { type: string; x: number[]; y: number[] };
const traces = (figure: { data: unknown[] }) => figure.data as Trace[];

test("of one list there are bars that count every value", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 500 }),
      (values) => {
        const { y } = traces(histogramFigure(values))[0];
        assert.equal(
          y.reduce((sum, count) => sum + count, 0),
          values.length,
        );
      },
    ),
  );
});

test("bars stand at the middle of their bins, and values outside of the range are counted", () => {
  const figure = histogramFigure([0, 0.1, 0.6, 1, 5], {
    range: [0, 1],
    bins: 2,
    xTitle: "weights",
  });
  const [{ x, y } = { x: [], y: [] }] = traces(figure);
  assert.deepEqual(x, [0.25, 0.75]);
  assert.deepEqual(y, [2, 2]);
  assert.equal(figure.layout.xaxis?.title?.text, "weights (1 outside of the picture)");
  assert.equal(
    figure.summary,
    "Distribution of the weights: weights: 5 values, mean 1.34, standard deviation 1.865, from 0 to 5. " +
      "1 values lie outside of 0 to 1.",
  );
});

test("of several lists there is a row each, from the top in the order given, with its mean", () => {
  const figure = histogramFigure(
    { "step 0": [0, 0, 1, 3], "step 100": Float32Array.of(2, 2, 2, 3) },
    { bins: 3, rowTitle: "training" },
  );
  assert.deepEqual(figure.layout.yaxis?.tickvals, [1, 0]);
  assert.deepEqual(figure.layout.yaxis?.ticktext, ["step 0", "step 100"]);
  const [outline, mean] = traces(figure);
  assert.deepEqual(outline.y, [1, 1.85, 1.425, 1.425, 1]);
  assert.deepEqual(mean.x, [1, 1]);
  matchesSnapshot("histograms", figure);
});

test("of many lists the first, the last and some between are drawn", () => {
  const lists = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`s${i}`, [i, i + 1]]));
  const figure = histogramFigure(lists, { maxRows: 5 });
  assert.deepEqual(figure.layout.yaxis?.ticktext, ["s0", "s25", "s50", "s74", "s99"]);
  assert.match(figure.summary!, /Of 100 lists, 5 are drawn\.$/);
});

test("ten million values take little room, and a stray one does not flatten the rest", () => {
  const values = new Float32Array(10_000_000).map((_, i) => Math.sin(i));
  values[5] = 1e9;
  const figure = histogramFigure(values);
  assert.ok(JSON.stringify(figure).length < 6000);
  assert.ok(figure.layout.xaxis!.range![1]! <= 1);
  assert.match(
    figure.summary!,
    /10,000,000 values, .* to 1,000,000,000\. [\d,]+ values lie outside/,
  );
});

test("values that hardly differ are all counted", () => {
  for (const values of [
    [0, 5e-324],
    [5e-324, 5e-324],
    [1, 1 + Number.EPSILON],
  ]) {
    const { y } = traces(histogramFigure(values))[0];
    assert.equal(
      y.reduce((sum, count) => sum + count, 0),
      2,
    );
  }
});

test("equal values have a bin, and what cannot be drawn is refused", () => {
  const { x, y } = traces(histogramFigure([3, 3, 3], { bins: 3 }))[0];
  assert.deepEqual([x[1], y[1]], [3, 3]);
  assert.throws(() => histogramFigure([]), /There is no values to draw/);
  assert.throws(() => histogramFigure({ a: [1, Number.NaN] }), /The a at index 1 is NaN/);
  assert.throws(() => histogramFigure([1], { bins: 0 }), /`bins` is 0/);
  assert.throws(() => histogramFigure([1], { range: [1, 0] }), /`range` is \[1, 0\]/);
});
