import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  argmax,
  keepTopK,
  keepTopP,
  pickTopK,
  SamplingError,
  sampleFrom,
  setSeed,
  softmax,
} from "karenina";

const logits = fc.array(fc.float({ min: -50, max: 50, noNaN: true }), {
  minLength: 1,
  maxLength: 150,
});
const sum = (values: Iterable<number>) => [...values].reduce((a, b) => a + b, 0);

test("softmax gives probabilities in the order of the logits, at every temperature", () => {
  fc.assert(
    fc.property(logits, fc.float({ min: Math.fround(0.01), max: 10, noNaN: true }), (z, T) => {
      const p = softmax(z, T);
      assert.ok(Math.abs(sum(p) - 1) < 1e-12);
      const largest = Math.max(...z);
      const direct = z.map((each) => Math.exp((each - largest) / T));
      for (const [index, value] of direct.entries()) {
        assert.ok(Math.abs(p[index] - value / sum(direct)) < 1e-12);
      }
    }),
  );
});

test("a temperature near 0 is argmax, and 0 is argmax itself", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: -40, max: 40 }), { minLength: 1 }), (z) => {
      for (const temperature of [1e-3, 1e-300, 0]) {
        const p = softmax(z, temperature);
        assert.equal(sampleFrom(p), argmax(z));
        assert.ok(Math.abs(p[argmax(z)] - 1) < 1e-12);
      }
    }),
  );
});

test("top n leaves exactly n, in their old proportions, equal ones included", () => {
  const weights = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 5, maxLength: 140 });
  fc.assert(
    fc.property(weights, (counts) => {
      const p = counts.map((count) => count / sum(counts));
      const kept = keepTopK(p);
      const places = [...kept.keys()].filter((index) => kept[index] > 0);
      assert.equal(places.length, 5);
      assert.ok(Math.abs(sum(kept) - 1) < 1e-12);
      const smallestKept = Math.min(...places.map((index) => p[index]));
      for (const [index, probability] of p.entries()) {
        if (!places.includes(index)) {
          assert.ok(probability <= smallestKept);
        }
      }
      const [first, second] = places;
      assert.ok(Math.abs(kept[first] / kept[second] - p[first] / p[second]) < 1e-9);
    }),
  );
});

test("the nucleus is the smallest set of likeliest symbols that sums to p", () => {
  assert.deepEqual([...keepTopP([0.1, 0.5, 0.4], 0.5)], [0, 1, 0]);
  assert.deepEqual([...keepTopP([0.25, 0.25, 0.25, 0.25], 0.5)], [0.5, 0.5, 0, 0]);
  assert.deepEqual([...keepTopP([0.5, 0.25, 0.25], 1)], [0.5, 0.25, 0.25]);
  const some = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 2, maxLength: 140 });
  const share = fc.double({ min: 0.01, max: 1, noNaN: true });
  fc.assert(
    fc.property(some, share, (counts, topP) => {
      fc.pre(sum(counts) > 0);
      const p = counts.map((count) => count / sum(counts));
      const kept = keepTopP(p, topP);
      assert.ok(Math.abs(sum(kept) - 1) < 1e-12);
      const places = [...kept.keys()].filter((index) => kept[index] > 0);
      const masses = places.map((index) => p[index]);
      const smallest = Math.min(...masses);
      assert.ok(sum(masses) >= topP - 1e-9);
      assert.ok(sum(masses) - smallest < topP + 1e-9, "one fewer would not do");
      for (const [index, probability] of p.entries()) {
        assert.ok(kept[index] > 0 || probability <= smallest);
        assert.ok(Math.abs(kept[index] * sum(masses) - (kept[index] && probability)) < 1e-12);
      }
    }),
  );
  for (const wrong of [0, -0.1, 1.1, Number.NaN]) {
    assert.throws(
      () => keepTopP([1], wrong),
      (error: Error) => {
        assert.ok(error instanceof SamplingError);
        assert.match(error.message, /topP.*a number above 0, up to 1/);
        return true;
      },
    );
  }
});

test("draws have the frequencies that the probabilities ask for", () => {
  setSeed(3);
  const p = [0.5, 0, 0.3, 0.2];
  const counts = [0, 0, 0, 0];
  const draws = 20_000;
  for (let index = 0; index < draws; index++) {
    counts[sampleFrom(p)]++;
  }
  for (const [index, probability] of p.entries()) {
    const deviation = Math.sqrt((probability * (1 - probability)) / draws);
    assert.ok(Math.abs(counts[index] / draws - probability) <= 5 * deviation);
  }
  const top2 = new Set(Array.from({ length: 500 }, () => pickTopK(p, 2)));
  assert.deepEqual([...top2].sort(), [0, 2]);
});

test("options out of range are named", () => {
  assert.throws(() => softmax([1, 2], -0.1), /temperature is -0.1/);
  assert.throws(() => softmax([1, 2], Number.NaN), SamplingError);
  for (const n of [0, -1, 1.5]) {
    assert.throws(() => keepTopK([0.5, 0.5], n), /topK is/);
  }
});
