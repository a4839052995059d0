import assert from "node:assert/strict";
import { before, test } from "node:test";
import {
  evaluate,
  type MlpOptions,
  mlp,
  OptionError,
  ready,
  setSeed,
  sgd,
  tf,
  train,
} from "karenina";

before(() => ready());

const build = (options: Partial<MlpOptions> = {}) =>
  mlp({ inputSize: 3, hiddenSizes: [5, 4], outputSize: 2, ...options });

test("layers have the sizes asked for, [N, D] in and [N, outputSize] out", () => {
  const parameters = (model: tf.LayersModel) => model.layers.map((layer) => layer.countParams());
  assert.deepEqual(parameters(build()), [20, 24, 10]);
  assert.deepEqual(parameters(build({ hiddenSizes: [] })), [8]);
  const withDropout = build({ dropout: 0.5 });
  assert.deepEqual(parameters(withDropout), [20, 0, 24, 0, 10]);
  const shape = tf.tidy(() => (withDropout.predict(tf.zeros([7, 3])) as tf.Tensor).shape);
  assert.deepEqual(shape, [7, 2]);
});

test("the output is activation after activation, and linear at the end", () => {
  setSeed(1);
  for (const activation of ["relu", "tanh", "sigmoid", "linear"] as const) {
    const model = build({ activation, kernelInitializer: "glorotNormal" });
    const worst = tf.tidy(() => {
      const x = tf.randomNormal([6, 3]);
      let h: tf.Tensor = x;
      const weights = model.getWeights();
      for (let layer = 0; layer < 3; layer++) {
        h = tf.add(tf.matMul(h, weights[2 * layer]), weights[2 * layer + 1]);
        if (layer < 2 && activation !== "linear") {
          h = tf[activation](h);
        }
      }
      return tf.max(tf.abs(tf.sub(h, model.predict(x) as tf.Tensor))).dataSync()[0];
    });
    assert.ok(worst < 1e-5, `${activation}: ${worst}`);
  }
});

test("the initialiser fills every weight matrix, and biases begin at zero", () => {
  const model = build({ kernelInitializer: tf.initializers.constant({ value: 0.25 }), l2: 0.1 });
  for (const weight of model.getWeights()) {
    const wanted = weight.rank === 2 ? 0.25 : 0;
    assert.ok(weight.dataSync().every((value) => value === wanted));
  }
});

test("training minimises loss and penalty; evaluating leaves the penalty out", async () => {
  const x = tf.tensor2d([[1, 2, 3]]);
  const y = tf.tensor2d([[0, 0]]);
  const loss = (output: tf.Tensor, target: tf.Tensor) => tf.mean(tf.square(tf.sub(output, target)));
  const learningRate = 0.1;
  for (const { l1 = 0, l2 = 0 } of [{}, { l1: 0.3 }, { l2: 0.2 }, { l1: 0.3, l2: 0.2 }]) {
    setSeed(2);
    // Zero input to the weights' gradient: only the penalty moves them.
    const model = mlp({ inputSize: 3, hiddenSizes: [], outputSize: 2, l1, l2 });
    const before = Array.from(model.getWeights()[0].dataSync());
    const bare = await evaluate(model, [{ x: tf.zeros([1, 3]), y }], { loss });
    const [row] = await train(model, [{ x: tf.zeros([1, 3]), y }], {
      loss,
      optimizer: sgd({ learningRate }),
    });
    const after = Array.from(model.getWeights()[0].dataSync());
    for (const [i, w] of before.entries()) {
      const slope = l1 * Math.sign(w) + 2 * l2 * w;
      assert.ok(Math.abs(after[i] - (w - learningRate * slope)) < 1e-6);
    }
    const penalty = before.reduce((sum, w) => sum + l1 * Math.abs(w) + l2 * w * w, 0);
    assert.equal(bare, 0);
    assert.ok(Math.abs(row.loss - penalty) < 1e-6);
    model.dispose();
  }
  tf.dispose([x, y]);
});

test("options that make no network are named", () => {
  assert.throws(() => build({ inputSize: 0 }), /inputSize is 0/);
  assert.throws(() => build({ hiddenSizes: [4, 2.5] }), /hiddenSizes\[1\] is 2.5/);
  assert.throws(() => build({ dropout: 1 }), /dropout is 1/);
  assert.throws(() => build({ l1: -1 }), /l1 is -1/);
  assert.throws(() => build({ l2: Number.NaN }), OptionError);
});
