import { exercisesOf } from "../../../lessons/exercises";
import { proveExercises, tryForms } from "./prove";

const lesson = exercisesOf.faults;
proveExercises(lesson);

// `keepingScale`, the other one, is tried with the exercises of its lesson, in hyperparameters.test.ts.
tryForms("dealtRows", lesson.dealtRows, {
  right: [
    (x, y, order) => {
      const pairs = order.map((row) => ({ inputs: [...x[row]], target: y[row] }));
      return { x: pairs.map(({ inputs }) => inputs), y: pairs.map(({ target }) => target) };
    },
    (x, y, order) => {
      const dealt: { x: number[][]; y: number[] } = { x: [], y: [] };
      for (const row of order) {
        dealt.x.push(x[row].slice());
        dealt.y.push(y[row]);
      }
      return dealt;
    },
    (x, y, order) => ({
      x: x.map((_, i) => x[order[i]]),
      y: Array.from(y, (_, i) => y[order[i]]),
    }),
  ],
  wrong: [
    [(x, y, order) => ({ x: order.map((row) => x[row]), y: [...y] }), /still there/],
    [(x, y, order) => ({ x: [...x], y: order.map((row) => y[row]) }), /same example/],
    [
      (x, y, order) => ({
        x: order.map((_, i) => x[order.indexOf(i)]),
        y: order.map((_, i) => y[order.indexOf(i)]),
      }),
      /same example/,
    ],
    [
      (x, y, order) => ({
        x: order.map((row) => x[row]),
        y: order.map((_, i) => y[x.length - 1 - i]),
      }),
      /same example/,
    ],
    [
      (x, y, order) => ({ x: order.map((row) => x[row]), y: [...y].sort((a, b) => b - a) }),
      /same example/,
    ],
  ],
});
