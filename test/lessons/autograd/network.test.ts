import assert from "node:assert/strict";
import { before, test } from "node:test";
import { makeMoons, ready, setSeed, tf } from "karenina";
import { Neuron, ScalarNetwork, Value } from "../../../lessons";

before(() => ready());

test("a network's outputs and gradients are those of the same network in tensors", () => {
  setSeed(3);
  const network = new ScalarNetwork([3, 4, 2]);
  const x = [0.3, -1.2, 0.8];
  const outputs = network.apply(x);
  Value.sum(outputs.map((output) => output.pow(2))).backward();

  const weightsOf = (layer: Neuron[]) => layer.map(({ weights }) => weights.map((w) => w.data));
  const biasesOf = (layer: Neuron[]) => layer.map(({ bias }) => bias.data);
  const [first, second] = network.layers as [Neuron[], Neuron[]];
  tf.tidy(() => {
    const tensors = [weightsOf(first), biasesOf(first), weightsOf(second), biasesOf(second)].map(
      (values) => tf.tensor(values),
    );
    const forward = (w1: tf.Tensor, b1: tf.Tensor, w2: tf.Tensor, b2: tf.Tensor) => {
      const hidden = tf.tanh(tf.add(tf.dot(w1, tf.tensor1d(x)), b1));
      return tf.add(tf.dot(w2, hidden), b2);
    };
    const [w1, b1, w2, b2] = tensors as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
    const expected = forward(w1, b1, w2, b2).dataSync();
    outputs.forEach(({ data }, i) => {
      assert.ok(Math.abs(data - expected[i]) < 1e-5);
    });
    const grads = tf.grads((...all: tf.Tensor[]) =>
      tf.sum(tf.square(forward(all[0], all[1], all[2], all[3]))),
    )(tensors);
    const flat = (layer: Neuron[]) => [
      ...layer.flatMap(({ weights }) => weights.map((w) => w.gradient)),
      ...layer.map(({ bias }) => bias.gradient),
    ];
    const ours = [...flat(first), ...flat(second)];
    const theirs = grads.flatMap((grad) => [...grad.dataSync()]);
    assert.equal(ours.length, network.parameters.length);
    ours.forEach((gradient, i) => {
      assert.ok(Math.abs(gradient - theirs[i]) < 1e-4 * Math.max(1, Math.abs(gradient)));
    });
  });
});

test("weights begin at random with spread 1/√inputs, repeatably; biases at 0", () => {
  setSeed(1);
  const { weights, bias } = new Neuron(10_000);
  const deviation = Math.sqrt(weights.reduce((sum, w) => sum + w.data ** 2, 0) / 10_000);
  assert.ok(Math.abs(deviation * 100 - 1) < 0.05);
  assert.equal(bias.data, 0);
  setSeed(1);
  assert.equal(new Neuron(10_000).weights[7].data, weights[7].data);
});

test("gradient descent teaches it the two moons", () => {
  for (const seed of [1, 2]) {
    setSeed(seed);
    const { points, labels } = makeMoons({ count: 40 });
    const network = new ScalarNetwork([2, 8, 1]);
    const score = (point: number[]) => network.apply(point)[0];
    for (let step = 0; step < 200; step++) {
      const losses = points.map((point, i) =>
        score(point)
          .mul(labels[i] === 1 ? -1 : 1)
          .exp()
          .add(1)
          .log(),
      );
      Value.sum(losses).div(points.length).backward();
      for (const parameter of network.parameters) {
        parameter.data -= 1 * parameter.gradient;
      }
    }
    const right = points.filter((point, i) => score(point).data > 0 === (labels[i] === 1));
    assert.ok(right.length >= 38, `${right.length} of 40 with seed ${seed}`);
  }
});

test("sizes and inputs that do not fit are reported", () => {
  assert.throws(() => new ScalarNetwork([2]), /sizes are \[2\]/);
  assert.throws(() => new ScalarNetwork([2, 0]), RangeError);
  assert.throws(() => new ScalarNetwork([2, 1]).apply([1, 2, 3]), /got 3 inputs, but has 2/);
});
