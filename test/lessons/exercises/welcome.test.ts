import assert from "node:assert/strict";
import { test } from "node:test";
import { exercisesOf } from "../../../lessons/exercises";
import { judge } from "../../../lessons/exercises/judge";
import { proveExercises, tryForms } from "./prove";

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

tryForms("cellRunThrice", lesson.cellRunThrice, {
  right: [2 ** 4 - 1, 15.0, 7 * 2 + 1],
  wrong: [
    [16, /doubled, plus 1/],
    [14, /doubled, plus 1/],
    [3, /after one run/],
    [7, /after two runs/],
    [-15, /doubled, plus 1/],
  ],
});

tryForms("neuron", lesson.neuron, {
  right: [
    (x, weight, bias) => 2 / (1 + Math.exp(-2 * (weight * x + bias))) - 1,
    (x, weight, bias) => Math.sinh(bias + x * weight) / Math.cosh(bias + x * weight),
    (...[x, weight, bias]) => {
      const sum = [x * weight, bias].reduce((all, each) => all + each, 0);
      return Math.tanh(sum);
    },
  ],
  wrong: [
    [(x, weight, bias) => 1 / (1 + Math.exp(-(weight * x + bias))), /tanh/],
    [(x, weight, bias) => Math.tan(weight * x + bias), /tanh/],
    [(x, weight, bias) => Math.tanh(weight * x - bias), /add the bias/],
    [(x, weight, bias) => Math.tanh(weight + x + bias), /Multiply/],
    [() => Math.tanh(1), /Multiply/],
  ],
});

tryForms("shapeThatFits", lesson.shapeThatFits, {
  right: [[3, 4], Object.freeze([3, 4]), Array.from([3, 4])],
  wrong: [
    [[4, 3], /swapped/],
    [[2, 4], /shape of the product/],
    [[3, 3], /outer two are left/],
    [[4, 4], /outer two are left/],
    [[3, 4, 1], /3 elements, but should have 2/],
  ],
});

tryForms("guessFault", lesson.guessFault, {
  right: ["too large", "Too large", " too large "],
  wrong: [
    ["too small", /creep/],
    ["negative", /one direction/],
    ["zero", /never move/],
    ["large", /One of/],
    ["2.05", /One of/],
  ],
});
