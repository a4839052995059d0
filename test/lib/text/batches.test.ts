import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { BatchError, countSequenceBatches, sequenceBatches } from "karenina";

const shapes = fc.record({
  length: fc.integer({ min: 2, max: 400 }),
  nSeqs: fc.integer({ min: 1, max: 7 }),
  nSteps: fc.integer({ min: 1, max: 9 }),
});

test("y is x shifted by one everywhere, and rows go on from batch to batch", () => {
  fc.assert(
    fc.property(shapes, ({ length, nSeqs, nSteps }) => {
      fc.pre(length > nSeqs * nSteps);
      const encoded = Int32Array.from({ length }, (_, position) => position);
      const batches = [...sequenceBatches(encoded, { batchSize: nSeqs, steps: nSteps })];
      assert.equal(
        batches.length,
        countSequenceBatches(encoded, { batchSize: nSeqs, steps: nSteps }),
      );
      // Codes are positions here, so what follows what can be read off.
      const rows = Array.from({ length: nSeqs }, (_, n) => batches.flatMap(({ x }) => [...x[n]]));
      assert.deepEqual(rows.flat(), [...encoded.slice(0, batches.length * nSeqs * nSteps)]);
      for (const { x, y } of batches) {
        assert.equal(x.length, nSeqs);
        for (const [n, row] of x.entries()) {
          assert.equal(row.length, nSteps);
          assert.deepEqual(
            [...y[n]],
            [...row].map((position) => position + 1),
          );
        }
      }
    }),
  );
});

test("a text that fills its batches exactly gives up the one without a next character", () => {
  const encoded = new Int32Array(20);
  assert.equal(countSequenceBatches(encoded, { batchSize: 2, steps: 5 }), 1);
  assert.equal(countSequenceBatches(new Int32Array(21), { batchSize: 2, steps: 5 }), 2);
});

test("a text shorter than a batch and impossible sizes are refused before any batch", () => {
  const encoded = new Int32Array(10);
  assert.throws(() => [...sequenceBatches(encoded, { batchSize: 2, steps: 5 })], {
    name: "BatchError",
    message: /10 symbols.*needs 11.*smaller batchSize/s,
  });
  for (const wrong of [0, -1, 1.5, Number.NaN]) {
    assert.throws(() => countSequenceBatches(encoded, { batchSize: wrong, steps: 5 }), BatchError);
    assert.throws(() => countSequenceBatches(encoded, { batchSize: 5, steps: wrong }), BatchError);
  }
});
