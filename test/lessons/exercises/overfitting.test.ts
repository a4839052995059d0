import assert from "node:assert/strict";
import { test } from "node:test";
import { exercisesOf } from "../../../lessons/exercises";
import { judge } from "../../../lessons/exercises/judge";
import { proveExercises } from "./prove";

const lesson = exercisesOf.overfitting;
proveExercises(lesson);

test("four diagnoses that are not given yet are not tried", () => {
  assert.equal(judge(lesson.diagnose.exercise, ["", "", "", ""]).kind, "not tried");
});

test("one missing diagnosis is a mistake", () => {
  const verdict = judge(lesson.diagnose.exercise, ["overfits", "underfits", "", "overfits"]);
  assert.equal(verdict.kind, "wrong");
});

test("early stopping may be written otherwise", () => {
  const answer = (losses: number[], patience: number) => {
    for (let epoch = 1; epoch <= losses.length; epoch++) {
      const seen = losses.slice(0, epoch);
      const best = seen.indexOf(Math.min(...seen)) + 1;
      if (epoch - best === patience) {
        return epoch;
      }
    }
    return losses.length;
  };
  assert.equal(judge(lesson.stopsAfter.exercise, answer).kind, "right");
});
