import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { oneHotEncoder } from "../../../lib/frames";
import { columnOf, frameOf, frames } from "./frames";

test("each row has a single 1, in the column of its category", () => {
  fc.assert(
    fc.property(frames, (frame) => {
      const encoder = oneHotEncoder(frame, ["species"]);
      const encoded = encoder.transform(frame);
      const names = encoder.encoded.species;
      assert.deepEqual(encoded.columns, ["holey", "whole", ...names]);
      for (const [r, species] of columnOf(frame, "species").entries()) {
        const row = names.map((name) => columnOf(encoded, name)[r]);
        assert.deepEqual(
          row,
          names.map((name) => (name === `species_${species}` ? 1 : 0)),
        );
      }
      assert.deepEqual([...names].sort(), names);
      assert.deepEqual(encoded.index, frame.index);
    }),
    { numRuns: 30 },
  );
});

test("numbers and truth values can be categories, in order", () => {
  const frame = frameOf(
    [
      [10, true],
      [9, false],
      [10, true],
    ],
    ["year", "ok"],
  );
  const encoder = oneHotEncoder(frame, ["year", "ok"]);
  assert.deepEqual(encoder.transform(frame).columns, ["year_9", "year_10", "ok_false", "ok_true"]);
});

test("what did not occur in training, or is missing, is refused by row", () => {
  const encoder = oneHotEncoder(frameOf([["a"], ["b"]], ["t"]), ["t"]);
  assert.throws(
    () => encoder.transform(frameOf([["a"], ["c"]], ["t"])),
    /Row 10 has the t "c".* a, b\./,
  );
  assert.throws(() => encoder.transform(frameOf([["a"], [null]], ["t"])), /Row 10 has no "t"/);
  const taken = frameOf([["a", 1]], ["t", "t_a"]);
  assert.throws(() => oneHotEncoder(taken, ["t"]).transform(taken), /two columns "t_a"/);
  const many = frameOf(
    Array.from({ length: 101 }, (_, i) => [`name ${i}`]),
    ["name"],
  );
  assert.throws(() => oneHotEncoder(many, ["name"]), /101 different values/);
});
