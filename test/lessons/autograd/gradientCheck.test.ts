import assert from "node:assert/strict";
import { before, test } from "node:test";
import { ready, tf } from "karenina";
import { checkGradient, checkTensorGradient, Value } from "../../../lessons";

before(() => ready());

test("right gradients pass, of values and of tensors", () => {
  const f = (x: Value, y: Value) => x.mul(y).tanh().add(x.exp());
  const { analytic, largestError } = checkGradient(f, [0.5, -2]);
  const slope = 1 - Math.tanh(-1) ** 2;
  assert.ok(Math.abs(analytic[0] - (-2 * slope + Math.exp(0.5))) < 1e-12);
  assert.ok(Math.abs(analytic[1] - 0.5 * slope) < 1e-12);
  assert.ok(largestError < 1e-9);

  const at = tf.tensor2d([0.5, -2, 1, 0.1], [2, 2]);
  const check = checkTensorGradient((x) => tf.sum(tf.tanh(tf.matMul(x, x))), at);
  assert.equal(check.analytic.length, 4);
  assert.ok(check.largestError < 1e-3, String(check.largestError));
  at.dispose();
});

test("a wrong gradient is found, of values and of tensors", () => {
  const wrongSquare = (x: Value) =>
    new Value(x.data ** 2, "", {
      operation: "square",
      inputs: [x],
      gradientRule: (gradient) => [gradient * x.data],
    });
  const { analytic, numeric, largestError } = checkGradient(wrongSquare, [3]);
  assert.equal(analytic[0], 3);
  assert.ok(Math.abs(numeric[0] - 6) < 1e-6);
  assert.ok(Math.abs(largestError - 0.5) < 1e-6);

  const wrongCube = tf.customGrad((x, save) => {
    (save as (tensors: tf.Tensor[]) => void)([x as tf.Tensor]);
    return {
      value: tf.pow(x as tf.Tensor, 3),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.mul(dy, tf.mul(saved[0], 3)),
    };
  });
  const at = tf.tensor1d([1, 2]);
  assert.ok(checkTensorGradient((x) => tf.sum(wrongCube(x)), at).largestError > 0.4);
  at.dispose();
});

test("no tensor is left behind", () => {
  const at = tf.tensor1d([1, 2]);
  const before = tf.memory().numTensors;
  checkTensorGradient((x) => tf.sum(tf.square(x)), at);
  assert.equal(tf.memory().numTensors, before);
  at.dispose();
});

test("a function without inputs has no error; a step must be above 0", () => {
  assert.equal(checkGradient(() => new Value(1), []).largestError, 0);
  assert.throws(() => checkGradient((x) => x, [1], { step: 0 }), /step is 0/);
});
