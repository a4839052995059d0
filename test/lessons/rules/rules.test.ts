import assert from "node:assert/strict";
import { before, test } from "node:test";
import {
  adadelta,
  adagrad,
  adam,
  adamW,
  type Optimizer,
  random,
  ready,
  rmsProp,
  setSeed,
  sgd,
  tf,
} from "karenina";
import { rules } from "../../../lessons";

before(() => ready());

type AnyRule = (w: readonly number[], loss: rules.Objective, state: object) => rules.Step<object>;

const rate = 0.05;
/** Each rule beside TensorFlow's operation (the trainer's optimizer) and tfjs's own optimizer. */
const twins: Record<string, [AnyRule, () => Optimizer, (() => tf.Optimizer) | undefined]> = {
  sgd: [
    (w, loss, state) => rules.sgd(w, loss, state, { learningRate: rate }),
    () => sgd({ learningRate: rate }),
    () => tf.train.sgd(rate),
  ],
  momentum: [
    (w, loss, state) => rules.momentum(w, loss, state, { learningRate: rate }),
    () => sgd({ learningRate: rate, momentum: 0.9 }),
    () => tf.train.momentum(rate, 0.9),
  ],
  adagrad: [
    (w, loss, state) => rules.adagrad(w, loss, state, { learningRate: rate, initialSquares: 0.1 }),
    () => adagrad({ learningRate: rate }),
    () => tf.train.adagrad(rate, 0.1),
  ],
  // tfjs's adadelta divides by the squares before this gradient: see the test below.
  adadelta: [(w, loss, state) => rules.adadelta(w, loss, state), () => adadelta(), undefined],
  rmsProp: [
    (w, loss, state) => rules.rmsProp(w, loss, state, { learningRate: rate }),
    () => rmsProp({ learningRate: rate }),
    () => tf.train.rmsprop(rate, 0.9, 0, 1e-8),
  ],
  // tfjs rounds β2 to float32 in one place and not in the other; 0.75 is exact in both.
  adam: [
    (w, loss, state) => rules.adam(w, loss, state, { learningRate: rate, beta1: 0.5, beta2: 0.75 }),
    () => adam({ learningRate: rate, beta1: 0.5, beta2: 0.75 }),
    () => tf.train.adam(rate, 0.5, 0.75, 1e-8),
  ],
  // tfjs has none.
  adamW: [
    (w, loss, state) =>
      rules.adamW(w, loss, state, { learningRate: rate, beta2: 0.75, weightDecay: 0.5 }),
    () => adamW({ learningRate: rate, beta2: 0.75, weightDecay: 0.5 }),
    undefined,
  ],
};

/** A path of optimizers' variables under given gradients. */
function pathOf(
  start: number[],
  gradients: number[][],
  apply: (variable: tf.Variable, gradient: tf.Tensor) => void,
): number[][] {
  const variable = tf.variable(tf.tensor1d(start));
  const path = gradients.map((gradient) => {
    tf.tidy(() => apply(variable, tf.tensor1d(gradient)));
    return [...variable.dataSync()];
  });
  variable.dispose();
  return path;
}

function drawGradients(steps: number, size: number): number[][] {
  return Array.from({ length: steps }, () =>
    // Floats, so that both sides get the same numbers.
    Array.from({ length: size }, () =>
      Math.fround((random() * 2 - 1) * (random() < 0.2 ? 5 : 0.5)),
    ),
  );
}

function assertClose(actual: number[][], expected: number[][], within = 1e-6): void {
  actual.forEach((row, t) => {
    row.forEach((value, i) => {
      const error = Math.abs(value - expected[t][i]) / Math.max(1, Math.abs(value));
      assert.ok(error <= within, `step ${t}: ${value} instead of ${expected[t][i]}`);
    });
  });
}

function pathOfRule(rule: AnyRule, start: number[], gradients: number[][]): number[][] {
  let w: readonly number[] = start;
  let state: object = {};
  return gradients.map((gradient) => {
    const step = rule(w, { gradient: () => gradient }, state);
    [w, state] = [step.parameters, step.state];
    return step.parameters;
  });
}

for (const [name, [rule, make, makeTfjs]] of Object.entries(twins)) {
  test(`${name} goes the way of TensorFlow's operation${makeTfjs ? " and of tfjs's own" : ""}`, () => {
    setSeed(name);
    const start = [0.5, -0.25, 1];
    const gradients = drawGradients(25, 3);
    const path = pathOfRule(rule, start, gradients);
    const optimizer = make();
    assertClose(
      path,
      pathOf(start, gradients, (variable, gradient) =>
        optimizer.applyGradients([variable], [gradient]),
      ),
    );
    optimizer.dispose();
    if (!makeTfjs) {
      return;
    }
    const tfjs = makeTfjs();
    assertClose(
      path,
      pathOf(start, gradients, (variable, gradient) =>
        tfjs.applyGradients([{ name: variable.name, tensor: gradient }]),
      ),
    );
    tfjs.dispose();
  });
}

test("adam with its usual β, too, to what float32 allows tfjs", () => {
  setSeed("adam");
  const gradients = drawGradients(25, 3);
  const path = pathOfRule(
    (w, loss, state) => rules.adam(w, loss, state, { learningRate: 0.01 }),
    [0.5, -0.25, 1],
    gradients,
  );
  const ours = adam({ learningRate: 0.01 });
  const tfjs = tf.train.adam(0.01, 0.9, 0.999, 1e-8);
  const start = [0.5, -0.25, 1];
  assertClose(
    path,
    pathOf(start, gradients, (v, g) => ours.applyGradients([v], [g])),
  );
  assertClose(
    path,
    pathOf(start, gradients, (v, g) => tfjs.applyGradients([{ name: v.name, tensor: g }])),
    5e-6,
  );
  ours.dispose();
  tfjs.dispose();
});

test("tfjs's adadelta is the paper's, had it seen the squares one step late", () => {
  setSeed("adadelta");
  const gradients = drawGradients(25, 3);
  const start = [0.5, -0.25, 1];
  const tfjs = tf.train.adadelta(0.01, 0.95, 1e-2);
  const theirs = pathOf(start, gradients, (v, g) =>
    tfjs.applyGradients([{ name: v.name, tensor: g }]),
  );
  const late: AnyRule = (
    w,
    loss,
    { squares, updates }: { squares?: number[]; updates?: number[] },
  ) => {
    const before = rules.adadelta(w, { gradient: () => w.map(() => 0) }, { squares }, { rho: 1 });
    const g = loss.gradient(w);
    const s = before.state.squares;
    const u = updates ?? w.map(() => 0);
    const delta = g.map((gi, i) => Math.sqrt((u[i] + 1e-2) / (s[i] + 1e-2)) * gi);
    return {
      parameters: w.map((wi, i) => wi - 0.01 * delta[i]),
      state: {
        squares: s.map((each, i) => 0.95 * each + 0.05 * g[i] ** 2),
        updates: u.map((each, i) => 0.95 * each + 0.05 * delta[i] ** 2),
      },
    };
  };
  assertClose(pathOfRule(late, start, gradients), theirs);
  tfjs.dispose();
});

test("nesterov's look-ahead point is the parameter of tfjs's and of TensorFlow's form", () => {
  const gradientAt = (w: readonly number[]) => w.map((wi, i) => (i + 1) * wi);
  const start = [1, -2, 0.5];
  const ours = sgd({ learningRate: rate, momentum: 0.9, nesterov: true });
  const tfjs = tf.train.momentum(rate, 0.9, true);
  const theirs = [0, 1].map((which) => {
    const variable = tf.variable(tf.tensor1d(start));
    const path = Array.from({ length: 25 }, () => {
      tf.tidy(() => {
        const gradient = tf.tensor1d(gradientAt([...variable.dataSync()]));
        if (which === 0) {
          ours.applyGradients([variable], [gradient]);
        } else {
          tfjs.applyGradients([{ name: variable.name, tensor: gradient }]);
        }
      });
      return [...variable.dataSync()];
    });
    variable.dispose();
    return path;
  });
  let step: rules.Step<rules.VelocityState> = {
    parameters: start,
    state: { velocity: [0, 0, 0] },
  };
  const lookAhead = Array.from({ length: 25 }, () => {
    step = rules.nesterov(step.parameters, { gradient: gradientAt }, step.state, {
      learningRate: rate,
    });
    return step.parameters.map((w, i) => w + 0.9 * step.state.velocity[i]);
  });
  for (const path of theirs) {
    assertClose(lookAhead, path);
  }
  ours.dispose();
  tfjs.dispose();
});

test("rules change neither their parameters nor their state", () => {
  const all = { ...rules } as unknown as Record<string, AnyRule>;
  for (const [name, rule] of Object.entries(all)) {
    const loss = {
      gradient: (w: readonly number[]) => w.map((each) => 2 * each),
      hessian: () => [
        [2, 0],
        [0, 2],
      ],
    };
    const w = Object.freeze([1, 2]);
    const first = rule(w, loss, {});
    const before = JSON.stringify(first);
    const second = rule(first.parameters, loss, first.state);
    assert.equal(JSON.stringify(first), before, name);
    assert.equal(JSON.stringify(rule(first.parameters, loss, first.state)), JSON.stringify(second));
  }
  assert.equal(Object.keys(all).length, 9);
});
