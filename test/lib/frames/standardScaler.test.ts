import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Cell, isMissing, standardScaler } from "../../../lib/frames";
import { columnOf, contentOf, frameOf, frames } from "./frames";

const present = (cells: Cell[]) => cells.filter((cell): cell is number => !isMissing(cell));

test("the training part gets mean 0 and deviation 1, and the way back leads home", () => {
  fc.assert(
    fc.property(frames, (frame) => {
      const values = present(columnOf(frame, "holey"));
      fc.pre(values.length > 1 && Math.max(...values) - Math.min(...values) > 1e-3);
      const before = contentOf(frame);
      const scaler = standardScaler(frame, ["holey"]);
      const scaled = scaler.transform(frame);
      assert.deepEqual(contentOf(frame), before);
      const z = present(columnOf(scaled, "holey"));
      const mean = z.reduce((a, b) => a + b, 0) / z.length;
      const square = z.reduce((a, b) => a + b * b, 0) / z.length;
      assert.ok(Math.abs(mean) < 1e-6 && Math.abs(square - 1) < 1e-6);
      assert.deepEqual(columnOf(scaled, "whole"), columnOf(frame, "whole"));
      const back = present(columnOf(scaler.restore(scaled), "holey"));
      for (const [i, value] of back.entries()) {
        assert.ok(Math.abs(value - values[i]) < 1e-6);
      }
    }),
    { numRuns: 50 },
  );
});

test("other parts are scaled by what was learnt from the training part", () => {
  const training = frameOf([[1], [3]], ["x"]);
  const test = frameOf([[5], [null]], ["x"]);
  const scaler = standardScaler(training, ["x"]);
  assert.deepEqual([scaler.means, scaler.deviations], [{ x: 2 }, { x: 1 }]);
  assert.deepEqual(columnOf(scaler.transform(test), "x"), [3, Number.NaN]);
});

test("columns that cannot be scaled are refused", () => {
  const frame = frameOf(
    [
      [1, "a", null],
      [1, "b", null],
    ],
    ["same", "text", "none"],
  );
  assert.throws(() => standardScaler(frame, ["same"]), /"same" is 1 in all rows/);
  assert.throws(() => standardScaler(frame, ["text"]), /"text" holds "a", but numbers are needed/);
  assert.throws(() => standardScaler(frame, ["none"]), /"none" has no values at all/);
  assert.throws(() => standardScaler(frame, ["sam"]), /Did you mean "same"/);
});
