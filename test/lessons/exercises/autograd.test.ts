import assert from "node:assert/strict";
import { before, test } from "node:test";
import { ready, tf } from "karenina";
import { Value } from "../../../lessons";
import { exercisesOf } from "../../../lessons/exercises";
import { judge } from "../../../lessons/exercises/judge";
import { proveExercises, tryForms } from "./prove";

before(() => ready());

const lesson = exercisesOf.autograd;
proveExercises(lesson);

test("other right ways are right", () => {
  const product = (X: tf.Tensor2D, dY: tf.Tensor2D) => tf.transpose(X).matMul(dY);
  assert.equal(judge(lesson.matrixGradient.exercise, product).kind, "right");
  const twice = tf.customGrad((x) => ({
    value: (x as tf.Tensor).mul(1),
    gradFunc: (dy: tf.Tensor) => dy.mul(-1),
  }));
  assert.equal(judge(lesson.reverseGradient.exercise, twice).kind, "right");
});

test("a product of shapes that do not fit gets a hint with the shape that is wanted", () => {
  const wrong = (X: tf.Tensor2D, dY: tf.Tensor2D) => tf.matMul(dY, X, true);
  const verdict = judge(lesson.matrixGradient.exercise, wrong);
  assert.equal(verdict.kind, "wrong");
  assert.match((verdict as { hint: string }).hint, /\[2, 4\]/);
});

test("a polynomial near the sine is distinguished from it", () => {
  const cubic = (x: Value) => x.sub(x.pow(3).div(6));
  assert.equal(judge(lesson.sine.exercise, cubic).kind, "wrong");
});

tryForms("slopeByHand", lesson.slopeByHand, {
  right: [6, 2 * (2 * 3 - 1 - 4) * 3, 2 * 1 * 3],
  wrong: [
    [2, /derivative by b/],
    [1, /loss itself/],
    [-6, /Go backwards/],
    [12, /difference is 1/],
    [18, /Go backwards/],
  ],
});

tryForms("centralSlope", lesson.centralSlope, {
  right: [
    (f, x, h) => ((f(x + h) - f(x)) / h + (f(x) - f(x - h)) / h) / 2,
    (f, x, h) => {
      const [left, right] = [x - h, x + h];
      return (f(right) - f(left)) / (right - left);
    },
    (f, x, h) => (0.5 / h) * (f(x + h) - f(x - h)),
  ],
  wrong: [
    [(f, x, h) => (f(x + h) + f(x - h)) / (2 * h), /How much f changes/],
    [(f, x, h) => (f(x + h / 2) - f(x - h / 2)) / h, /How much f changes/],
    [(f, x, h) => (f(x + 2 * h) - f(x)) / (2 * h), /How much f changes/],
    [(f, x, h) => (f(x + h) - f(x - h)) / 2, /How much f changes/],
    [(f, x) => (f(x + 1e-5) - f(x - 1e-5)) / 2e-5, /How much f changes/],
  ],
});

/** A sine by its value and its rule, as students write it. */
const sineBy = (value: (x: number) => number, rule: (gradient: number, x: number) => number[]) => {
  return (x: Value) =>
    new Value(value(x.data), "", {
      operation: "sin",
      inputs: [x],
      gradientRule: (gradient) => rule(gradient, x.data),
    });
};

tryForms("sine", lesson.sine, {
  right: [
    sineBy(Math.sin, (g, x) => [g * Math.sin(x + Math.PI / 2)]),
    sineBy(
      (x) => Math.cos(x - Math.PI / 2),
      (g, x) => [Math.cos(x) * g],
    ),
    (x) => {
      const named = { operation: "sine", inputs: [x] };
      const slope = Math.cos(x.data);
      return new Value(Math.sin(x.data), "s", { ...named, gradientRule: (g) => [slope * g] });
    },
  ],
  wrong: [
    [sineBy(Math.sin, (g) => [g]), /rule/],
    [sineBy(Math.sin, (g, x) => [g * Math.cos(g * x)]), /rule/],
    [sineBy(Math.sinh, (g, x) => [g * Math.cosh(x)]), /Math\.sin/],
    [
      sineBy(
        (x) => Math.sin((x * Math.PI) / 180),
        (g, x) => [g * Math.cos(x)],
      ),
      /Math\.sin/,
    ],
    [sineBy(Math.sin, (g, x) => [g / Math.cos(x)]), /rule/],
  ],
});

tryForms("matrixGradient", lesson.matrixGradient, {
  right: [
    (X, dY) => {
      const loss = (W: tf.Tensor) => tf.sum(tf.mul(tf.matMul(X, W as tf.Tensor2D), dY));
      return tf.grad(loss)(tf.zeros([X.shape[1], dY.shape[1]]));
    },
    (X, dY) => tf.transpose(tf.matMul(dY, X, true)),
    (X, dY) => tf.einsum("nd,nh->dh", X, dY),
    (X, dY) => {
      const outer = tf.mul(tf.expandDims(X, 2), tf.expandDims(dY, 1));
      return tf.sum(outer, 0);
    },
  ],
  wrong: [
    [(X, dY) => tf.matMul(dY, X, true), /\[2, 4\]/],
    [(_X, dY) => dY, /\[2, 4\]/],
    [(X, dY) => tf.matMul(X, tf.square(dY), true), /shape of W/],
    [(X, dY) => tf.matMul(tf.abs(X), dY, true), /shape of W/],
    [(X, dY) => tf.mul(2, tf.matMul(X, dY, true)), /twice|2|shape of W/],
  ],
});

const reversedBy = (value: (x: tf.Tensor) => tf.Tensor, back: (dy: tf.Tensor) => tf.Tensor) =>
  tf.customGrad((x) => ({ value: value(x as tf.Tensor), gradFunc: (dy: tf.Tensor) => back(dy) }));

tryForms("reverseGradient", lesson.reverseGradient, {
  right: [
    reversedBy(
      (x) => tf.add(x, 0),
      (dy) => tf.sub(0, dy),
    ),
    reversedBy(
      (x) => x.reshape(x.shape),
      (dy) => tf.mul(dy, tf.scalar(-1)),
    ),
    (x) =>
      tf.sub(
        tf.mul(
          2,
          tf.customGrad((y) => ({
            value: (y as tf.Tensor).clone(),
            gradFunc: (dy: tf.Tensor) => tf.zerosLike(dy),
          }))(x),
        ),
        x,
      ),
  ],
  wrong: [
    [
      reversedBy(
        (x) => x,
        (dy) => tf.neg(dy),
      ),
      /a new tensor/,
    ],
    [
      reversedBy(
        (x) => tf.neg(x),
        (dy) => tf.neg(dy),
      ),
      /unchanged|Forwards/,
    ],
    [
      reversedBy(
        (x) => x.clone(),
        (dy) => tf.neg(tf.abs(dy)),
      ),
      /gradFunc/,
    ],
    [
      reversedBy(
        (x) => x.clone(),
        (dy) => tf.zerosLike(dy),
      ),
      /gradFunc/,
    ],
    [(x) => tf.abs(x), /unchanged|Forwards/],
    [
      reversedBy(
        (x) => x.clone(),
        (dy) => tf.mul(dy, -2),
      ),
      /gradFunc/,
    ],
  ],
});
