import assert from "node:assert/strict";
import { test } from "node:test";
import { exercisesOf } from "../../../lessons/exercises";
import { judge } from "../../../lessons/exercises/judge";
import { proveExercises } from "./prove";

const lesson = exercisesOf.annaKarenina;
proveExercises(lesson);

test("rounded answers are right", () => {
  assert.equal(judge(lesson.lossOnRandomLetters.exercise, 1.386).kind, "right");
  assert.equal(judge(lesson.perplexity.exercise, 4).kind, "right");
});

test("counts must be exact", () => {
  assert.equal(judge(lesson.lstmParameters.exercise, 328_703).kind, "wrong");
  assert.equal(judge(lesson.batchCount.exercise, 170.5).kind, "wrong");
});
