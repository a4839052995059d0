import assert from "node:assert/strict";
import { before, test } from "node:test";
import { OptionError, ready, sequenceClassifier, setSeed, tf } from "karenina";

before(() => ready());

test("the defaults are the MNIST network: 54,110 parameters in 11 tensors", () => {
  const model = sequenceClassifier();
  assert.equal(model.countParams(), 54_110);
  assert.deepEqual(
    model.layers.map((layer) => layer.countParams()),
    [12_900, 20_100, 20_100, 1010],
  );
  assert.equal(model.getWeights().length, 11);
});

test("the output is tanh after tanh from zero states, and the last state through a dense layer", () => {
  setSeed(1);
  const [N, T, D, H] = [3, 4, 2, 5];
  const model = sequenceClassifier({ inputSize: D, hiddenSize: H, numLayers: 2, outputSize: 3 });
  const worst = tf.tidy(() => {
    const weights = model.getWeights() as tf.Tensor2D[];
    const x = tf.randomNormal([N, T, D]);
    let steps = tf.unstack(x, 1) as tf.Tensor2D[];
    for (const [W, U, b] of [weights.slice(0, 3), weights.slice(3, 6)]) {
      let h = tf.zeros([N, H]) as tf.Tensor2D;
      steps = steps.map((each) => {
        h = tf.tanh(tf.add(tf.add(tf.matMul(each, W), tf.matMul(h, U)), b)) as tf.Tensor2D;
        return h;
      });
    }
    const logits = tf.add(tf.matMul(steps.at(-1)!, weights[6]), weights[7]);
    return tf.max(tf.abs(tf.sub(logits, model.predict(x) as tf.Tensor))).dataSync()[0];
  });
  assert.ok(worst < 1e-5, String(worst));
});

test("one network reads sequences of any length, and each begins at zero", () => {
  setSeed(2);
  const model = sequenceClassifier({ inputSize: 2, hiddenSize: 4, cell: "gru" });
  tf.tidy(() => {
    const long = tf.randomNormal([5, 9, 2]);
    assert.deepEqual((model.predict(long) as tf.Tensor).shape, [5, 10]);
    const read = () =>
      Array.from((model.predict(tf.slice(long, [0, 0, 0], [5, 3, 2])) as tf.Tensor).dataSync());
    assert.deepEqual(read(), read());
  });
});

test("every weight and bias begins uniform within 1/√H, a forget gate's too", () => {
  setSeed(3);
  for (const cell of ["rnn", "lstm", "gru"] as const) {
    for (const weight of sequenceClassifier({ cell, hiddenSize: 64 }).getWeights()) {
      const values = weight.dataSync<"float32">();
      const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      assert.ok(largest <= 1 / 8 && largest > 0.05, `${cell} ${weight.shape}: ${largest}`);
      if (values.length < 4000) {
        continue;
      }
      // A uniform distribution within ±b has the variance b² / 3.
      const variance = values.reduce((sum, value) => sum + value ** 2, 0) / values.length;
      assert.ok(Math.abs(variance * 3 * 64 - 1) < 0.1, `${cell} ${weight.shape}: ${variance}`);
    }
  }
  const narrow = sequenceClassifier({ initialBound: 0.001 }).getWeights();
  assert.ok(narrow.every((weight) => weight.dataSync().every((w) => Math.abs(w) <= 0.001)));
});

test("options that make no network are named", () => {
  assert.throws(() => sequenceClassifier({ inputSize: 0 }), /inputSize is 0/);
  assert.throws(() => sequenceClassifier({ numLayers: 1.5 }), /numLayers is 1.5/);
  assert.throws(() => sequenceClassifier({ cell: "elman" as "rnn" }), /cell is "elman"/);
  assert.throws(() => sequenceClassifier({ initialBound: -1 }), OptionError);
});
