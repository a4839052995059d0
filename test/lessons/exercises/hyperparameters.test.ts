import assert from "node:assert/strict";
import { test } from "node:test";
import { exercisesOf } from "../../../lessons/exercises";
import { judge } from "../../../lessons/exercises/judge";
import { mlp, ready } from "../../../lib";
import { proveExercises } from "./prove";

const lesson = exercisesOf.hyperparameters;
proveExercises(lesson);

test("the parameters are those that the network has", async () => {
  await ready();
  const model = mlp({ inputSize: 9, hiddenSizes: [32, 16], outputSize: 1 });
  assert.equal(model.countParams(), lesson.mlpParameters.exercise.answer);
  model.dispose();
});

test("a rate is right however its logarithms are written", () => {
  const { exercise } = lesson.drawRate;
  const right = [
    (from: number, to: number, share: number) =>
      Math.exp(Math.log(from) + share * (Math.log(to) - Math.log(from))),
    (from: number, to: number, share: number) =>
      10 ** ((1 - share) * Math.log10(from) + share * Math.log10(to)),
  ];
  for (const answer of right) {
    assert.equal(judge(exercise, answer).kind, "right");
  }
});
