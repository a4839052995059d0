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

test("both ways to divide a variance are right", () => {
  const { exercise } = lesson.standardiseBy;
  const mean = (values: number[]) => values.reduce((a, b) => a + b) / values.length;
  const by = (less: number) => (values: number[], training: number[]) => {
    const m = mean(training);
    const squares = training.reduce((sum, value) => sum + (value - m) ** 2, 0);
    return values.map((value) => (value - m) / Math.sqrt(squares / (training.length - less)));
  };
  assert.equal(judge(exercise, by(0)).kind, "right");
  assert.equal(judge(exercise, by(1)).kind, "right");
  assert.equal(judge(exercise, by(-1)).kind, "wrong");
});
