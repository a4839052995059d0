import assert from "node:assert/strict";
import { test } from "node:test";
import { exercisesOf } from "../../../lessons/exercises";
import { judge } from "../../../lessons/exercises/judge";
import { proveExercises } from "./prove";

const lesson = exercisesOf.welcome;
proveExercises(lesson);

test("a neuron may be written in another way", () => {
  const byExponentials = (x: number, weight: number, bias: number) => {
    const e = Math.exp(-2 * (weight * x + bias));
    return (1 - e) / (1 + e);
  };
  assert.equal(judge(lesson.neuron.exercise, byExponentials).kind, "right");
});

test("a neuron that forgets to return hears so", () => {
  const silent = (() => undefined) as unknown as () => number;
  const verdict = judge(lesson.neuron.exercise, silent);
  assert.ok(verdict.kind === "wrong" && /returns undefined.*return/.test(verdict.hint));
});

test("a shape of one number is no shape of a table", () => {
  const verdict = judge(lesson.shapeThatFits.exercise, [3]);
  assert.ok(verdict.kind === "wrong" && /1 elements, but should have 2/.test(verdict.hint));
});
