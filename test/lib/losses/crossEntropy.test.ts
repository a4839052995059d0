import assert from "node:assert/strict";
import { before, test } from "node:test";
import "../../../lib/engine/native/register";
import { random, randomInteger, setSeed } from "../../../lib/engine/random";
import { ready, tf } from "../../../lib/engine/tensorflow";
import { sparseSoftmaxCrossEntropy } from "../../../lib/losses/losses";
import { numericalGradient, relativeError } from "../layers/oracle";

// Every test here holds on both backends; layers/wasm.test.ts runs this file on the other one.
before(() => ready());

/** -(1/M) Σ log softmax(row)[label], number by number. */
function oracle(logits: Float64Array, labels: Int32Array): number {
  const V = logits.length / labels.length;
  return labels.reduce((sum, label, m) => {
    const row = logits.subarray(m * V, (m + 1) * V);
    const largest = Math.max(...row);
    const total = row.reduce((s, value) => s + Math.exp(value - largest), 0);
    return sum + (Math.log(total) + largest - row[label]) / labels.length;
  }, 0);
}

for (const shape of [
  [1, 2],
  [5, 3],
  [2, 4, 6],
]) {
  test(`value and gradient of logits [${shape}] are those of the formula`, () => {
    setSeed(shape.join());
    const V = shape[shape.length - 1];
    const size = shape.reduce((a, b) => a * b);
    const values = Float64Array.from({ length: size }, () => Math.fround(8 * random() - 4));
    const classes = Int32Array.from({ length: size / V }, () => randomInteger(V));
    tf.tidy(() => {
      const labels = tf.tensor(classes, shape.slice(0, -1), "int32");
      const logits = tf.tensor(Float32Array.from(values), shape);
      const loss = (x: tf.Tensor) => tf.mul(sparseSoftmaxCrossEntropy(x, labels), 3) as tf.Scalar;
      const { value, grad } = tf.valueAndGrad(loss)(logits);
      assert.ok(relativeError(value.dataSync(), [3 * oracle(values, classes)]) <= 1e-6);
      const expected = numericalGradient(values, () => 3 * oracle(values, classes));
      assert.deepEqual(grad.shape, shape);
      assert.ok(relativeError(grad.dataSync(), expected) <= 1e-5);
      const oneHot = tf.cast(tf.oneHot(labels.flatten() as tf.Tensor1D, V), "float32");
      const twin = tf.losses.softmaxCrossEntropy(oneHot, logits.reshape([-1, V]));
      assert.ok(relativeError(value.dataSync(), tf.mul(twin, 3).dataSync()) <= 1e-5);
    });
  });
}

test("large logits do not overflow", () => {
  const loss = sparseSoftmaxCrossEntropy(
    tf.tensor2d([[1000, 0, -1000]]),
    tf.tensor1d([1], "int32"),
  );
  assert.ok(Math.abs(loss.dataSync()[0] - 1000) < 1e-3);
});

test("labels that do not fit are refused", () => {
  const logits = tf.zeros([2, 3]);
  assert.throws(
    () => sparseSoftmaxCrossEntropy(logits, tf.tensor1d([0, 1])),
    /int32 class numbers.*float32 of the shape \[2\]/s,
  );
  assert.throws(
    () => sparseSoftmaxCrossEntropy(logits, tf.tensor1d([0], "int32")),
    /of the shape \[2\].*\[1\]/s,
  );
  for (const wrong of [3, -1]) {
    assert.throws(
      () => sparseSoftmaxCrossEntropy(logits, tf.tensor1d([0, wrong], "int32")),
      new RegExp(`${wrong}`),
    );
  }
});

test("nothing is left behind", () => {
  const labels = tf.tensor1d([0, 1], "int32");
  const logits = tf.zeros([2, 3]);
  const step = () =>
    tf.tidy(() => void tf.valueAndGrad((x) => sparseSoftmaxCrossEntropy(x, labels))(logits));
  step();
  const before = tf.memory().numTensors;
  for (let i = 0; i < 5; i++) {
    step();
  }
  assert.equal(tf.memory().numTensors, before);
});
