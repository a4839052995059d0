import assert from "node:assert/strict";
import { test } from "node:test";
import { makeMoons, OptionError, setSeed } from "karenina";

test("without noise every point lies on its half circle", () => {
  setSeed(1);
  const { points, labels } = makeMoons({ count: 201, noise: 0 });
  points.forEach(([x, y], i) => {
    const [cx, cy, side] = labels[i] === 0 ? [0, 0, 1] : [1, 0.5, -1];
    assert.ok(Math.abs(Math.hypot(x - cx, y - cy) - 1) < 1e-12);
    assert.ok((y - cy) * side >= -1e-12);
  });
});

test("half of the points are in each class, in random order", () => {
  setSeed(2);
  const { points, labels } = makeMoons();
  assert.equal(points.length, 100);
  assert.equal(labels.filter((label) => label === 1).length, 50);
  assert.notDeepEqual(
    labels.slice(0, 20),
    Array.from({ length: 20 }, (_, i) => i % 2),
  );
});

test("a seed repeats them, and noise has the deviation asked for", () => {
  setSeed(3);
  const first = makeMoons({ count: 5 });
  setSeed(3);
  assert.deepEqual(makeMoons({ count: 5 }), first);
  const { points, labels } = makeMoons({ count: 20_000, noise: 0.05 });
  // Along the radius the noise is the normal one, but for the circle's curvature.
  const squares = points.map(([x, y], i) =>
    labels[i] === 0 ? (Math.hypot(x, y) - 1) ** 2 : (Math.hypot(x - 1, y - 0.5) - 1) ** 2,
  );
  const deviation = Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / points.length);
  assert.ok(Math.abs(deviation / 0.05 - 1) < 0.03, String(deviation));
});

test("impossible counts and noises are reported", () => {
  assert.throws(() => makeMoons({ count: 0 }), /count is 0/);
  assert.throws(() => makeMoons({ noise: -1 }), OptionError);
});
