import assert from "node:assert/strict";
import { test } from "node:test";
import { rules } from "../../../lessons";
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

test("the answers are those of the library's rules", () => {
  const one = (list: number[]) => list[0];
  const withMomentum = judge(lesson.momentumStep.exercise, (w, v, g, eta, gamma) => {
    const { parameters, state } = rules.momentum(
      [w],
      { gradient: () => [g] },
      { velocity: [v] },
      { learningRate: eta, momentum: gamma },
    );
    return [one(parameters), one(state.velocity)];
  });
  assert.equal(withMomentum.kind, "right");
  const withRmsProp = judge(lesson.rmsPropStep.exercise, (w, s, g, eta, rho) => {
    const { parameters, state } = rules.rmsProp(
      [w],
      { gradient: () => [g] },
      { squares: [s] },
      { learningRate: eta, rho },
    );
    return [one(parameters), one(state.squares)];
  });
  assert.equal(withRmsProp.kind, "right");
});
