import assert from "node:assert/strict";
import { test } from "node:test";
import { type Figure, parallelCoordinatesFigure } from "karenina";
import { matchesSnapshot } from "./snapshot";

const runs = [
  { learningRate: 0.1, units: 16, optimizer: "sgd", validationLoss: 3 },
  { learningRate: 0.001, units: 64, optimizer: "adam", validationLoss: 1 },
  { learningRate: 0.01, units: 32, optimizer: "adam", validationLoss: 2 },
];
type Trace = { x: (number | null)[]; y: (number | null)[]; line: { color: string; width: number } };
const traces = (figure: Figure) => figure.data as unknown as Trace[];

test("each run is a line over all axes, the best one drawn last and thick", () => {
  const figure = parallelCoordinatesFigure(runs, { logAxes: ["learningRate"] });
  const best = traces(figure).pop()!;
  assert.deepEqual(best.y, [0, 1, 0, 0, null]);
  assert.ok(best.line.width > 2);
  const worst = traces(figure).find(({ y }) => y[3] === 1)!;
  assert.deepEqual(worst.y, [1, 0, 1, 1, null]);
  assert.notEqual(worst.line.color, best.line.color);
  const titles = figure.layout.annotations!.filter(({ yref }) => yref === "paper");
  assert.deepEqual(
    titles.map(({ text }) => text),
    ["<b>learningRate</b>", "<b>units</b>", "<b>optimizer</b>", "<b>validationLoss</b>"],
  );
  assert.equal(
    figure.summary,
    "3 runs by validationLoss, over learningRate, units, optimizer: best learningRate 0.001, units 64, " +
      "optimizer adam, validationLoss 1; worst validationLoss 3.",
  );
  matchesSnapshot("parallelCoordinates", figure);
});

test("an axis is marked at its values where they are few, else evenly", () => {
  const many = Array.from({ length: 30 }, (_, i) => ({
    layers: 1 + (i % 4),
    batch: [16, 32, 64][i % 3],
    validationLoss: i,
  }));
  const { annotations } = parallelCoordinatesFigure(many, { logAxes: ["batch"] }).layout;
  const marks = (axis: number) =>
    annotations!.filter(({ x, yref }) => x === axis && yref !== "paper").map(({ text }) => text);
  assert.deepEqual(marks(0), ["1", "2", "3", "4"]);
  assert.deepEqual(marks(1), ["16", "32", "64"]);
  assert.deepEqual(marks(2), ["0", "7.25", "14.5", "21.8", "29"]);
});

test("the summary says which axes go with the result", () => {
  const many = Array.from({ length: 9 }, (_, i) => ({ a: i, b: (i * 7) % 9, loss: i ** 3 }));
  const { summary } = parallelCoordinatesFigure(many, { color: "loss" });
  assert.match(summary!, /rank correlation with loss: a 1, b -?0\.\d+\.$/);
});

test("of many runs some are drawn, the best always", () => {
  const many = Array.from({ length: 5000 }, (_, i) => ({ a: i % 17, validationLoss: 5000 - i }));
  const figure = parallelCoordinatesFigure(many, { maxRuns: 50 });
  const drawn = traces(figure)
    .slice(0, -1)
    .flatMap(({ y }) => y.filter((v) => v === null));
  assert.equal(drawn.length, 50);
  assert.equal(traces(figure).pop()!.y[1], 0);
  assert.match(String((figure.layout.title as { text: string }).text), /\(50 drawn\)$/);
});

test("runs that cannot be drawn are refused with a way out", () => {
  assert.throws(() => parallelCoordinatesFigure([]), /There are no runs/);
  assert.throws(() => parallelCoordinatesFigure([{ a: 1 }]), /Run 0 has no "validationLoss"/);
  assert.throws(
    () => parallelCoordinatesFigure(runs, { color: "optimizer" }),
    /is "sgd" in the first run/,
  );
  assert.throws(
    () => parallelCoordinatesFigure([{ a: Number.NaN, validationLoss: 1 }]),
    /The a of run 0 is NaN/,
  );
  assert.throws(
    () => parallelCoordinatesFigure([{ a: 0, validationLoss: 1 }], { logAxes: ["a"] }),
    /The a of run 0 is 0, which has no place on a logarithmic axis/,
  );
});
