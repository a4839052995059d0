import assert from "node:assert/strict";
import { before, test } from "node:test";
import { random, ready, setSeed, tf } from "karenina";
import { randomState, restoreRandomState } from "../../../lib/engine/random";

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

test("KARENINA_SEED changes every seed, and seeds that differ stay different", (t) => {
  const before = process.env.KARENINA_SEED;
  const seeds = [1, 2, "a"];
  const first = (seed: number | string, wanted?: string) => {
    if (wanted === undefined) {
      delete process.env.KARENINA_SEED;
    } else {
      process.env.KARENINA_SEED = wanted;
    }
    setSeed(seed);
    return random();
  };
  t.after(() => {
    if (before === undefined) {
      delete process.env.KARENINA_SEED;
    } else {
      process.env.KARENINA_SEED = before;
    }
  });
  const [plain, wanted] = [seeds.map((seed) => first(seed)), seeds.map((seed) => first(seed, "5"))];
  assert.equal(wanted[0], first(5), "it takes the place of the default");
  assert.equal(new Set([...plain, ...wanted]).size, 6, "a lesson's five seeds are still five");
  assert.deepEqual(
    wanted,
    seeds.map((seed) => first(seed, "5")),
    "and repeat",
  );
});

test("a seed that is no number is refused, and what was seeded before goes on", () => {
  setSeed(3);
  const expected = [random(), random()];
  setSeed(3);
  assert.equal(random(), expected[0]);
  for (const seed of [Number.NaN, Number.POSITIVE_INFINITY, Number("seven")]) {
    assert.throws(() => setSeed(seed), {
      name: "RangeError",
      message: `A seed is any integer or string, and ${seed} is neither.`,
    });
  }
  assert.equal(random(), expected[1]);
  setSeed("NaN");
});
