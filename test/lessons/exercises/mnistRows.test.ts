import assert from "node:assert/strict";
import { test } from "node:test";
import { exercisesOf } from "../../../lessons/exercises";
import { judge } from "../../../lessons/exercises/judge";
import { proveExercises } from "./prove";

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

test("the kept epoch may be found by looking back", () => {
  const answer = (losses: number[], patience: number, minDelta: number) => {
    let best = 1;
    for (let epoch = 2; epoch <= losses.length && epoch - best <= patience; epoch++) {
      if (losses[best - 1] - losses[epoch - 1] > minDelta) {
        best = epoch;
      }
    }
    return best;
  };
  assert.equal(judge(lesson.keptEpoch.exercise, answer).kind, "right");
});
