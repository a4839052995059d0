import assert from "node:assert/strict";
import { test } from "node:test";
import { type Figure, grid, lossSurfaceFigure } from "karenina";
import { rules, surfaces } from "../../../lessons/rules";
import { descend } from "../../../lessons/rules/descend";
import { matchesSnapshot } from "./snapshot";

type Trace = { type: string; mode?: string; name: string; x: number[]; y: number[]; z: number[][] };
const traces = (figure: Figure) => figure.data as unknown as Trace[];
const bowl = (x: number, y: number) => x * x + 10 * y * y;
const ranges = { xRange: [-2, 2], yRange: [-1, 1] } as const;
const straight = Array.from({ length: 11 }, (_, i) => [2 - i / 5, 0]);

test("the loss is a contour over its ranges; each path a line and a mark at its end", () => {
  const figure = lossSurfaceFigure(bowl, {
    ...ranges,
    resolution: 5,
    paths: { SGD: straight, still: [[1, 1]] },
    minima: [[0, 0]],
  });
  assert.deepEqual(
    traces(figure).map(({ type, name, mode }) => [type, name, mode]),
    [
      ["contour", undefined, undefined],
      ["scatter", "SGD", "lines"],
      ["scatter", "still", "lines"],
      ["scatter", "SGD", "markers"],
      ["scatter", "still", "markers"],
      ["scatter", "minimum", "markers"],
    ],
  );
  assert.deepEqual(traces(figure)[0].z[0], [14, 11, 10, 11, 14]);
  assert.deepEqual(traces(figure)[3].x, [0]);
  assert.match(
    figure.summary!,
    /runs from 0 at \(0, 0\) to 14 at \(-2, -1\)\. SGD goes from \(2, 0\) to \(0, 0\) in 10 steps with a loss of 0\./,
  );
  matchesSnapshot("lossSurface", figure);
});

test("no two of eight paths look alike", () => {
  const paths = Object.fromEntries("abcdefgh".split("").map((name, i) => [name, [[0, i / 10]]]));
  const lines = lossSurfaceFigure(bowl, { ...ranges, paths }).data.filter(
    (trace) => (trace as { mode?: string }).mode === "lines",
  ) as { line: { color: string; dash: string } }[];
  const looks = lines.map(({ line }) => `${line.color} ${line.dash}`);
  assert.equal(new Set(looks).size, 8);
});

test("the slider moves the marks along their paths, step by step, and nothing else", () => {
  const { frames, layout } = lossSurfaceFigure(bowl, {
    ...ranges,
    paths: { SGD: straight, still: [[1, 1]] },
    positions: 3,
  });
  assert.deepEqual(
    frames!.map(({ name, data, traces }) => ({ name, data, traces })),
    [
      {
        name: "0",
        data: [
          { x: [2], y: [0] },
          { x: [1], y: [1] },
        ],
        traces: [3, 4],
      },
      {
        name: "5",
        data: [
          { x: [1], y: [0] },
          { x: [1], y: [1] },
        ],
        traces: [3, 4],
      },
      {
        name: "10",
        data: [
          { x: [0], y: [0] },
          { x: [1], y: [1] },
        ],
        traces: [3, 4],
      },
    ],
  );
  const [slider] = layout.sliders!;
  assert.deepEqual(
    slider.steps!.map(({ args }) => (args as [string[]])[0][0]),
    frames!.map(({ name }) => name),
  );
  assert.equal(slider.active, 2);
  assert.equal(lossSurfaceFigure(bowl, ranges).frames, undefined);
});

test("a surface brings its ranges and minima, and descend its points", () => {
  const trace = descend(surfaces.himmelblau, rules.sgd, {
    start: [0, 0],
    steps: 20,
    learningRate: 0.01,
  });
  const figure = lossSurfaceFigure(surfaces.himmelblau, { paths: { SGD: trace } });
  assert.deepEqual(figure.layout.xaxis?.range, surfaces.himmelblau.x);
  const stars = traces(figure).at(-1)!;
  assert.deepEqual([stars.name, stars.x.length], ["minima", 4]);
  assert.match(figure.summary!, /SGD goes from \(0, 0\) to \(2\.9.* in 20 steps with a loss of/);
  assert.throws(() => lossSurfaceFigure(bowl), /`xRange` is \[NaN, NaN\]/);
});

test("a path that leaves the picture or all numbers says so", () => {
  const { summary } = lossSurfaceFigure(bowl, {
    ...ranges,
    paths: {
      wild: [
        [1, 0],
        [-3, 0],
        [9, 0],
        [Number.NaN, 0],
      ],
    },
  });
  assert.match(
    summary!,
    /wild goes from \(1, 0\) to \(9, 0\) in 2 steps .*; it leaves the picture at step 1; at step 3 it is no longer finite\./,
  );
});

test("a logarithmic scale still tells losses at the colour bar, the lowest of them too", () => {
  const figure = lossSurfaceFigure((x, y) => 7 + bowl(x, y), {
    ...ranges,
    resolution: 5,
    scale: "log",
  });
  const { colorbar } = figure.data[0] as unknown as { colorbar: { ticktext: string[] } };
  assert.equal(colorbar.ticktext[0], "7");
  assert.equal(colorbar.ticktext[4], "21");
  for (const row of traces(figure)[0].z) {
    for (const value of row) {
      assert.ok(Number.isFinite(value));
    }
  }
});

test("a long path is thinned and keeps its ends; a whole figure takes little room", () => {
  const spiral = Array.from({ length: 100_001 }, (_, i) => [Math.cos(i), i / 100_000]);
  const figure = lossSurfaceFigure(bowl, { ...ranges, paths: { spiral } });
  const { x, y } = traces(figure)[1];
  assert.equal(x.length, 200);
  assert.deepEqual([y[0], y[199]], [0, 1]);
  assert.ok(JSON.stringify(figure).length < 40_000);
});

test("values over a grid will do; what cannot be drawn is refused", () => {
  const net = grid({ ...ranges, resolution: 4 });
  const values = net.points.map(([x, y]) => bowl(x, y));
  const { summary } = lossSurfaceFigure(
    { ...net, values },
    { ...ranges, paths: { SGD: straight } },
  );
  assert.match(summary!, /in 10 steps\.$/);
  assert.throws(() => lossSurfaceFigure(() => Number.NaN, ranges), /The loss at \(-2, -1\) is NaN/);
  assert.throws(
    () => lossSurfaceFigure(bowl, { ...ranges, paths: { a: [] } }),
    /"a" has no points/,
  );
  assert.throws(
    () => lossSurfaceFigure(bowl, { ...ranges, paths: { a: [[1]] } }),
    /Point 0 of the path of "a" has 1 coordinates/,
  );
  assert.throws(
    () => lossSurfaceFigure(bowl, { ...ranges, paths: { a: [[Number.NaN, 0]] } }),
    /starts at a place that is not finite/,
  );
  assert.throws(
    () => lossSurfaceFigure(bowl, { ...ranges, xRange: [1, 1] }),
    /`xRange` is \[1, 1\]/,
  );
  assert.throws(() => lossSurfaceFigure(bowl, { ...ranges, levels: 1 }), /`levels` is 1/);
});

test("with equal scales a step in x is as long as one in y, and the picture as low as its ranges", () => {
  const { ravine } = surfaces;
  const { yaxis, height } = lossSurfaceFigure(ravine, { equalScales: true }).layout;
  assert.equal(yaxis?.scaleanchor, "x");
  assert.equal(yaxis?.constrain, "domain");
  assert.equal(lossSurfaceFigure(ravine).layout.yaxis?.scaleanchor, undefined);
  assert.ok(Number(height) < Number(lossSurfaceFigure(ravine).layout.height));
});
