import assert from "node:assert/strict";
import { before, test } from "node:test";
import { random, randomState, ready, restoreRandomState, setSeed, tf } from "karenina";

before(() => ready());

/** One value from each source of randomness that a lesson meets. */
function drawEverything(): number[] {
  return tf.tidy(() => {
    const x = tf.ones([1, 8]) as ReturnType<typeof tf.ones>;
    const dense = tf.layers.dense({ units: 3 }).apply(x) as ReturnType<typeof tf.ones>;
    const dropped = tf.layers.dropout({ rate: 0.5 }).apply(x, { training: true });
    const order = [1, 2, 3, 4, 5, 6, 7, 8];
    tf.util.shuffle(order);
    return [
      ...dense.dataSync(),
      ...(dropped as typeof x).dataSync(),
      ...tf.randomNormal([3]).dataSync(),
      ...tf.truncatedNormal([3]).dataSync(),
      ...order,
      random(),
      Math.random(),
    ];
  });
}

test("one seed governs initialisers, dropout, shuffles and samples", () => {
  setSeed(7);
  const first = drawEverything();
  setSeed(7);
  assert.deepEqual(drawEverything(), first);
  setSeed(8);
  assert.notDeepEqual(drawEverything(), first);
});

test("a restored state continues the same sequence", () => {
  setSeed("any text");
  random();
  const state = randomState();
  assert.ok(state);
  const saved = JSON.parse(JSON.stringify(state));
  const expected = drawEverything();
  setSeed(99);
  restoreRandomState(saved);
  assert.deepEqual(drawEverything(), expected);
});

test("KARENINA_SEED wins over the notebook's seed", (t) => {
  t.after(() => {
    delete process.env.KARENINA_SEED;
  });
  setSeed(5);
  const expected = random();
  process.env.KARENINA_SEED = "5";
  setSeed(6);
  assert.equal(random(), expected);
});
