import assert from "node:assert/strict";
import { test } from "node:test";
import { exercisesOf } from "../../../lessons/exercises";
import { judge } from "../../../lessons/exercises/judge";
import { tf } from "../../../lib/engine/tensorflow";
import * as layers from "../../../lib/layers";
import { proveExercises, tryForms } from "./prove";

const lesson = exercisesOf.recurrentNets;
proveExercises(lesson);

test("the parameters are those of the library's layers", () => {
  const model = tf.sequential();
  model.add(layers.simpleRNN({ units: 100, batchInputShape: [null, 28, 28] }));
  model.add(layers.dense({ units: 10 }));
  assert.equal(judge(lesson.rnnParameters.exercise, model.countParams()).kind, "right");
});

tryForms("leakyStepBack", lesson.leakyStepBack, {
  right: [
    // By autograd: g = tanh(z W), at a z that has these g: z = artanh(g) W⁻¹.
    (dh, g, W, a) => {
      const inverse = tf.tensor(inverted(W.arraySync() as number[][]));
      const before = tf.matMul(tf.atanh(g), inverse);
      return tf.grad((h) => tf.add(tf.mul(h, 1 - a), tf.mul(tf.tanh(tf.matMul(h, W)), a)))(
        before,
        dh,
      );
    },
    (dh, g, W, a) => {
      const dz = dh.mul(a).mul(g.square().neg().add(1));
      return dh.sub(dh.mul(a)).add(dz.matMul(W.transpose()));
    },
    // By the Jacobian of the step, as a matrix.
    (dh, g, W, a) => {
      const slopes = tf.diag(tf.reshape(tf.mul(tf.sub(1, g.square()), a), [3]));
      const jacobian = tf.add(tf.mul(tf.eye(3), 1 - a), tf.matMul(slopes, W, false, true));
      return tf.matMul(dh, jacobian);
    },
  ],
  wrong: [
    [(dh, g, W) => dh.mul(tf.sub(1, g.square())).matMul(W, false, true), /goes past both/],
    [(dh, _g, _W, a) => dh.mul(1 - a), /Two ways/],
    [
      (dh, g, W, a) => dh.mul(1 - a).add(dh.mul(a).mul(tf.sub(1, g)).matMul(W, false, true)),
      /Two ways/,
    ],
    [
      (dh, g, W, a) =>
        dh.mul(1 - a).sub(dh.mul(a).mul(tf.sub(1, g.square())).matMul(W, false, true)),
      /Two ways/,
    ],
    [(_dh, g, W, a) => tf.mul(tf.sub(1, g.square()), a).matMul(W, false, true), /Two ways/],
  ],
});

tryForms("pairsSeen", lesson.pairsSeen, {
  right: [
    // Every pair is looked at: no gradient passes from piece to piece.
    (T, k) => {
      let pairs = 0;
      for (let t = 0; t < T; t++) {
        for (let s = 0; s <= t; s++) {
          pairs += Number(Math.floor(s / k) === Math.floor(t / k));
        }
      }
      return pairs;
    },
    (T, k) => Array.from({ length: T }, (_, t) => (t % k) + 1).reduce((a, b) => a + b, 0),
    function pairs(T: number, k: number): number {
      return T <= k ? (T * (T + 1)) / 2 : (k * (k + 1)) / 2 + pairs(T - k, k);
    },
  ],
  wrong: [
    [(T, k) => T * k, /A piece of n steps/],
    [(_T, k) => (k * (k + 1)) / 2, /A piece of n steps/],
    [(T, k) => (T * (T + 1)) / 2 - (k * (k + 1)) / 2, /A piece of n steps/],
    [(T, k) => (T * (k + 1)) / 2, /.+/],
    [(T, k) => Array.from({ length: T }, (_, t) => t % k).reduce((a, b) => a + b, 0), /s may be t/],
  ],
});

test("a reach must be a whole number of steps", () => {
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

tryForms("writingLoop", lesson.writingLoop, {
  right: [
    function write(read, draw, h, first, count): number[] {
      if (count === 0) {
        return [];
      }
      const seen = read(first, h);
      const next = draw(seen.p);
      return [next, ...write(read, draw, seen.h, next, count - 1)];
    },
    // Reads once more than it has to.
    (read, draw, h, first, count) => {
      const written: number[] = [];
      let seen = read(first, h);
      while (written.length < count) {
        written.push(draw(seen.p));
        seen = read(written[written.length - 1], seen.h);
      }
      return written;
    },
    (read, draw, h, first, count) => {
      const all = [first];
      let state = h;
      for (let i = 0; i < count; i++) {
        const { p, h: next } = read(all[i], state);
        all.push(draw(p));
        state = next;
      }
      return all.slice(1);
    },
  ],
  wrong: [
    // The number of the step is read, not what was written.
    [
      (read, draw, h, _first, count) => {
        let state = h;
        return Array.from({ length: count }, (_, i) => {
          const seen = read(i, state);
          state = seen.h;
          return draw(seen.p);
        });
      },
      /At each turn/,
    ],
    [() => [0, 0, 0], /.+/],
    [(_read, _draw, _h, first, count) => new Array<number>(count).fill(first), /.+/],
  ],
});
