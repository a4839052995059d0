import assert from "node:assert/strict";
import { before, test } from "node:test";
import {
  charRnn,
  evaluate,
  OptionError,
  ready,
  sequenceBatches,
  setSeed,
  tf,
  train,
} from "karenina";

before(() => ready());

test("the article's network has 3,508,364 parameters", () => {
  const model = charRnn({ vocabularySize: 140, hiddenSize: 512, batchSize: 1 });
  const perLayer = model.layers.map((layer) => layer.countParams()).filter((count) => count > 0);
  assert.deepEqual(perLayer, [1_337_344, 2_099_200, 71_820]);
  assert.equal(model.countParams(), 3_508_364);
  model.dispose();
});

test("codes [N, T] give logits [N, T, V], for any T", () => {
  for (const options of [
    {},
    { embeddingSize: 3 },
    { cell: "gru" },
    { cell: "rnn", dropout: 0.5 },
  ] as const) {
    const model = charRnn({ vocabularySize: 7, batchSize: 2, hiddenSize: 4, ...options });
    for (const T of [1, 5]) {
      const shape = tf.tidy(() => (model.predict(tf.zeros([2, T], "int32")) as tf.Tensor).shape);
      assert.deepEqual(shape, [2, T, 7]);
    }
    model.dispose();
  }
});

test("output weights begin within two deviations of 0.1, the bias at zero", () => {
  setSeed(1);
  const [kernel, bias] = charRnn({ vocabularySize: 50 }).layers.at(-1)!.getWeights();
  const values = kernel.dataSync<"float32">();
  assert.ok(values.every((value) => Math.abs(value) <= 0.2));
  const deviation = Math.sqrt(
    values.reduce((sum, value) => sum + value * value, 0) / values.length,
  );
  // A normal distribution cut off at two deviations keeps 0.88 of its deviation.
  assert.ok(Math.abs(deviation - 0.088) < 0.003, `deviation ${deviation}`);
  assert.ok(bias.dataSync().every((value) => value === 0));
});

test("vectors of symbols begin as normal numbers of deviation 1, from the session's seed", () => {
  const begin = () => {
    setSeed(1);
    const model = charRnn({ vocabularySize: 80, embeddingSize: 64 });
    return model.layers[0].getWeights()[0].dataSync<"float32">();
  };
  const values = begin();
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const square = values.reduce((sum, value) => sum + value * value, 0) / values.length;
  // 5,120 numbers: five standard errors of the mean and of the mean square.
  assert.ok(Math.abs(mean) < 0.07, `mean ${mean}`);
  assert.ok(Math.abs(square - 1) < 0.1, `mean square ${square}`);
  assert.deepEqual(begin(), values);
});

test("the state is carried between batches and zeroed at an epoch's start", async () => {
  setSeed(1);
  const model = charRnn({ vocabularySize: 6, batchSize: 2, hiddenSize: 5 });
  const encoded = Int32Array.from({ length: 61 }, (_, index) => (index * 7) % 6);
  const seen: number[][] = [];
  const still = () => 0; // learning rate 0: losses differ by the state alone
  const history = await train(model, () => sequenceBatches(encoded, { batchSize: 2, steps: 10 }), {
    epochs: 2,
    schedule: still,
  });
  for (const epoch of [1, 2]) {
    seen.push(history.filter((row) => row.epoch === epoch).map((row) => row.loss));
  }
  assert.deepEqual(seen[1], seen[0], "an epoch must not see the state of the one before");
  // One batch of 30 steps is three of 10 with the state carried over.
  const whole = await evaluate(model, sequenceBatches(encoded, { batchSize: 2, steps: 30 }));
  const parts = await evaluate(model, sequenceBatches(encoded, { batchSize: 2, steps: 10 }));
  assert.ok(Math.abs(whole - parts) < 1e-6);
});

test("options that make no network are named", () => {
  const build = (options: object) => () => charRnn({ vocabularySize: 5, ...options });
  assert.throws(build({ vocabularySize: 0 }), /vocabularySize is 0/);
  assert.throws(build({ hiddenSize: 1.5 }), /hiddenSize is 1.5/);
  assert.throws(build({ dropout: 1 }), /dropout is 1/);
  assert.throws(build({ dropout: -0.1 }), OptionError);
  assert.throws(build({ keepProb: 0 }), /keepProb is 0.*dropout/);
  assert.throws(build({ keepProb: 0.5, dropout: 0.5 }), /both given/);
  assert.throws(build({ cell: "LSTM" }), /"LSTM".*"lstm", "gru" or "rnn"/);
  assert.throws(build({ embeddingSize: -1 }), /embeddingSize is -1/);
});
