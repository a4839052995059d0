import assert from "node:assert/strict";
import { before, test } from "node:test";
import fc from "fast-check";
import { closeTo, sameShape } from "../../../lessons/exercises/compare";
import { ready, tf } from "../../../lib/engine/tensorflow";

before(async () => {
  await ready();
});

const finite = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 });
const anything = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    finite,
    fc.string(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.string(), tie("value"), { maxKeys: 3 }),
  ),
})).value;

test("everything is close to itself and to its copy", () => {
  fc.assert(
    fc.property(anything, (value) => {
      assert.ok(closeTo(value, value));
      assert.ok(closeTo(structuredClone(value), value));
    }),
  );
});

test("rounding to float32 is forgiven, an error of a hundredth is not", () => {
  fc.assert(
    fc.property(fc.array(finite, { minLength: 1, maxLength: 20 }), (doubles) => {
      // Below that, float32 has fewer digits.
      const values = doubles.map((value) => (Math.abs(value) < 1e-30 ? 0 : value));
      assert.ok(closeTo(Array.from(Float32Array.from(values)), values));
      assert.ok(closeTo(Float32Array.from(values), values));
      const largest = Math.max(...values.map(Math.abs));
      fc.pre(largest > 1e-3);
      assert.ok(
        !closeTo(
          values.map((value) => value * 1.01),
          values,
        ),
      );
    }),
  );
});

test("numbers, lists and tensors are different things", () => {
  assert.ok(!closeTo([2], 2));
  assert.ok(!closeTo(tf.scalar(2), 2));
  assert.ok(!closeTo(tf.tensor1d([2]), [2]));
  assert.ok(!closeTo("2", 2));
  assert.ok(!closeTo(undefined, 2));
  assert.ok(closeTo(tf.tensor1d([2, 3]), tf.tensor1d([2, 3])));
  assert.ok(!closeTo(tf.tensor2d([[2, 3]]), tf.tensor1d([2, 3])));
  assert.ok(closeTo({ a: [tf.scalar(1), "x"] }, { a: [tf.scalar(1.00001), "x"] }));
  assert.ok(!closeTo({ b: 1 }, { a: 1 }));
  assert.ok(closeTo(Number.NaN, Number.NaN));
  assert.ok(!closeTo(Number.NaN, 0));
});

test("whole numbers are exact unless a tolerance is given", () => {
  assert.ok(!closeTo(3_508_365, 3_508_364));
  assert.ok(closeTo(3.9999998, 4));
  assert.ok(!closeTo(4.003, 4));
  assert.ok(closeTo(4.03, 4, { tolerance: 0.01 }));
  assert.ok(!closeTo(4.05, 4, { tolerance: 0.01 }));
});

test("shapes are those of numbers, nested lists and tensors", () => {
  assert.ok(sameShape([[1, 2, 3]], [[4, 5, 6]]));
  assert.ok(sameShape(tf.zeros([1, 3]), [[4, 5, 6]]));
  assert.ok(sameShape(1, tf.scalar(2)));
  assert.ok(!sameShape([1, 2, 3], [[1, 2, 3]]));
  assert.ok(!sameShape([[1], [2, 3]], [[1], [2, 3]]), "not rectangular");
  assert.ok(!sameShape("a", "b"));
});
