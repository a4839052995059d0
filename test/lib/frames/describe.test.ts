import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { describe, FrameError } from "../../../lib/frames";
import { columnOf, contentOf, frameOf, frames } from "./frames";

const close = (actual: number | undefined, expected: number, what: string) =>
  assert.ok(
    Math.abs(actual! - expected) <= 1e-9 * Math.max(1, Math.abs(expected)),
    `${what}: ${actual} is not ${expected}`,
  );

test("the numbers are those of a naive computation, whatever is missing", () => {
  fc.assert(
    fc.property(frames, (frame) => {
      const before = contentOf(frame);
      const [holey, , species] = describe(frame);
      assert.deepEqual(contentOf(frame), before);
      const cells = columnOf(frame, "holey");
      const values = cells.filter((c): c is number => c !== null && !Number.isNaN(c));
      assert.equal(holey.count, values.length);
      assert.equal(holey.missing, cells.length - values.length);
      if (values.length > 0) {
        let sum = 0;
        for (const value of values) {
          sum += value;
        }
        close(holey.mean, sum / values.length, "mean");
        // Adding zero makes one of the two zeros, which Math.min and sort order differently.
        assert.equal(holey.min! + 0, Math.min(...values) + 0);
        assert.equal(holey.max! + 0, Math.max(...values) + 0);
        const sorted = [...values].sort((a, b) => a - b);
        const half = sorted.length / 2;
        const median =
          sorted.length % 2 === 1
            ? sorted[Math.floor(half)]
            : (sorted[half - 1] + sorted[half]) / 2;
        close(holey.median, median, "median");
        const squares = values.map((value) => (value - sum / values.length) ** 2);
        const variance = squares.reduce((a, b) => a + b, 0) / (values.length - 1);
        if (values.length > 1) {
          close(holey.std, Math.sqrt(variance), "std");
        } else {
          assert.equal(holey.std, undefined);
        }
      } else {
        assert.equal(holey.type, "empty");
      }
      assert.equal(species.type, "text");
      assert.equal(species.distinct, new Set(columnOf(frame, "species")).size);
    }),
    { numRuns: 50 },
  );
});

test("quartiles are those of pandas", () => {
  // pandas.Series([7, 15, 36, 39, 40, 41]).quantile([.25, .75]) is 20.25 and 39.75.
  const frame = frameOf([[7], [41], [15], [40], [36], [39]], ["a"]);
  const [a] = describe(frame);
  assert.equal(a.lowerQuartile, 20.25);
  assert.equal(a.upperQuartile, 39.75);
});

test("texts and truth values are counted", () => {
  const frame = frameOf(
    [
      ["x", true],
      ["y", false],
      ["y", true],
      [null, null],
    ],
    ["t", "b"],
  );
  assert.deepEqual(JSON.parse(JSON.stringify(describe(frame))), [
    { column: "t", type: "text", count: 3, missing: 1, distinct: 2, mostFrequent: "y" },
    { column: "b", type: "boolean", count: 3, missing: 1, distinct: 2, mostFrequent: "true" },
  ]);
});

test("what is no frame is refused", () => {
  assert.throws(() => describe([{ a: 1 }] as never), FrameError);
  assert.throws(() => describe(null as never), /A data frame is needed.*this is null/);
});
