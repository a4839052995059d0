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

const sumOf = (weights: ScalarNode[], bias: ScalarNode, inputs: ScalarNode[]): ScalarNode =>
  weights.reduce((sum, weight, i) => sum.add(weight.mul(inputs[i])), bias);
const squashed = (a: ScalarNode): ScalarNode =>
  new Scalar(Math.tanh(a.data), [a as Scalar], (g) => [g * (1 - Math.tanh(a.data) ** 2)]);

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
    [(weights, bias, inputs) => squashed(sumOf(weights, bias, inputs)), /tanh as well/],
    [
      (weights, bias, inputs) => {
        weights.forEach((w, i) => {
          bias.add(w.mul(inputs[i]));
        });
        return bias;
      },
      /Begin with the bias/,
    ],
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

tryForms("engineExp", lesson.engineExp, {
  right: [
    (a) => {
      const rule = (g: number): number[] => [g * result.data];
      const result: Scalar = new Scalar(Math.exp(a.data), [a as Scalar], rule);
      return result;
    },
    (a) => new Scalar(Math.E ** a.data, [a as Scalar], (g) => [Math.exp(a.data) * g]),
    (a) => {
      const y = Math.exp(a.data);
      const rule = (gradient: number) => [a].map(() => y * gradient);
      return new Scalar(y, [a as Scalar], rule);
    },
  ],
  wrong: [
    [(a) => new Scalar(Math.exp(a.data), [a as Scalar]), /third argument/],
    [(a) => new Scalar(Math.exp(a.data), [a as Scalar], (g) => [g]), /slope/],
    [(a) => new Scalar(Math.exp(a.data), [a as Scalar], (g) => [g + Math.exp(a.data)]), /slope/],
    [(a) => new Scalar(Math.exp(a.data), [a as Scalar], (g) => [g / Math.exp(a.data)]), /slope/],
    [(a) => new Scalar(Math.expm1(a.data), [a as Scalar], (g) => [g * Math.exp(a.data)]), /value/],
    [(a) => new Scalar(2 ** a.data, [a as Scalar], (g) => [g * 2 ** a.data]), /Math\.exp/],
  ],
});

tryForms("engineLog", lesson.engineLog, {
  right: [
    (a) => new Scalar(Math.log(a.data), [a as Scalar], (g) => [g * (1 / a.data)]),
    (a) => new Scalar(Math.log2(a.data) * Math.LN2, [a as Scalar], (g) => [g * a.data ** -1]),
    (a) => {
      const slope = 1 / a.data;
      return new Scalar(Math.log(a.data), [a as Scalar], (g) => [slope * g]);
    },
  ],
  wrong: [
    [(a) => new Scalar(Math.log(a.data), [a as Scalar]), /third argument/],
    [(a) => new Scalar(Math.log(a.data), [a as Scalar], (g) => [g * a.data]), /how steep/],
    [(a) => new Scalar(Math.log(a.data), [a as Scalar], (g) => [a.data / g]), /how steep/],
    [(a) => new Scalar(Math.log(a.data), [a as Scalar], (g) => [-g / a.data]), /sign|how steep/],
    [(a) => new Scalar(Math.log1p(a.data), [a as Scalar], (g) => [g / a.data]), /Math\.log/],
    [(a) => new Scalar(Math.log2(a.data), [a as Scalar], (g) => [g / a.data]), /Math\.log/],
  ],
});

tryForms("engineTanh", lesson.engineTanh, {
  right: [
    (a) => new Scalar(Math.tanh(a.data), [a as Scalar], (g) => [g / Math.cosh(a.data) ** 2]),
    (a) => {
      const y = (Math.exp(2 * a.data) - 1) / (Math.exp(2 * a.data) + 1);
      return new Scalar(y, [a as Scalar], (g) => [g - g * y * y]);
    },
    (a) => {
      const y = Math.tanh(a.data);
      return new Scalar(y, [a as Scalar], (g) => [(1 + y) * (1 - y) * g]);
    },
  ],
  wrong: [
    [(a) => new Scalar(Math.tanh(a.data), [a as Scalar]), /third argument/],
    [(a) => new Scalar(Math.tanh(a.data), [a as Scalar], (g) => [g]), /slope/],
    [
      (a) => new Scalar(Math.tanh(a.data), [a as Scalar], (g) => [g * Math.tanh(a.data) ** 2]),
      /slope/,
    ],
    [
      (a) => new Scalar(Math.tanh(a.data), [a as Scalar], (g) => [g * (1 - Math.tanh(g) ** 2)]),
      /slope/,
    ],
    [
      (a) => new Scalar(Math.tan(a.data), [a as Scalar], (g) => [g * (1 + Math.tan(a.data) ** 2)]),
      /Math\.tanh/,
    ],
    [
      (a) => new Scalar(Math.tanh(a.data), [], (g) => [g * (1 - Math.tanh(a.data) ** 2)]),
      /does not know|`\[a\]`|inputs/,
    ],
  ],
});
