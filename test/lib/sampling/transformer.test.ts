import assert from "node:assert/strict";
import { before, test } from "node:test";
import {
  createStepper,
  randomInteger,
  readAttention,
  ready,
  sample,
  score,
  setSeed,
  softmax,
  tf,
  transformer,
  Vocabulary,
} from "karenina";
import { relativeError } from "../layers/oracle";

// Every test here holds on both backends; layers/wasm.test.ts runs this file on the other one.
before(() => ready());

const [V, C] = [9, 8];

/** A small transformer whose weights are large enough to tell all symbols and places apart. */
function network(positions: "learnt" | "rotary" | "none", seed = 1): tf.Sequential {
  setSeed(seed);
  const options = { contextLength: C, width: 12, numHeads: 3, numLayers: 2, dropout: 0.3 };
  const model = transformer({ vocabularySize: V, ...options, positions });
  tf.tidy(() => model.setWeights(model.getWeights().map((w) => tf.randomNormal(w.shape, 0, 0.5))));
  return model;
}

const randomCodes = (length: number) => Int32Array.from({ length }, () => randomInteger(V));

/** Logits [N, T, V] of whole sequences. */
const forward = (model: tf.LayersModel, ids: Int32Array, N: number) =>
  tf.tidy(() =>
    (model.predict(tf.tensor2d(ids, [N, ids.length / N], "int32")) as tf.Tensor).dataSync(),
  ) as Float32Array;

for (const positions of ["learnt", "rotary", "none"] as const) {
  for (const N of [1, 3]) {
    test(`${positions} positions, N ${N}: steps give the whole sequence's logits`, () => {
      const model = network(positions);
      const ids = randomCodes(N * C);
      const expected = forward(model, ids, N);
      const stepper = createStepper(model, { batchSize: N });
      const before = tf.memory().numTensors;
      for (let round = 0; round < 2; round++) {
        for (let t = 0; t < C; t++) {
          const step = stepper.step(Int32Array.from({ length: N }, (_, n) => ids[n * C + t]));
          for (let n = 0; n < N; n++) {
            const wanted = expected.subarray((n * C + t) * V, (n * C + t + 1) * V);
            assert.ok(relativeError(step.subarray(n * V, (n + 1) * V), wanted) <= 1e-5);
          }
        }
        stepper.reset();
      }
      stepper.dispose();
      assert.ok(tf.memory().numTensors <= before);
    });
  }

  test(`${positions} positions: a full window goes on with its newer half`, () => {
    const model = network(positions, 2);
    const ids = randomCodes(3 * C);
    const stepper = createStepper(model);
    let start = 0;
    for (const [t, id] of ids.entries()) {
      if (t - start === C) {
        start = t - C / 2;
      }
      const expected = forward(model, ids.subarray(start, t + 1), 1).slice(-V);
      assert.ok(relativeError(stepper.step(Int32Array.of(id)), expected) <= 1e-5, `step ${t}`);
    }
    stepper.dispose();
  });
}

test("score reads in stretches what a stepper reads symbol by symbol", async () => {
  const model = network("rotary", 3);
  const vocabulary = Vocabulary.of("abcdefghi");
  const ids = randomCodes(300);
  const stepper = createStepper(model);
  let total = 0;
  for (let t = 0; t + 1 < ids.length; t++) {
    total -= Math.log(softmax(stepper.step(Int32Array.of(ids[t])))[ids[t + 1]]);
  }
  stepper.dispose();
  const { totalNats, symbols } = await score(model, vocabulary.decode(ids), { vocabulary });
  assert.equal(symbols, 299);
  assert.ok(Math.abs(totalNats / total - 1) < 1e-5);
});

test("a transformer writes, the same after the same seed, and leaves no tensors", async () => {
  const model = network("learnt", 4);
  const vocabulary = Vocabulary.of("abcdefghi");
  const write = () => {
    setSeed(9);
    return sample(model, { vocabulary, prime: "abc", length: 40 });
  };
  const before = tf.memory().numTensors;
  const text = await write();
  assert.equal(text.length, 43);
  assert.equal(await write(), text);
  assert.equal(tf.memory().numTensors, before);
});

test("readAttention gives rows that sum to 1 and see nothing ahead", () => {
  const model = network("rotary", 5);
  const heads = readAttention(model, Int32Array.of(1, 2, 3, 4, 5), { layer: 1 });
  assert.equal(heads.length, 3);
  for (const rows of heads) {
    for (const [t, row] of rows.entries()) {
      assert.equal(row.length, 5);
      assert.ok(row.slice(t + 1).every((weight) => weight === 0));
      assert.ok(Math.abs(row.reduce((sum, weight) => sum + weight, 0) - 1) < 1e-5);
    }
  }
  assert.throws(() => readAttention(model, Int32Array.of(1), { layer: 2 }), /blocks are 0 to 1/);
  assert.throws(() => readAttention(model, new Int32Array()), /nothing to read/);
  assert.throws(() => readAttention(model, Int32Array.of(V)), /whole numbers from 0 to 8/);
});

test("a block in other company than a transformer's is not stepped", () => {
  const model = network("none");
  const odd = tf.sequential({ layers: model.layers.slice(1, 3) as tf.layers.Layer[] });
  assert.throws(() => createStepper(odd), /Only a transformer as `transformer` builds it/);
  assert.throws(() => readAttention(odd, Int32Array.of(1)), /Only a transformer/);
});
