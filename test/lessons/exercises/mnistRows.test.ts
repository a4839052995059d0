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

tryForms("readRows", lesson.readRows, {
  right: [
    // Layer by layer: the whole sequence goes through the first, its states through the second, and so on.
    (rows, cells, H) =>
      cells
        .reduce((sequence, cell) => {
          let h = new Array<number>(H).fill(0);
          return sequence.map((x) => {
            h = cell(x, h);
            return h;
          });
        }, rows)
        .at(-1)!,
    (rows, cells, H) => {
      const states = cells.map(() => new Array<number>(H).fill(0));
      for (const row of rows) {
        let x = row;
        cells.forEach((cell, l) => {
          states[l] = cell(x, states[l]);
          x = states[l];
        });
      }
      return states.at(-1)!;
    },
    // One array of zeros for all is no fault, for a state is replaced, not written into.
    (rows, cells, H) => {
      const states: number[][] = new Array(cells.length).fill(new Array(H).fill(0));
      for (const row of rows) {
        for (let l = 0; l < cells.length; l++) {
          states[l] = cells[l](l > 0 ? states[l - 1] : row, states[l]);
        }
      }
      return states[cells.length - 1];
    },
  ],
  wrong: [
    [(rows) => rows.at(-1)!, /go up the layers|numbers/],
    [
      (rows, cells, H) => {
        const zeros = new Array<number>(H).fill(0);
        return rows.reduce((h, row) => cells.at(-1)!(row, h), zeros);
      },
      /reads the row itself/,
    ],
  ],
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
