import assert from "node:assert/strict";
import { test } from "node:test";
import { exercisesOf } from "../../../lessons/exercises";
import { judge } from "../../../lessons/exercises/judge";
import { proveExercises, tryForms } from "./prove";

const lesson = exercisesOf.optimizers;
proveExercises(lesson);

test("rounded answers are right", () => {
  for (const steps of [693, 693.1, 693.147]) {
    assert.equal(judge(lesson.halfLife.exercise, steps).kind, "right");
  }
});

tryForms("largestStableRate", lesson.largestStableRate, {
  right: [0.2, 2 / 10, 1 / 5],
  wrong: [
    [0.4, /differentiate 5w² twice/],
    [0.1, /first step/],
    [2, /2 divided by the curvature/],
    [10, /That is the curvature/],
    [0.19, /2 divided by the curvature/],
  ],
});

tryForms("stableWithMomentum", lesson.stableWithMomentum, {
  right: [0.95, (2 * (1 + 0.9)) / 4, 3.8 / 4],
  wrong: [
    [0.5, /without momentum/],
    [3.8, /curvature is missing/],
    [5, /brakes/],
    [0.9, /2 \(1 \+ γ\)/],
    [0.475, /2 \(1 \+ γ\)/],
  ],
});

tryForms("halfLife", lesson.halfLife, {
  right: [1000 * Math.LN2, -1000 * Math.log(0.5), 693.15],
  wrong: [
    [500, /linear/],
    [1000, /1\/e/],
    [1000 * Math.log10(2), /base is e/],
    [-693.147, /logarithm of both sides/],
    [700, /logarithm of both sides/],
  ],
});

tryForms("hessianGigabytes", lesson.hessianGigabytes, {
  right: [40, (100_000 ** 2 * 4) / 1e9, 4e10 / 10 ** 9],
  wrong: [
    [10, /number of entries/],
    [80, /not eight/],
    [(((100_000 * 100_001) / 2) * 4) / 1e9, /symmetric/],
    [(4 * 1e10) / 2 ** 30, /10⁹/],
    [0.0004, /the gradient/],
  ],
});
