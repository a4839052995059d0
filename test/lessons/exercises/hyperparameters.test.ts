import assert from "node:assert/strict";
import { test } from "node:test";
import { exercisesOf } from "../../../lessons/exercises";
import { judge } from "../../../lessons/exercises/judge";
import { mlp, ready } from "../../../lib";
import { proveExercises, tryForms } from "./prove";

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

tryForms("mlpParameters", lesson.mlpParameters, {
  right: [865, 9 * 32 + 32 + 32 * 16 + 16 + 16 + 1, (9 + 1) * 32 + (32 + 1) * 16 + (16 + 1)],
  wrong: [
    [866, /three layers/],
    [9 * 32 * 16, /three layers/],
    [9 * 32 + 32 * 16 + 16, /Each unit has a bias/],
    [864, /output has a bias/],
    [848, /last of them to the output/],
  ],
});

tryForms("stepsOfTraining", lesson.stepsOfTraining, {
  right: [280, Math.ceil(200 / 32) * 40, (6 + 1) * 40],
  wrong: [
    [Math.floor(200 / 32) * 40, /left out/],
    [(200 / 32) * 40, /carried over/],
    [7, /one epoch/],
    [281, /200 examples once/],
    [200 * 40, /whole batch/],
  ],
});

tryForms("gridTrainings", lesson.gridTrainings, {
  right: [120, 4 * 3 * 2 * 5, (4 * 3 * 2) / (1 / 5)],
  wrong: [
    [24, /How often/],
    [9, /multiply/],
    [14, /combinations/],
    [45, /values of the grid/],
    [(4 * 3 * 2) ** 5, /combinations/],
  ],
});

tryForms("scaleForWidth", lesson.scaleForWidth, {
  right: [0.1, 1 / Math.sqrt(100), Math.sqrt(2 / (100 + 100))],
  wrong: [
    [0.01, /variance/],
    [Math.sqrt(2 / 100), /set that to 1/],
    [10, /has to be 1/],
    [0.05, /400 units/],
    [0.09, /set that to 1/],
  ],
});

tryForms("drawRate", lesson.drawRate, {
  right: [
    (from, to, share) => from ** (1 - share) * to ** share,
    (from, to, share) => 2 ** (Math.log2(from) + share * Math.log2(to / from)),
    (from, to, share) => from * Math.exp(share * Math.log(to / from)),
  ],
  wrong: [
    [(from, to, share) => (from + to) * share, /logarithms of both bounds/],
    [(from, to, share) => from + (to - from) * share, /uniform/],
    [(from, to, share) => from * (to / from) * share, /logarithms of both bounds/],
    [(from, to) => Math.sqrt(from * to), /logarithms of both bounds/],
    [(from, to, share) => from * (to / from) ** (1 - share), /share of 0 must give the lower/],
  ],
});

tryForms("keepingScale", exercisesOf.faults.keepingScale, {
  right: [
    (inputs) => inputs ** -0.5,
    (inputs) => Math.sqrt(1 / inputs),
    (n) => Math.exp(-0.5 * Math.log(n)),
  ],
  wrong: [
    [(inputs) => 1 / inputs, /still there/],
    [(inputs) => Math.sqrt(inputs), /Divide/],
    [(inputs) => Math.sqrt(2 / inputs), /For which σ/],
    [(inputs) => 2 / Math.sqrt(inputs), /For which σ/],
    [() => 0.1, /For which σ|depend on D/],
  ],
});
