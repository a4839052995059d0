import assert from "node:assert/strict";
import { test } from "node:test";
import { type Figure, FigureError, lossReliefFigure } from "karenina";
import { renderSvg } from "../../../lib/pictures/renderSvg";

type Trace = {
  name?: string;
  fill?: string;
  x: number[];
  y: number[];
  marker: { symbol: string[] };
};
const traces = (figure: Figure) => figure.data as unknown as Trace[];
const plane = (x: number, y: number) => x + 2 * y;
const ranges = { xRange: [0, 1], yRange: [0, 1] } as const;
const near = (got: number[], expected: number[]) => {
  for (const [i, value] of got.entries()) {
    assert.ok(Math.abs(value - expected[i]) < 1e-4, `${got} for ${expected}`);
  }
};

test("the slices stand from the back to the front, each on its ground", () => {
  const figure = lossReliefFigure(plane, { ...ranges, resolution: 2, slices: 3 });
  const [far, middle, front] = traces(figure);
  assert.equal(traces(figure).length, 3);
  // Two corners above, two below, and back; the loss runs from 0 to 3, so the back is 1.8 higher.
  near(front.x, [0, 1, 1, 0, 0]);
  near(front.y, [0, 1, 0, 0, 0]);
  near(middle.x, [0.175, 1.175, 1.175, 0.175, 0.175]);
  near(middle.y, [1.9, 2.9, 0.9, 0.9, 1.9]);
  near(far.x, [0.35, 1.35, 1.35, 0.35, 0.35]);
  near(far.y, [3.8, 4.8, 1.8, 1.8, 3.8]);
  const grey = figure.data.map((trace) => (trace as { fillcolor: string }).fillcolor);
  assert.deepEqual(grey, ["rgb(246, 246, 246)", "rgb(227, 227, 227)", "rgb(208, 208, 208)"]);
});

test("of a slice the points are kept that a straight line would miss", () => {
  const step = (x: number) => (x < 0.5 ? 0 : 1);
  const [far] = traces(lossReliefFigure(step, { ...ranges, resolution: 101, slices: 2 }));
  near(far.x, [0.35, 0.84, 0.85, 1.35, 1.35, 0.35, 0.35]);
  near(far.y, [0.6, 0.6, 1.6, 1.6, 0.6, 0.6, 0.6]);
});

test("ticks are round numbers of the ranges, and the depth has its own", () => {
  const { layout } = lossReliefFigure(plane, {
    xRange: [-1, 1],
    yRange: [0.5, 3],
    xTitle: "b",
    yTitle: "<w>",
  });
  assert.deepEqual(layout.xaxis?.tickvals, [-1, -0.5, 0, 0.5, 1]);
  assert.deepEqual(layout.yaxis?.tickvals, [0, 2, 4, 6]);
  assert.deepEqual(
    layout.annotations!.map(({ text }) => text),
    ["0.5", "1.75", "3", "&lt;w&gt;"],
  );
});

test("a path stands on the surface; one that leaves ends at the edge, at the height of its last place", () => {
  const paths = {
    within: [
      [0, 0],
      [0.5, 0.5],
    ],
    leaving: [
      [0.5, 0],
      [0.5, 0.5],
      [2.5, 1.5],
      [0.5, 0.5],
    ],
    lost: [
      [0.5, 0],
      [Number.NaN, 0],
    ],
  };
  const figure = lossReliefFigure(plane, { ...ranges, slices: 2, paths });
  const [within, , leaving, ends, lost] = traces(figure).slice(2);
  near(within.x, [0, 0.5 + 0.175]);
  near(within.y, [0, 1.5 + 0.9]);
  // A quarter of the second step: at x = 1, y = 0.75.
  near(leaving.x, [0.5, 0.675, 1 + 0.35 * 0.75]);
  near(leaving.y, [0.5, 2.4, 1.5 + 1.8 * 0.75]);
  near(ends.x, [leaving.x[0], leaving.x[2]]);
  assert.deepEqual(ends.marker.symbol, ["circle", "x"]);
  near(lost.x, [0.5]);
  assert.match(figure.summary!, /the loss runs from 0 at \(0, 0\) to 3 at \(1, 1\)/);
  assert.match(figure.summary!, /leaving goes from .* it leaves the picture at step 2/);
});

test("there is a picture of it in files, of a flat loss too", () => {
  assert.match(renderSvg(lossReliefFigure(() => 7, ranges)), /^<svg/);
});

test("what cannot be drawn is refused with a way out", () => {
  const refuses = (draw: () => unknown, message: RegExp) =>
    assert.throws(
      draw,
      (error: Error) => error instanceof FigureError && message.test(error.message),
    );
  refuses(() => lossReliefFigure(() => Number.NaN, ranges), /The loss at \(0, 0\) is NaN/);
  refuses(() => lossReliefFigure(plane, { ...ranges, xRange: [1, 1] }), /`xRange` is \[1, 1\]/);
  refuses(() => lossReliefFigure(plane, { ...ranges, slices: 1 }), /slices/);
  refuses(() => lossReliefFigure(plane, { ...ranges, paths: { a: [[1]] } } as never), /pass pairs/);
  refuses(() => lossReliefFigure(plane, { ...ranges, path: {} } as never), /path/);
});
