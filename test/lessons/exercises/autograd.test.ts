import assert from "node:assert/strict";
import { before, test } from "node:test";
import { ready, tf } from "karenina";
import type { Value } from "../../../lessons";
import { exercisesOf } from "../../../lessons/exercises";
import { judge } from "../../../lessons/exercises/judge";
import { proveExercises } from "./prove";

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
