import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decisionBoundaryFigure, grid, scatterFigure } from "karenina";
import { pointSet } from "../../../lib/figures/points";
import { matchesSnapshot } from "./snapshot";

type Trace = { type: string; name: string; x: number[]; y: number[]; z: number[][] };
const traces = (figure: { data: unknown[] }) => figure.data as Trace[];
const points: [number, number][] = [
  [0, 0],
  [1, 1],
  [2, 0],
  [3, 1],
];
const labels = [1, 0, 1, 0];

test("points are sorted into their classes by number, with names and marks of their own", () => {
  const figure = scatterFigure(points, { labels, classNames: ["cat", "dog"] });
  assert.deepEqual(
    traces(figure).map(({ name, x, y }) => [name, x, y]),
    [
      ["cat", [1, 3], [1, 1]],
      ["dog", [0, 2], [0, 0]],
    ],
  );
  assert.equal(
    figure.summary,
    "x₂ against x₁: 4 points in 2 classes, x from 0 to 3, y from 0 to 1: cat 2 around (2, 1); dog 2 " +
      "around (1, 0).",
  );
  matchesSnapshot("scatter", figure);
});

test("points may come as columns, without labels, or with labels that are names or -1", () => {
  const columns = { x: Float32Array.of(0, 1), y: [5, 6] };
  assert.deepEqual(traces(scatterFigure(columns))[0].y, [5, 6]);
  assert.equal(scatterFigure(columns).layout.showlegend, false);
  const names = (options: object) =>
    traces(scatterFigure(columns, options)).map(({ name }) => name);
  assert.deepEqual(names({ labels: ["spam", "ham"] }), ["spam", "ham"]);
  assert.deepEqual(names({ labels: [1, -1], classNames: { "-1": "outer" } }), ["outer", "class 1"]);
});

test("too many points are thinned in each class alike, and said", () => {
  const x = Float64Array.from({ length: 100_000 }, (_, i) => i);
  const figure = scatterFigure({ x, y: x }, { labels: x.map((i) => (i % 100 === 0 ? 1 : 0)) });
  const [common, rare] = traces(figure);
  assert.equal(common.x.length + rare.x.length, 600);
  assert.equal(rare.x.length, 6);
  assert.equal(figure.layout.xaxis?.title?.text, "x₁ (600 of 100,000 points drawn)");
  assert.match(figure.summary!, /class 0 99,000 around/);
});

test("thinning keeps a point of each class, and no more than about what was asked for", () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(5), { minLength: 1, maxLength: 300 }),
      fc.integer({ min: 1, max: 50 }),
      (labels, maxPoints) => {
        const x = labels.map((_, i) => i);
        const set = pointSet({ x, y: x }, { labels, maxPoints });
        assert.equal(set.classes.length, new Set(labels).size);
        assert.equal(
          set.classes.reduce((sum, { count }) => sum + count, 0),
          labels.length,
        );
        assert.ok(set.drawn <= Math.max(maxPoints, 1) + set.classes.length);
        for (const { x, label } of set.classes) {
          for (const i of x) {
            assert.equal(labels[i], label);
          }
        }
      },
    ),
  );
});

test("points that cannot be drawn are refused with a way out", () => {
  assert.throws(() => scatterFigure([]), /There is no x to draw/);
  assert.throws(() => scatterFigure([[1, 2, 3]]), /Point 0 has 3 coordinates/);
  assert.throws(() => scatterFigure([[1, Number.NaN]]), /The y of point 0 is NaN/);
  assert.throws(() => scatterFigure({ x: [1], y: [1, 2] }), /1 values of x but 2 of y/);
  assert.throws(() => scatterFigure(points, { labels: [0] }), /4 points but 1 labels/);
  const floats = Array.from({ length: 100 }, (_, i) => i / 7);
  assert.throws(
    () => scatterFigure({ x: floats, y: floats }, { labels: floats }),
    /more than 42 different values/,
  );
});

test("the score is drawn over the plane around the points, with its boundary", () => {
  const figure = decisionBoundaryFigure((x) => x - 1.5, points, {
    labels: [0, 0, 1, 1],
    resolution: 7,
  });
  const [plane, first] = traces(figure);
  assert.equal(plane.type, "contour");
  assert.equal(plane.z.length, 7);
  assert.equal(plane.x[0], -0.3);
  assert.equal(plane.x[6], 3.3);
  plane.z.forEach((row) => {
    row.forEach((value, i) => {
      assert.ok(Math.abs(value - (plane.x[i] - 1.5)) < 1e-3);
    });
  });
  const { contours } = plane as unknown as { contours: { start: number; end: number } };
  assert.deepEqual([contours.start, contours.end], [0, 0]);
  assert.equal(first.name, "class 0");
  assert.match(figure.summary!, /runs from -1\.8 at \(-0\.3, -0\.1\) to 1\.8 at \(3\.3, -0\.1\)/);
  assert.match(
    figure.summary!,
    /4 of 4 points stand on their side: class 0 below, class 1 above\.$/,
  );
  matchesSnapshot("decisionBoundary", figure);
});

test("scores of a whole grid come in its order", () => {
  const net = grid({ xRange: [0, 2], yRange: [0, 1], resolution: 3 });
  assert.deepEqual(net.points.slice(0, 4), [
    [0, 0],
    [1, 0],
    [2, 0],
    [0, 0.5],
  ]);
  const values = net.points.map(([x, y]) => 10 * y + x);
  const [plane] = traces(decisionBoundaryFigure({ ...net, values }, points));
  assert.deepEqual(plane.z, [
    [0, 1, 2],
    [5, 6, 7],
    [10, 11, 12],
  ]);
  assert.throws(
    () => decisionBoundaryFigure({ ...net, values: values.slice(1) }, points),
    /8 values over a grid of 3 by 3 places. Pass 9/,
  );
});

test("a score that is not finite, or a range that is none, is refused", () => {
  assert.throws(
    () => decisionBoundaryFigure((x) => Math.log(x), points),
    /The score at \(-0\.3, -0\.1\) is NaN/,
  );
  assert.throws(
    () => decisionBoundaryFigure(() => 0, points, { xRange: [2, 1] }),
    /`xRange` is \[2, 1\], but must be two numbers, the lower one first/,
  );
  assert.throws(() => grid({ xRange: [0, 1], yRange: [0, 1], resolution: 1 }), /`resolution` is 1/);
});
