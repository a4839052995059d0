import assert from "node:assert/strict";
import { before, test } from "node:test";
import "../../../lib/engine/native/register";
import { ready, tf } from "../../../lib/engine/tensorflow";
import { clipByGlobalNorm, clipByValue, globalNorm } from "../../../lib/training/gradients";

before(() => ready());

const gradients = () => [tf.tensor2d([[3, 0]]), tf.tensor1d([0, -4, 12])];

test("the global norm is that of all gradients together", () => {
  assert.ok(Math.abs(globalNorm(gradients()) - 13) < 1e-5);
  assert.equal(globalNorm([tf.zeros([2])]), 0);
});

test("longer gradients are shortened to the norm, shorter ones stay as they are", () => {
  const clipped = clipByGlobalNorm(gradients(), 1.3);
  assert.ok(Math.abs(clipped.norm - 13) < 1e-5);
  assert.ok(Math.abs(globalNorm(clipped.gradients) - 1.3) < 1e-6);
  const [a, b] = clipped.gradients.map((g) => Array.from(g.dataSync()));
  [...a, ...b].forEach((value, i) => {
    assert.ok(Math.abs(value - [0.3, 0, 0, -0.4, 1.2][i]) < 1e-6);
  });
  const short = gradients();
  assert.equal(clipByGlobalNorm(short, 14).gradients, short);
});

test("gradients that are not numbers are not hidden by clipping", () => {
  const { gradients, norm } = clipByGlobalNorm([tf.tensor1d([Number.NaN, 1])], 1);
  assert.ok(Number.isNaN(norm));
  assert.ok(Number.isNaN(gradients[0].dataSync()[0]));
});

test("clipping by value limits each number", () => {
  const [a, b] = clipByValue(gradients(), 2);
  assert.deepEqual(Array.from(a.dataSync()), [2, 0]);
  assert.deepEqual(Array.from(b.dataSync()), [0, -2, 2]);
});

test("a limit that is not above 0 is refused", () => {
  for (const limit of [0, -1, Number.NaN]) {
    assert.throws(() => clipByGlobalNorm(gradients(), limit), /maxNorm is/);
    assert.throws(() => clipByValue(gradients(), limit), /limit is/);
  }
});
