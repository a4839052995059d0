import assert from "node:assert/strict";
import { test } from "node:test";
import { exercisesOf } from "../../../lessons/exercises";
import type { ScalarNode } from "../../../lessons/exercises/engine";
import { judge } from "../../../lessons/exercises/judge";
import { proveExercises, tryForms } from "./prove";

const lesson = exercisesOf.engine;
proveExercises(lesson);

/** Lesson 01's class, as students have it. */
class Scalar {
  gradient = 0;
  constructor(
    public data: number,
    readonly inputs: Scalar[] = [],
    readonly rule: (gradient: number) => number[] = () => [],
  ) {}
  add(b: Scalar) {
    return new Scalar(this.data + b.data, [this, b], (g) => [g, g]);
  }
  mul(b: Scalar) {
    return new Scalar(this.data * b.data, [this, b], (g) => [g * b.data, g * this.data]);
  }
}

test("operations on the student's own class are right, and so is tanh made of exp", () => {
  const exp = (a: Scalar): Scalar =>
    new Scalar(Math.exp(a.data), [a], (g) => [g * Math.exp(a.data)]);
  assert.equal(judge(lesson.engineExp.exercise, exp).kind, "right");
  const inverse = (a: Scalar) => new Scalar(1 / a.data, [a], (g) => [-g / a.data ** 2]);
  const tanh = (a: Scalar): Scalar => {
    const e = exp(a.mul(new Scalar(2)));
    return e.add(new Scalar(-1)).mul(inverse(e.add(new Scalar(1))));
  };
  assert.equal(judge(lesson.engineTanh.exercise, tanh).kind, "right");
});

test("a neuron may add its bias last", () => {
  const neuron = (weights: Scalar[], bias: Scalar, inputs: Scalar[]): Scalar => {
    const [first, ...more] = weights.map((weight, i) => weight.mul(inputs[i]));
    return more.reduce((sum, term) => sum.add(term), first).add(bias);
  };
  assert.equal(judge(lesson.engineNeuron.exercise, neuron).kind, "right");
});

test("what an exercise lends works in the student's engine, and the other way round", () => {
  const exp: (a: ScalarNode) => ScalarNode = lesson.engineExp.exercise.answer;
  const x = new Scalar(0.5);
  const y: ScalarNode = exp(x).add(x).mul(new Scalar(2));
  assert.equal(y.data, 2 * (Math.exp(0.5) + 0.5));
  assert.deepEqual(y.rule(1), [2, Math.exp(0.5) + 0.5]);
});

tryForms("engineNeuron", lesson.engineNeuron, {
  right: [
    (weights, bias, inputs) => weights.reduce((sum, w, i) => w.mul(inputs[i]).add(sum), bias),
    (weights, bias, inputs) => {
      let sum = bias;
      for (let i = inputs.length - 1; i >= 0; i--) {
        sum = sum.add(inputs[i].mul(weights[i]));
      }
      return sum;
    },
    (weights, bias, inputs) => {
      const [last, ...others] = inputs.map((input, i) => input.mul(weights[i])).reverse();
      return others.reduce((sum, term) => sum.add(term), last).add(bias);
    },
  ],
  wrong: [
    [(weights, _bias, inputs) => weights[0].mul(inputs[0]), /Begin with the bias/],
    [(weights, bias, inputs) => weights[0].mul(inputs[0]).add(bias), /Begin with the bias/],
    [
      (weights, bias, inputs) =>
        weights.reduce((sum, w, i) => sum.add(w.mul(inputs[i]).add(bias)), bias),
      /Begin with the bias/,
    ],
    [
      (weights, bias, inputs) => weights.reduce((sum, w, i) => sum.mul(w.mul(inputs[i])), bias),
      /Begin with the bias/,
    ],
    [
      (weights, bias, inputs) =>
        weights.reduce((sum, w, i) => sum.add(w.mul(inputs[inputs.length - 1 - i])), bias),
      /Begin with the bias/,
    ],
  ],
});

tryForms("moonsFault", lesson.moonsFault, {
  right: ["neurons alike", "Neurons alike", "  neurons  alike"],
  wrong: [
    ["uphill", /from the very first step/],
    ["rate too small", /still be falling/],
    ["labels shuffled", /ln 2/],
    ["neurons", /One of/],
    ["overfitting", /One of/],
  ],
});
