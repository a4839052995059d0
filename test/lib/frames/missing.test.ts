import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { describe, dropMissing, fillMissing, isMissing } from "../../../lib/frames";
import { columnOf, contentOf, frameOf, frames } from "./frames";

test("filling leaves nothing missing, the rest as it was, and the frame untouched", () => {
  fc.assert(
    fc.property(frames, finiteFill, (frame, value) => {
      const before = contentOf(frame);
      const filled = fillMissing(frame, { holey: value });
      assert.deepEqual(contentOf(frame), before);
      assert.deepEqual(filled.index, frame.index);
      const [old, now] = [columnOf(frame, "holey"), columnOf(filled, "holey")];
      assert.deepEqual(
        now,
        old.map((cell) => (isMissing(cell) ? value : cell)),
      );
      assert.deepEqual(columnOf(filled, "species"), columnOf(frame, "species"));
    }),
    { numRuns: 50 },
  );
});

const finiteFill = fc.double({ noNaN: true, noDefaultInfinity: true, min: -100, max: 100 });

test("means, medians and most frequent values come from the frame that is named", () => {
  const training = frameOf(
    [
      [1, "a"],
      [2, "b"],
      [6, "b"],
      [null, "a"],
    ],
    ["x", "t"],
  );
  const test = frameOf(
    [
      [null, null],
      [50, "c"],
    ],
    ["x", "t"],
  );
  const by = (how: "mean" | "median" | "mostFrequent", from?: typeof training) =>
    columnOf(fillMissing(test, { x: { by: how } }, from ? { from } : {}), "x");
  assert.deepEqual(by("mean", training), [3, 50]);
  assert.deepEqual(by("median", training), [2, 50]);
  assert.deepEqual(by("mostFrequent", training), [1, 50]);
  assert.deepEqual(by("mean"), [50, 50]);
  const texts = fillMissing(test, { t: { by: "mostFrequent" } }, { from: training });
  assert.deepEqual(columnOf(texts, "t"), ["a", "c"]);
});

test("a fill that does not fit is refused", () => {
  const frame = frameOf(
    [
      [1, "a"],
      [null, null],
    ],
    ["x", "t"],
  );
  assert.throws(
    () => fillMissing(frame, { x: "none" }),
    /"x" cannot be filled with "none": .* 1\./,
  );
  assert.throws(() => fillMissing(frame, { x: Number.NaN }), /cannot be filled with null/);
  assert.throws(() => fillMissing(frame, { t: { by: "mean" } }), /"t" holds "a", but numbers/);
  assert.throws(() => fillMissing(frame, { tt: 1 }), /no column "tt"\. Did you mean "t"\?/);
  assert.throws(() => fillMissing(frame, { x: { by: "mode" as never } }), /by must be "mean"/);
});

test("rows with missing values can be dropped, by any or by all of some columns", () => {
  const frame = frameOf(
    [
      [1, 2, "a"],
      [null, 3, "b"],
      [null, Number.NaN, "c"],
      [4, 5, null],
    ],
    ["x", "y", "t"],
  );
  assert.deepEqual(dropMissing(frame).index, [0]);
  assert.deepEqual(dropMissing(frame, { columns: ["x", "y"] }).index, [0, 30]);
  assert.deepEqual(dropMissing(frame, { columns: ["x", "y"], where: "all" }).index, [0, 10, 30]);
  assert.throws(() => dropMissing(frameOf([[null]], ["x"])), /No row is left/);
  assert.equal(describe(dropMissing(frame, { columns: ["t"] }))[2].missing, 0);
});
