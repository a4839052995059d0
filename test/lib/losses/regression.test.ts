import assert from "node:assert/strict";
import { before, test } from "node:test";
import "../../../lib/engine/native/register";
import { random, setSeed } from "../../../lib/engine/random";
import { ready, tf } from "../../../lib/engine/tensorflow";
import {
  huber,
  meanAbsoluteError,
  meanSquaredError,
  type RegressionLoss,
} from "../../../lib/losses/losses";
import { OptionError } from "../../../lib/options";
import { numericalGradient, relativeError } from "../layers/oracle";

// Every test here holds on both backends; layers/wasm.test.ts runs this file on the other one.
before(() => ready());

/** A loss, and what PyTorch's documentation says that a difference d costs. */
const losses: Record<string, { loss: RegressionLoss; cost: (d: number) => number }> = {
  meanSquaredError: { loss: meanSquaredError, cost: (d) => d * d },
  meanAbsoluteError: { loss: meanAbsoluteError, cost: Math.abs },
  "huber(1)": {
    loss: huber(),
    cost: (d) => (Math.abs(d) <= 1 ? (d * d) / 2 : Math.abs(d) - 0.5),
  },
  "huber(0.3)": {
    loss: huber(0.3),
    cost: (d) => (Math.abs(d) <= 0.3 ? (d * d) / 2 : 0.3 * (Math.abs(d) - 0.15)),
  },
};

/** The formula, number by number: Σ w_m loss_m / Σ w_m over rows of D. */
function oracle(
  outputs: Float64Array,
  targets: Float64Array,
  weights: ArrayLike<number>,
  cost: (d: number) => number,
): number {
  const D = outputs.length / weights.length;
  let sum = 0;
  let total = 0;
  for (let m = 0; m < weights.length; m++) {
    for (let d = 0; d < D; d++) {
      sum += (weights[m] * cost(outputs[m * D + d] - targets[m * D + d])) / D;
    }
    total += weights[m];
  }
  return sum / total;
}

for (const [name, { loss, cost }] of Object.entries(losses)) {
  for (const shape of [[5], [7, 1], [4, 3], [2, 3, 2]]) {
    const rows = shape.length > 1 ? shape.slice(0, -1) : shape;
    for (const weighted of [false, true]) {
      test(`${name} of [${shape}]${weighted ? " with weights" : ""}: value and gradients`, () => {
        setSeed(`${name} ${shape}`);
        const size = shape.reduce((a, b) => a * b);
        const draw = () => Float64Array.from({ length: size }, () => Math.fround(4 * random() - 2));
        const [outputs, targets] = [draw(), draw()];
        const count = rows.reduce((a, b) => a * b);
        const weights = Float64Array.from({ length: count }, (_, m) =>
          weighted ? (m === 1 ? 0 : Math.fround(random() * 3)) : 1,
        );
        const expected = () => oracle(outputs, targets, weights, cost);
        tf.tidy(() => {
          const w = weighted ? tf.tensor(Float32Array.from(weights), rows) : undefined;
          const [o, y] = [outputs, targets].map((each) =>
            tf.tensor(Float32Array.from(each), shape),
          );
          const { value, grads } = tf.valueAndGrads(
            (a, b) => tf.mul(loss(a, b, w), 3) as tf.Scalar,
          )([o, y]);
          assert.ok(relativeError(value.dataSync(), [3 * expected()]) <= 1e-6);
          for (const [i, values] of [outputs, targets].entries()) {
            const slopes = numericalGradient(values, () => 3 * expected());
            assert.ok(relativeError(grads[i].dataSync(), slopes) <= 1e-5);
          }
        });
      });
    }
  }
}

test("numbers from PyTorch 2: MSELoss, L1Loss, HuberLoss", () => {
  const output = tf.tensor1d([0.5, -1.25, 3, 0]);
  const targets = tf.tensor1d([1, -1, 0.5, 0.125]);
  const close = (actual: tf.Tensor, expected: number) =>
    assert.ok(Math.abs(actual.dataSync()[0] - expected) <= 1e-6 * expected);
  close(meanSquaredError(output, targets), 1.64453125);
  close(meanAbsoluteError(output, targets), 0.84375);
  close(huber(1)(output, targets), 0.541015625);
  close(huber(0.25)(output, targets), 0.181640625);
});

test("nothing is stretched to fit: [N] against [N, 1] is refused with the remedy", () => {
  const [column, row] = [tf.zeros([64, 1]), tf.zeros([64])];
  for (const { loss } of Object.values(losses)) {
    assert.throws(() => loss(column, row), /\[64,1\] .* \[64\].*y\.reshape\(\[64,1\]\)/s);
    assert.throws(() => loss(row, column), /y\.reshape\(\[64\]\)/);
  }
  assert.throws(() => meanSquaredError(column, tf.zeros([63, 1])), /64 examples .* and 63/);
  assert.throws(() => meanSquaredError(tf.zeros([4, 3]), tf.zeros([4, 2])), /3 numbers .* 2 to/);
  assert.throws(() => meanSquaredError(tf.zeros([4, 1]), tf.zeros([1, 1])), /4 examples .* and 1/);
});

test("whole numbers are numbers too", () => {
  const loss = meanSquaredError(tf.tensor1d([1, 2]), tf.tensor1d([3, 2], "int32"));
  assert.equal(loss.dataSync()[0], 2);
});

test("weights below 0, not finite or all 0, and a delta that is none, are refused", () => {
  const o = tf.zeros([2, 1]);
  const weighted = (...weights: number[]) => meanSquaredError(o, o, tf.tensor1d(weights));
  assert.throws(() => weighted(1, -1), /weight is -1 \(number 2 of 2\)/);
  assert.throws(() => weighted(Number.NaN, 1), /weight is NaN/);
  assert.throws(() => weighted(0, 0), /all 0/);
  assert.throws(() => weighted(1), /shape \[1\].*losses of the shape \[2\]/s);
  for (const delta of [0, -1, Number.NaN]) {
    assert.throws(() => huber(delta), OptionError);
  }
});

test("nothing is left behind", () => {
  const [o, y, w] = [tf.zeros([4, 2]), tf.ones([4, 2]), tf.ones([4])];
  const step = () => {
    for (const { loss } of Object.values(losses)) {
      tf.tidy(() => void tf.grad((x) => tf.add(loss(x, y), loss(x, y, w)))(o));
    }
  };
  step();
  const before = tf.memory().numTensors;
  step();
  assert.equal(tf.memory().numTensors, before);
});
