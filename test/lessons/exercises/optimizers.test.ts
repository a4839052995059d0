import assert from "node:assert/strict";
import { test } from "node:test";
import { exercisesOf } from "../../../lessons/exercises";
import { judge } from "../../../lessons/exercises/judge";
import { proveExercises } from "./prove";

const lesson = exercisesOf.optimizers;
proveExercises(lesson);

test("rounded answers are right", () => {
  for (const steps of [693, 693.1, 693.147]) {
    assert.equal(judge(lesson.halfLife.exercise, steps).kind, "right");
  }
});
