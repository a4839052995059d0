import assert from "node:assert/strict";
import { test } from "node:test";
import { exercisesOf } from "../../../lessons/exercises";
import { judge } from "../../../lessons/exercises/judge";
import { proveExercises, tryForms } from "./prove";

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

tryForms("compressedSize", lesson.compressedSize, {
  right: [
    (1.7076 * 1.5 * 1e6) / (8000 * Math.log(2)),
    (1_707_618 * Math.log2(Math.exp(1.5))) / 8 / 1000,
    462,
  ],
  wrong: [
    [3695, /kilobits/],
    [320.2, /took the loss for bits/],
    [461_920, /bytes/],
    [221.9, /smaller/],
    [1_707_618 / 8 / 1000, /The loss is the mean/],
    [500, /The loss is the mean/],
  ],
});
