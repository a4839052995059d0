import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { surfaces } from "../../../lessons";

const point = fc.tuple(
  fc.double({ min: -4, max: 4, noNaN: true }),
  fc.double({ min: -4, max: 4, noNaN: true }),
);
const h = 1e-5;
const central = (f: (at: number[]) => number, at: number[], i: number) => {
  const moved = (by: number) => f(at.map((x, k) => (k === i ? x + by : x)));
  return (moved(h) - moved(-h)) / (2 * h);
};
const close = (actual: number, expected: number) =>
  assert.ok(
    Math.abs(actual - expected) < 1e-5 * Math.max(1, Math.abs(expected)),
    `${actual} is not ${expected}`,
  );

for (const [key, surface] of Object.entries(surfaces)) {
  test(`${key}: gradient and Hessian are those of central differences`, () => {
    fc.assert(
      fc.property(point, (at) => {
        const gradient = surface.gradient(at);
        const hessian = surface.hessian(at);
        at.forEach((_, i) => {
          close(gradient[i], central(surface.value, at, i));
          at.forEach((_, k) => {
            close(
              hessian[i][k],
              central((x) => surface.gradient(x)[i], at, k),
            );
          });
        });
      }),
    );
  });

  test(`${key}: at its minima it is level and curved upwards, and the first is deepest`, () => {
    const depths = surface.minima.map(surface.value);
    for (const [k, at] of surface.minima.entries()) {
      for (const slope of surface.gradient(at)) {
        assert.ok(Math.abs(slope) < 1e-6);
      }
      const [[a, b], [c, d]] = surface.hessian(at) as [[number, number], [number, number]];
      assert.ok(a > 0 && a * d - b * c > 0);
      assert.ok(depths[k] >= depths[0] - 1e-9);
      assert.ok(at[0] >= surface.x[0] && at[0] <= surface.x[1]);
      assert.ok(at[1] >= surface.y[0] && at[1] <= surface.y[1]);
    }
  });
}

test("the formulas at points that one can work out by hand", () => {
  assert.equal(surfaces.ravine.value([10, 1]), 12);
  assert.equal(surfaces.saddle.value([3, 2]), 5);
  assert.equal(surfaces.himmelblau.value([0, 0]), 170);
  assert.equal(surfaces.styblinskiTang.value([1, 1]), -10);
  assert.equal(surfaces.styblinskiTang.value([1]), -5);
});
