import assert from "node:assert/strict";
import { test } from "node:test";
import { exercisesOf } from "../../../lessons/exercises";
import { judge } from "../../../lessons/exercises/judge";
import { cleanText } from "../../../lib/text/sourceText";
import { mapSchedule, stepSchedule } from "../../../lib/training/schedules";
import { proveExercises } from "./prove";

const lesson = exercisesOf.presidents;
proveExercises(lesson);

test("a score's symbols may be rounded or not, but not by more than the score was", () => {
  const { exercise } = lesson.symbolsByScore;
  assert.equal(judge(exercise, Math.exp(217.2 / 50)).kind, "right");
  assert.equal(judge(exercise, 76).kind, "wrong");
});

test("the library's own functions are right answers", () => {
  const clean = (text: string) => cleanText(text, { removeMarks: true });
  assert.equal(judge(lesson.withoutMarks.exercise, clean).kind, "right");
  const rate = mapSchedule({ 0: 0.1, 4000: 0.01, 8000: 0.002 });
  assert.equal(judge(lesson.rateAt.exercise, rate).kind, "right");
  // Epoch 12 begins after eleven epochs, here of one step each.
  const halved = stepSchedule({ initial: 0.002, every: 5 })(11);
  assert.equal(judge(lesson.rateInEpoch12.exercise, halved).kind, "right");
});
