import assert from "node:assert/strict";
import { test } from "node:test";
import { exercisesOf } from "../../../lessons/exercises";
import { judge } from "../../../lessons/exercises/judge";
import { cleanText } from "../../../lib/text/sourceText";
import { stepSchedule } from "../../../lib/training/schedules";
import { proveExercises, tryForms } from "./prove";

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
  // Epoch 12 begins after eleven epochs, here of one step each.
  const halved = stepSchedule({ initial: 0.002, every: 5 })(11);
  assert.equal(judge(lesson.rateInEpoch12.exercise, halved).kind, "right");
});

tryForms("warmCosine", lesson.warmCosine, {
  right: [
    (step, peak, warmUp, total) => {
      if (step <= warmUp) {
        return (peak * step) / warmUp;
      }
      return peak * Math.cos((Math.PI * (step - warmUp)) / (total - warmUp) / 2) ** 2;
    },
    (step, peak, warmUp, total) => {
      const left = (total - step) / (total - warmUp);
      return peak * Math.min(step / warmUp, step < warmUp ? 1 : (1 - Math.cos(Math.PI * left)) / 2);
    },
    (step, peak, warmUp, total) => {
      const turn = step < warmUp ? 0 : ((step - warmUp) / (total - warmUp) - 0.5) * Math.PI;
      return step < warmUp ? peak * (step / warmUp) : (peak / 2) * (1 - Math.sin(turn));
    },
  ],
  wrong: [
    [
      (step, peak, _warmUp, total) => (peak * (1 + Math.cos((Math.PI * step) / total))) / 2,
      /Up to warmUp/,
    ],
    [(_step, peak) => peak, /Up to warmUp/],
    [
      (step, _peak, warmUp, total) =>
        step < warmUp
          ? step / warmUp
          : (1 + Math.cos((Math.PI * (step - warmUp)) / (total - warmUp))) / 2,
      /times what they should be/,
    ],
    [
      (step, peak, warmUp, total) =>
        step < warmUp
          ? (peak * step) / warmUp
          : (peak * (1 + Math.cos((2 * Math.PI * (step - warmUp)) / (total - warmUp)))) / 2,
      /Up to warmUp|right/,
    ],
    [
      (step, peak, warmUp, total) =>
        step < warmUp
          ? (peak * step) / warmUp
          : (peak * (1 + Math.cos((Math.PI * (step - warmUp)) / total))) / 2,
      /Up to warmUp|right/,
    ],
  ],
});
