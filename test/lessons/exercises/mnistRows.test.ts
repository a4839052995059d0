import assert from "node:assert/strict";
import { test } from "node:test";
import { exercisesOf } from "../../../lessons/exercises";
import { judge } from "../../../lessons/exercises/judge";
import { proveExercises, tryForms } from "./prove";

const lesson = exercisesOf.mnistRows;
proveExercises(lesson);

test("epochs may be counted in batches, of which the last is smaller", () => {
  assert.equal(judge(lesson.epochsOfProgram.exercise, 5000 / 938).kind, "right");
  assert.equal(judge(lesson.epochsOfProgram.exercise, 5.33).kind, "right");
  assert.equal(judge(lesson.epochsOfProgram.exercise, 5.3).kind, "wrong");
});

test("a count may be written as one sum", () => {
  const answer = (D: number, H: number, L: number, K: number) =>
    H * (D + H + 1) + (L - 1) * H * (2 * H + 1) + K * H + K;
  assert.equal(judge(lesson.classifierParameters.exercise, answer).kind, "right");
});

tryForms("deviationsApart", lesson.deviationsApart, {
  right: [
    (a, b, n) => {
      const wrong = (right: number) => n - right;
      return (a - b) / Math.sqrt((a * wrong(a) + b * wrong(b)) / n);
    },
    (a, b, n) => {
      // From the digits one by one: 1 is right, 0 is wrong.
      const variance = (right: number) => {
        const marks = Array.from({ length: n }, (_, i) => Number(i < right));
        const mean = marks.reduce((x, y) => x + y) / n;
        return marks.reduce((sum, mark) => sum + (mark - mean) ** 2, 0) / n / n;
      };
      return (a / n - b / n) / Math.hypot(Math.sqrt(variance(a)), Math.sqrt(variance(b)));
    },
    (a, b, n) => {
      const p = (a + b) / n / 2;
      return (a - b) / Math.sqrt(2 * n * p * (1 - p));
    },
  ],
  wrong: [
    [(a, b, n) => (b - a) / Math.sqrt((a * (n - a) + b * (n - b)) / n), /sign/],
    [(a, b, n) => (a - b) / Math.sqrt(a + b + 0 * n), /The share p/],
    [(a, b, n) => (a - b) / n / Math.sqrt(1 / n), /The share p/],
    [
      (a, b, n) => Math.abs(a - b) / Math.sqrt((a * (n - a) + b * (n - b)) / n),
      /The share p|right/,
    ],
    [(a, b) => a - b, /The share p/],
  ],
});
