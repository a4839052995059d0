import assert from "node:assert/strict";
import { test } from "node:test";
import { FigureError } from "karenina";
import { formatNumber } from "../../../lib/figures/numberFormat";
import { numbersWithGaps, requireNumbers } from "../../../lib/figures/numbers";

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
  for (const [value, text] of cases) {
    assert.equal(formatNumber(value), text);
  }
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

test("where gaps are allowed they become NaN, and what is infinite or nothing but gaps is refused", () => {
  assert.deepEqual(numbersWithGaps("loss", [1, null, Number.NaN, undefined, 5]), [
    1,
    Number.NaN,
    Number.NaN,
    Number.NaN,
    5,
  ]);
  const typed = Float32Array.of(1, Number.NaN);
  assert.equal(numbersWithGaps("loss", typed), typed);
  assert.throws(
    () => numbersWithGaps("loss", [1, Number.POSITIVE_INFINITY], (i) => `at step ${i + 1}`),
    /The loss at step 2 is Infinity, .* NaN, null or undefined for a gap/,
  );
  assert.throws(() => numbersWithGaps("loss", ["1"] as never), /The loss at index 0 is 1/);
  assert.throws(
    () => numbersWithGaps("loss", [null, Number.NaN]),
    /no loss to draw: all 2 values are gaps/,
  );
  assert.throws(() => numbersWithGaps("loss", []), /the list is empty/);
});
