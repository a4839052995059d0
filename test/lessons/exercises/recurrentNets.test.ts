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

type Gates = { i: number; f: number; g: number; o: number };
type Back = Parameters<typeof lesson.lstmBackward>[0];

const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
const sumsOf = ({ i, f, g, o }: Gates) => {
  const logit = (p: number) => Math.log(p / (1 - p));
  return [logit(i), logit(f), Math.atanh(g), logit(o)];
};

/** dh h + dc c', a loss with just these gradients at what a step gives. */
const lossOf = ([zi, zf, zg, zo, c]: number[], dh: number, dc: number) => {
  const after = sigmoid(zf) * c + sigmoid(zi) * Math.tanh(zg);
  return dh * sigmoid(zo) * Math.tanh(after) + dc * after;
};

test("an LSTM's way back is right by differences, by autograd, and from the parts of h", () => {
  const byDifferences: Back = (gates, c, dh, dc) => {
    const at = [...sumsOf(gates), c];
    const [zi, zf, zg, zo, ofC] = at.map((_, k) => {
      const [up, down] = [1e-5, -1e-5].map((e) => at.map((z, j) => (j === k ? z + e : z)));
      return (lossOf(up, dh, dc) - lossOf(down, dh, dc)) / 2e-5;
    });
    return { zi, zf, zg, zo, c: ofC };
  };
  const byAutograd: Back = (gates, c, dh, dc) =>
    tf.tidy(() => {
      const gradients = tf.grad((z) => {
        const [zi, zf, zg, zo, before] = tf.unstack(z);
        const after = zf.sigmoid().mul(before).add(zi.sigmoid().mul(zg.tanh()));
        return zo.sigmoid().mul(after.tanh()).mul(dh).add(after.mul(dc));
      })(tf.tensor1d([...sumsOf(gates), c]));
      const [zi, zf, zg, zo, ofC] = gradients.dataSync();
      return { zi, zf, zg, zo, c: ofC };
    });
  const fromH: Back = ({ i, f, g, o }, c, dh, dc) => {
    const after = c * f + g * i;
    const h = o * Math.tanh(after);
    const toCell = dh * (o - (h * h) / o) + dc; // o (1 - tanh²) = o - h² / o
    const [zi, zf] = [toCell * (i - i * i) * g, toCell * (f - f * f) * c];
    return { zi, zf, zg: toCell * (i - i * g * g), zo: dh * (h - h * o), c: f * toCell };
  };
  for (const right of [byDifferences, byAutograd, fromH]) {
    assert.equal(judge(lesson.lstmBackward.exercise, right).kind, "right");
  }
});

test("wrong ways back through an LSTM are not right, whether their mistake is known or not", () => {
  const { answer } = lesson.lstmBackward.exercise as { answer: Back };
  const wrong: Back[] = [
    (gates, c, dh, dc) => answer(gates, c, dh, -dc),
    (gates, c, dh, dc) => ({ ...answer(gates, c, dh, dc), c: dc * gates.f }),
    // The content before in the place of the new one.
    (gates, c, dh, dc) => ({
      ...answer(gates, c, dh, dc),
      zo: dh * Math.tanh(c) * gates.o * (1 - gates.o),
    }),
    // The gradient of h by o, without its sigmoid.
    (gates, c, dh, dc) => ({
      ...answer(gates, c, dh, dc),
      zo: dh * Math.tanh(gates.f * c + gates.i * gates.g),
    }),
    // i and f changed places.
    ({ i, f, g, o }, c, dh, dc) => answer({ i: f, f: i, g, o }, c, dh, dc),
    () => ({ zi: 0, zf: 0, zg: 0, zo: 0, c: 0 }),
  ];
  for (const back of wrong) {
    assert.equal(judge(lesson.lstmBackward.exercise, back).kind, "wrong");
  }
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
