import assert from "node:assert/strict";
import { before, test } from "node:test";
import fc from "fast-check";
import { ready, tf } from "../../../lib/engine/tensorflow";
import { isMissing, toTensors } from "../../../lib/frames";
import { columnOf, frameOf, frames } from "./frames";

before(async () => {
  await ready();
});

test("tensors hold the columns' numbers in float32, or nothing is made of what is missing", () => {
  const tensors = tf.memory().numTensors;
  fc.assert(
    fc.property(frames, (frame) => {
      const options = { features: ["whole", "holey"], targets: ["whole"] };
      const [whole, holey] = [columnOf(frame, "whole"), columnOf(frame, "holey")];
      const count = holey.filter(isMissing).length;
      if (count > 0) {
        const first = holey.findIndex(isMissing);
        assert.throws(() => toTensors(frame, options), {
          message: new RegExp(`: row ${10 * first}, holey: missing.*dropMissing`),
        });
        return;
      }
      const { x, y } = toTensors(frame, options);
      assert.deepEqual(x.shape, [whole.length, 2]);
      assert.deepEqual(y.shape, [whole.length, 1]);
      const rows = whole.map((cell, r) =>
        [cell, holey[r]].map((each) => Math.fround(each as number)),
      );
      assert.deepEqual(x.arraySync(), rows);
      assert.deepEqual(
        [...y.dataSync()],
        whole.map((cell) => Math.fround(cell as number)),
      );
      tf.dispose([x, y]);
    }),
    { numRuns: 50 },
  );
  assert.equal(tf.memory().numTensors, tensors);
});

test("an error names rows and columns, a few of many", () => {
  const frame = frameOf(
    Array.from({ length: 8 }, (_, i) => [i % 2 === 0 ? null : i, "a", Number.POSITIVE_INFINITY]),
    ["x", "t", "big"],
  );
  const of =
    (...features: string[]) =>
    () =>
      toTensors(frame, { features, targets: ["x"] });
  assert.throws(
    of("x"),
    /4 cells are none: row 0, x: missing; row 20, x: missing; row 40, x: missing; row 60, x: missing\. Drop/,
  );
  assert.throws(of("t"), /8 cells are none: row 0, t: "a"; .*; and 3 more\. Make numbers of texts/);
  assert.throws(of("big"), /row 0, big: Infinity.*Leave infinite values out/);
  assert.throws(of("xx"), /no column "xx"\. Did you mean "x"\?/);
  assert.throws(of(), /No columns are named/);
});

test("truth values count as 1 and 0", () => {
  const { x } = toTensors(frameOf([[true], [false]], ["b"]), { features: ["b"], targets: ["b"] });
  assert.deepEqual(x.arraySync(), [[1], [0]]);
});
