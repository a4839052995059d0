import assert from "node:assert/strict";
import { before, test } from "node:test";
import "../../../lib/engine/native/register";
import { randomInteger, setSeed } from "../../../lib/engine/random";
import { nativeBinding, ready, tf } from "../../../lib/engine/tensorflow";
import * as layers from "../../../lib/layers";
import { charRnn as largeCharRnn } from "../../../lib/models/charRnn";
import { createStepper } from "../../../lib/sampling/stepper";
import { relativeError } from "../layers/oracle";

// Every test here holds on both backends; layers/wasm.test.ts runs this file on the other one.
before(() => ready());

const V = 7;
const recurrent = {
  lstm: layers.lstm,
  gru: layers.gru,
  gruResetAfter: (options: layers.GruOptions) => layers.gru({ ...options, resetAfter: true }),
  simpleRNN: layers.simpleRNN,
};

function charRnn(cell: keyof typeof recurrent, embedded: boolean, useBias = true): tf.Sequential {
  const model = tf.sequential();
  const batchInputShape = [null, null];
  model.add(
    embedded
      ? layers.embedding({ inputDim: V, outputDim: 3, batchInputShape })
      : layers.oneHot({ depth: V, batchInputShape }),
  );
  for (const units of [5, 4]) {
    model.add(
      recurrent[cell]({ units, returnSequences: true, useBias, biasInitializer: "glorotNormal" }),
    );
    model.add(layers.dropout({ rate: 0.5 }));
  }
  model.add((embedded ? layers : tf.layers).dense({ units: V }));
  return model;
}

for (const cell of Object.keys(recurrent) as (keyof typeof recurrent)[]) {
  for (const [embedded, N] of [
    [true, 3],
    [false, 3],
    [true, 1],
    [false, 1],
  ] as const) {
    test(`${cell}, ${embedded ? "embedding" : "one-hot"}, N ${N}: steps give the whole sequence's logits`, () => {
      setSeed(`${cell} ${embedded}`);
      const T = 6;
      const model = withBiases(charRnn(cell, embedded));
      const ids = Int32Array.from({ length: N * T }, () => randomInteger(V));
      const expected = tf.tidy(() =>
        (model.predict(tf.tensor2d(ids, [N, T], "int32")) as tf.Tensor).dataSync(),
      );
      const stepper = createStepper(model, { batchSize: N });
      for (let round = 0; round < 2; round++) {
        const logits = new Float32Array(N * T * V);
        for (let t = 0; t < T; t++) {
          const step = stepper.step(Int32Array.from({ length: N }, (_, n) => ids[n * T + t]));
          assert.equal(step.length, N * V);
          for (let n = 0; n < N; n++) {
            logits.set(step.subarray(n * V, (n + 1) * V), (n * T + t) * V);
          }
        }
        assert.ok(relativeError(logits, expected) <= 1e-5);
        stepper.reset();
      }
      stepper.dispose();
    });
  }
}

/** Biases that are not zeros, so that a forgotten one shows. */
function withBiases(model: tf.Sequential, size = 0.6): tf.Sequential {
  tf.tidy(() => model.setWeights(model.getWeights().map((w) => tf.randomNormal(w.shape, 0, size))));
  return model;
}

test("large LSTMs of one sequence, which are cut into halves, give the whole sequence's logits", () => {
  for (const [embeddingSize, T] of [
    [0, 5],
    [12, 4],
  ]) {
    setSeed(`large ${embeddingSize}`);
    const model = withBiases(
      largeCharRnn({ vocabularySize: 31, batchSize: 1, hiddenSize: 300, embeddingSize }),
      0.05,
    );
    const ids = Int32Array.from({ length: T }, () => randomInteger(31));
    const expected = tf.tidy(() =>
      (model.predict(tf.tensor2d(ids, [1, T], "int32")) as tf.Tensor).dataSync(),
    );
    const stepper = createStepper(model);
    for (let round = 0; round < 2; round++) {
      const steps = Array.from(ids, (id) => Array.from(stepper.step(Int32Array.of(id)))).flat();
      assert.ok(relativeError(steps, expected) <= 1e-5);
      stepper.reset();
    }
    stepper.dispose();
    model.dispose();
  }
});

test("layers without bias are stepped too", () => {
  setSeed("no bias");
  for (const cell of Object.keys(recurrent) as (keyof typeof recurrent)[]) {
    const model = charRnn(cell, false, false);
    const expected = tf.tidy(() =>
      (model.predict(tf.tensor2d([2], [1, 1], "int32")) as tf.Tensor).dataSync(),
    );
    const stepper = createStepper(model);
    assert.ok(relativeError(stepper.step(Int32Array.of(2)), expected) <= 1e-5);
    stepper.dispose();
  }
});

test("a stepper keeps its weights and leaves the model's states alone", () => {
  setSeed("own states");
  const model = tf.sequential();
  model.add(layers.oneHot({ depth: V, batchInputShape: [2, null] }));
  const lstm = layers.lstm({ units: 3, returnSequences: true, stateful: true });
  model.add(lstm);
  model.add(tf.layers.dense({ units: V }));
  tf.dispose(model.predict(tf.zeros([2, 4], "int32")));
  const states = lstm.getStates().map((state) => Array.from(state.dataSync()));
  const stepper = createStepper(model);
  const first = stepper.step(Int32Array.of(1));
  assert.deepEqual(
    lstm.getStates().map((state) => Array.from(state.dataSync())),
    states,
  );
  assert.notDeepEqual(stepper.step(Int32Array.of(1)), first);
  stepper.reset();
  assert.deepEqual(stepper.step(Int32Array.of(1)), first);
  stepper.dispose();
});

test("nothing is left behind, neither by steps nor by steppers", () => {
  const count = () => [
    tf.memory().numTensors,
    (nativeBinding() as unknown as { getNumOfTensors(): number })?.getNumOfTensors(),
  ];
  for (const cell of Object.keys(recurrent) as (keyof typeof recurrent)[]) {
    for (const embedded of [true, false]) {
      const model = charRnn(cell, embedded);
      const use = () => {
        const stepper = createStepper(model);
        for (let step = 0; step < 5; step++) {
          stepper.step(Int32Array.of(step));
        }
        stepper.reset();
        stepper.step(Int32Array.of(0));
        stepper.dispose();
      };
      use(); // fills the caches of constants
      const before = count();
      use();
      use();
      assert.deepEqual(count(), before, `${cell} ${embedded}`);
      model.dispose();
    }
  }
});

test("what can't be stepped is named", () => {
  const model = charRnn("lstm", true);
  const stepper = createStepper(model, { batchSize: 2 });
  assert.throws(() => stepper.step(Int32Array.of(1)), /2 symbols a step.*not 1/);
  assert.throws(() => stepper.step(Int32Array.of(1, V)), /symbol 7.*0 to 6/);
  assert.throws(() => stepper.step(Int32Array.of(-1, 0)), /symbol -1/);
  stepper.dispose();
  assert.throws(() => createStepper(model, { batchSize: 0 }), /batchSize is 0/);
  const dense = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [3] })] });
  assert.throws(() => createStepper(dense), /This model has Dense/);
});
