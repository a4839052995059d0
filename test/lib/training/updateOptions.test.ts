import "./oneThread";
import assert from "node:assert/strict";
import { before, test } from "node:test";
import {
  layers,
  ready,
  setSeed,
  sgd,
  sparseSoftmaxCrossEntropy,
  type TrainOptions,
  tf,
  train,
} from "karenina";
import { batches, build, meanOutput, weightsOf } from "./smallText";

before(() => ready());

/** One step of gradient descent with learning rate 1 on y = w x, whose gradient is x. */
async function moved(x: number[], options: TrainOptions) {
  setSeed(1);
  const model = tf.sequential({
    layers: [layers.dense({ units: 1, useBias: false, inputShape: [x.length] })],
  });
  const [from] = weightsOf(model);
  const batch = { x: [Float32Array.from(x)], y: [Float32Array.of(0)] };
  const optimizer = sgd({ learningRate: 1 });
  const [row] = await train(model, [batch], { loss: meanOutput, optimizer, ...options });
  const [to] = weightsOf(model);
  return { from, step: from.map((value, i) => value - to[i]), row: row };
}

const close = (actual: number[], expected: number[]) =>
  actual.forEach((value, i) => {
    assert.ok(Math.abs(value - expected[i]) < 1e-5, `${actual} instead of ${expected}`);
  });

test("clipValue limits each number, clipNorm all of them together; history has the norm before", async () => {
  const gradient = [3, -4, 0.5];
  const norm = Math.hypot(...gradient);
  const byValue = await moved(gradient, { clipValue: 1 });
  close(byValue.step, [1, -1, 0.5]);
  const byNorm = await moved(gradient, { clipNorm: 2 });
  close(
    byNorm.step,
    gradient.map((value) => (value * 2) / norm),
  );
  for (const { row } of [byValue, byNorm]) {
    assert.ok(Math.abs(row.gradientNorm - norm) < 1e-5);
  }
});

test("weightDecay adds its multiple of each weight after clipping, and leaves the loss as it is", async () => {
  const gradient = [3, -4, 0.5];
  const plain = await moved(gradient, { clipValue: 1 });
  const decayed = await moved(gradient, { clipValue: 1, weightDecay: 0.3 });
  close(
    decayed.step,
    decayed.from.map((weight, i) => plain.step[i] + 0.3 * weight),
  );
  assert.equal(decayed.row.loss, plain.row.loss);
});

test("weightDecay is the gradient of half its multiple of all squares, biases included", async () => {
  const [first, second] = [build(2, { dropout: 0 }), build(2, { dropout: 0 })];
  const variables = second.trainableWeights.map((weight) => weight.read() as tf.Variable);
  const withPenalty = (output: tf.Tensor, targets: tf.Tensor) =>
    variables.reduce<tf.Tensor>(
      (sum, variable) => tf.add(sum, tf.mul(0.1, tf.sum(tf.square(variable)))),
      sparseSoftmaxCrossEntropy(output, targets),
    );
  const options = { maxSteps: 3, optimizer: sgd({ learningRate: 0.1 }) };
  await train(first, batches, { ...options, weightDecay: 0.2 });
  await train(second, batches, {
    ...options,
    optimizer: sgd({ learningRate: 0.1 }),
    loss: withPenalty,
  });
  weightsOf(first).forEach((values, i) => {
    close(values, weightsOf(second)[i]);
  });
});

test("options out of range, and two ways of clipping at once, are refused", async () => {
  const refused = (options: TrainOptions, message: RegExp) =>
    assert.rejects(train(build(1), batches, options), message);
  await refused({ clipNorm: 0 }, /clipNorm is 0/);
  await refused({ clipValue: -1 }, /clipValue is -1/);
  await refused({ clipNorm: 1, clipValue: 1 }, /Choose one/);
  await refused({ weightDecay: -0.1 }, /weightDecay is -0.1/);
  await refused({ weightDecay: Number.NaN }, /weightDecay is NaN/);
});
