import assert from "node:assert/strict";
import { test } from "node:test";
import { exercisesOf } from "../../../lessons/exercises";
import { judge } from "../../../lessons/exercises/judge";
import { tf } from "../../../lib/engine/tensorflow";
import * as layers from "../../../lib/layers";
import { proveExercises } from "./prove";

const lesson = exercisesOf.recurrentNets;
proveExercises(lesson);

test("the parameters are those of the library's layers", () => {
  const model = tf.sequential();
  model.add(layers.simpleRNN({ units: 100, batchInputShape: [null, 28, 28] }));
  model.add(layers.dense({ units: 10 }));
  assert.equal(judge(lesson.rnnParameters.exercise, model.countParams()).kind, "right");
});

test("the right step back is what autograd finds", () => {
  // The gradient of tanh(z W) by z, at a z that has the state h: z = artanh(h) W⁻¹.
  const back = (dh: tf.Tensor, h: tf.Tensor, W: tf.Tensor) => {
    const before = tf.matMul(tf.atanh(h), tf.tensor(inverted(W.arraySync() as number[][])));
    return tf.grad((z) => tf.tanh(tf.matMul(z, W)))(before, dh);
  };
  assert.equal(judge(lesson.oneStepBackInTime.exercise, back).kind, "right");
});

test("more than one form of a right answer is right", () => {
  const clip = (gradient: number[], largest: number) => {
    const length = Math.sqrt(gradient.reduce((sum, g) => sum + g * g, 0));
    return length <= largest ? gradient : gradient.map((g) => (g / length) * largest);
  };
  assert.equal(judge(lesson.clipToNorm.exercise, clip).kind, "right");
  assert.equal(judge(lesson.gradientReach.exercise, 43.9).kind, "wrong");
});

/** Gauss and Jordan's inverse of a square matrix. */
function inverted(matrix: number[][]): number[][] {
  const n = matrix.length;
  const rows = matrix.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))]);
  for (let column = 0; column < n; column++) {
    const pivot = rows.findIndex((row, i) => i >= column && Math.abs(row[column]) > 1e-9);
    [rows[column], rows[pivot]] = [rows[pivot], rows[column]];
    const scale = rows[column][column];
    rows[column] = rows[column].map((value) => value / scale);
    rows.forEach((row, i) => {
      const factor = row[column];
      if (i !== column) {
        rows[i] = row.map((value, j) => value - factor * rows[column][j]);
      }
    });
  }
  return rows.map((row) => row.slice(n));
}
