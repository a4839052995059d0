import assert from "node:assert/strict";
import { test } from "node:test";
import { FigureError } from "../../../lib/figures";
import { compact, formatNumber, requireNumbers } from "../../../lib/figures/numbers";

test("numbers are written for readers", () => {
  const cases: [number, string][] = [
    [0, "0"],
    [12000, "12,000"],
    [2.513456, "2.513"],
    [-0.5, "-0.5"],
    [0.001, "0.001"],
    [0.00012345, "1.23e-4"],
    [1e-5, "1e-5"],
    [123456.789, "123,500"],
    [3e20, "3e+20"],
    [Number.NaN, "NaN"],
    [Number.NEGATIVE_INFINITY, "-Infinity"],
  ];
  for (const [value, text] of cases) assert.equal(formatNumber(value), text);
});

test("figures store five digits, whole numbers exactly", () => {
  assert.equal(compact(1.23456789), 1.2346);
  assert.equal(compact(1234567), 1234567);
});

test("what cannot be drawn is named with its place", () => {
  assert.throws(() => requireNumbers("loss", []), FigureError);
  assert.throws(
    () => requireNumbers("loss", [1, Number.NaN], (i) => `at step ${i + 1}`),
    /The loss at step 2 is NaN/,
  );
  assert.throws(() => requireNumbers("loss", [undefined as unknown as number]), /is undefined/);
  requireNumbers("loss", new Float32Array([1, 2]));
});
