import assert from "node:assert/strict";
import { before, test } from "node:test";
import fc from "fast-check";
import { BatchError, ready, setSeed, shuffledBatches, tf } from "karenina";

before(() => ready());

const sizes = fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 50 }));

test("every example comes once an epoch, with its own target, and nothing stays in memory", () => {
  fc.assert(
    fc.property(sizes, ([N, batchSize]) => {
      const numbers = Array.from({ length: N }, (_, n) => n);
      const x = tf.tensor2d(numbers.map((n) => [n, 2 * n]));
      const y = tf.tensor1d(numbers, "int32");
      const tensors = tf.memory().numTensors;
      const seen: number[] = [];
      const lengths: number[] = [];
      for (const batch of shuffledBatches({ x, y }, batchSize)()) {
        assert.equal(batch.y.dtype, "int32");
        const targets = [...batch.y.dataSync()];
        assert.deepEqual(
          [...batch.x.dataSync()],
          targets.flatMap((n) => [n, 2 * n]),
        );
        seen.push(...targets);
        lengths.push(targets.length);
      }
      assert.deepEqual(
        seen.sort((a, b) => a - b),
        numbers,
      );
      assert.equal(lengths.length, Math.ceil(N / batchSize));
      assert.ok(lengths.slice(0, -1).every((length) => length === batchSize));
      assert.equal(tf.memory().numTensors, tensors);
      tf.dispose([x, y]);
    }),
    { numRuns: 30 },
  );
});

test("each epoch has an order of its own, and a seed repeats them", () => {
  const y = tf.range(0, 30, 1, "int32");
  const x = tf.zeros([30, 1]);
  const orders = (seed: number) => {
    setSeed(seed);
    const epoch = shuffledBatches({ x, y }, 30);
    return [1, 2].map(() => [...epoch()].length && [...firstOf(epoch())]);
  };
  const firstOf = (epoch: Iterable<{ y: tf.Tensor }>): number[] => {
    for (const batch of epoch) {
      return [...batch.y.dataSync()];
    }
    return [];
  };
  const [first, second] = orders(1);
  assert.notDeepEqual(first, second);
  assert.deepEqual(orders(1), [first, second]);
  assert.notDeepEqual(orders(2)[0], first);
  tf.dispose([x, y]);
});

test("an epoch that is left early leaves nothing in memory", () => {
  const [x, y] = [tf.zeros([9, 2]), tf.zeros([9, 1])];
  const tensors = tf.memory().numTensors;
  for (const _ of shuffledBatches({ x, y }, 2)()) {
    break;
  }
  assert.equal(tf.memory().numTensors, tensors);
  tf.dispose([x, y]);
});

test("what makes no batches is refused", () => {
  const [x, y] = [tf.zeros([4, 2]), tf.zeros([3])];
  assert.throws(() => shuffledBatches({ x, y: x }, 0), /batchSize is 0/);
  assert.throws(() => shuffledBatches({ x, y }, 2), /\[4,2\] and y \[3\]/);
  assert.throws(() => shuffledBatches({ x: tf.zeros([0, 2]), y: tf.zeros([0]) }, 2), BatchError);
});
