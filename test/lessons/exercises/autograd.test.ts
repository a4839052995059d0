import assert from "node:assert/strict";
import { before, test } from "node:test";
import { ready, tf } from "karenina";
import type { Value } from "../../../lessons";
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
