import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { exponentialSchedule } from "karenina";
import { descend, rules, surfaces } from "../../../lessons";

const close = (actual: number, expected: number, within = 1e-12) =>
  assert.ok(
    Math.abs(actual - expected) <= within * Math.max(1, Math.abs(expected)),
    `${actual} is not ${expected}`,
  );
const { ravine, saddle, himmelblau, styblinskiTang } = surfaces;

test("sgd on the ravine shrinks each coordinate by its own factor: (1 - η λ)ᵗ", () => {
  const { points, values } = descend(ravine, rules.sgd, {
    start: [-8, 1],
    steps: 30,
    learningRate: 0.4,
  });
  assert.equal(points.length, 31);
  for (const [t, [x, y]] of points.entries()) {
    close(x, -8 * (1 - 0.4 * 0.2) ** t);
    close(y, (1 - 0.4 * 4) ** t);
    close(values[t], ravine.value([x, y]));
  }
});

test("momentum on a slope that does not change: the velocity goes to η g / (1 - γ)", () => {
  const slope = { value: ([w]: readonly number[]) => 3 * w, gradient: () => [3] };
  const { points } = descend(slope, rules.momentum, {
    start: [0],
    steps: 300,
    learningRate: 0.1,
    momentum: 0.8,
  });
  close(points[300][0] - points[299][0], -(0.1 * 3) / (1 - 0.8));
});

test("adam's first step is η in every coordinate, whatever the gradient's size", () => {
  const { points } = descend(ravine, rules.adam, { start: [-8, 1], steps: 1, learningRate: 0.3 });
  close(points[1][0], -7.7, 1e-7);
  close(points[1][1], 0.7, 1e-7);
});

test("adagrad on a slope that does not change: the step t is η / √t; without the root η / (g t)", () => {
  const slope = { value: ([w]: readonly number[]) => 3 * w, gradient: () => [3] };
  for (const [root, expected] of [
    [true, (t: number) => 0.1 / Math.sqrt(t)],
    [false, (t: number) => 0.1 / (3 * t)],
  ] as const) {
    const { points } = descend(slope, rules.adagrad, {
      start: [0],
      steps: 20,
      learningRate: 0.1,
      root,
      epsilon: 0,
    });
    for (let t = 1; t <= 20; t++) {
      close(points[t - 1][0] - points[t][0], expected(t));
    }
  }
});

test("newton's method solves any quadratic in one step", () => {
  const entry = fc.double({ min: -3, max: 3, noNaN: true });
  fc.assert(
    fc.property(fc.array(entry, { minLength: 15, maxLength: 15 }), (numbers) => {
      // A = B Bᵀ + I is positive definite; the minimum of ½ wᵀ A w - bᵀ w solves A w = b.
      const B = [numbers.slice(0, 3), numbers.slice(3, 6), numbers.slice(6, 9)];
      const A = B.map((p, i) =>
        B.map((q, k) => p.reduce((sum, each, j) => sum + each * q[j], 0) + (i === k ? 1 : 0)),
      );
      const minimum = numbers.slice(9, 12);
      const times = (w: readonly number[]) =>
        A.map((row) => row.reduce((sum, each, j) => sum + each * w[j], 0));
      const quadratic = {
        value: (w: readonly number[]) => {
          const d = w.map((each, i) => each - minimum[i]);
          return times(d).reduce((sum, each, i) => sum + (each * d[i]) / 2, 0);
        },
        gradient: (w: readonly number[]) => times(w.map((each, i) => each - minimum[i])),
        hessian: () => A,
      };
      const { points } = descend(quadratic, rules.newton, { start: numbers.slice(12), steps: 1 });
      for (const [i, w] of points[1].entries()) {
        close(w, minimum[i], 1e-9);
      }
    }),
  );
});

test("newton's method goes to the saddle, and to a minimum of a function that is no quadratic", () => {
  const onSaddle = descend(saddle, rules.newton, { start: [1, 0.5], steps: 1 });
  for (const each of onSaddle.points[1]) {
    close(each, 0);
  }
  const { points } = descend(himmelblau, rules.newton, { start: [3.5, 2.5], steps: 8 });
  close(points.at(-1)![0], 3, 1e-9);
  close(points.at(-1)![1], 2, 1e-9);
  const toSaddle = descend(himmelblau, rules.newton, { start: [0, 4.5], steps: 10 });
  const [x, y] = toSaddle.points.at(-1)!;
  for (const slope of himmelblau.gradient([x, y])) {
    close(slope, 0, 1e-9);
  }
  const [[a, b], [c, d]] = himmelblau.hessian([x, y]) as [[number, number], [number, number]];
  assert.ok(a * d - b * c < 0, "it curves up one way and down the other");
});

test("newton's method tells what it cannot do", () => {
  assert.throws(
    () => rules.newton([1], { gradient: () => [1] }),
    /needs second derivatives.*hessian/s,
  );
  assert.throws(
    () =>
      rules.newton([1, 1], {
        gradient: () => [1, 1],
        hessian: () => [
          [1, 1],
          [1, 1],
        ],
      }),
    /no inverse/,
  );
});

test("nesterov crosses the ravine where the momentum method swings wider", () => {
  const options = { start: [-8, 1], steps: 40, learningRate: 0.2, momentum: 0.9 };
  const widest = (rule: typeof rules.momentum) =>
    Math.max(...descend(ravine, rule, options).points.map(([x]) => x));
  assert.ok(widest(rules.nesterov) < widest(rules.momentum));
});

test("a schedule takes the learning rate's place", () => {
  const { points } = descend(styblinskiTang, rules.sgd, {
    start: [4],
    steps: 3,
    schedule: exponentialSchedule({ initial: 0.05, steps: 2 }),
  });
  let w = 4;
  for (let t = 0; t < 3; t++) {
    w -= 0.05 * Math.exp(-t / 2) * styblinskiTang.gradient([w])[0];
    close(points[t + 1][0], w);
  }
});

test("a way that leaves the numbers ends before it", () => {
  const { points, values } = descend(ravine, rules.sgd, {
    start: [1, 1],
    steps: 5000,
    learningRate: 10,
  });
  assert.ok(points.length < 5001);
  assert.ok(values.every(Number.isFinite));
  assert.equal(points.length, values.length);
});

test("a rule of one's own takes part; impossible options are reported", () => {
  const signs: rules.Rule<object, { learningRate?: number }> = (
    w,
    loss,
    _state,
    { learningRate = 1 } = {},
  ) => {
    const g = loss.gradient(w);
    return { parameters: w.map((each, i) => each - learningRate * Math.sign(g[i])), state: {} };
  };
  const { points } = descend(ravine, signs, { start: [3, 0.5], steps: 2, learningRate: 0.5 });
  assert.deepEqual(points[2], [2, 0]);
  assert.throws(() => descend(ravine, rules.sgd, { start: [1, 1], steps: 1.5 }), /steps is 1.5/);
  assert.throws(() => descend(ravine, rules.sgd, { start: [NaN, 1], steps: 1 }), RangeError);
  // @ts-expect-error: sgd has no such option
  descend(ravine, rules.sgd, { start: [1, 1], steps: 1, momentum: 0.9 });
});
