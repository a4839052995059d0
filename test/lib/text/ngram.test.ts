import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ngramLoss, OptionError } from "karenina";

/** The same by strings and filters: slow and plain. */
function naive(training: number[], heldOut: number[], n: number, V: number, a: number): number {
  const grams = (codes: number[], size: number) =>
    codes.slice(0, codes.length - n + 1).map((_, start) => codes.slice(start, start + size).join());
  const count = (list: string[], gram: string) => list.filter((each) => each === gram).length;
  const whole = grams(training, n);
  const contexts = grams(training, n - 1);
  const losses = heldOut.slice(n - 1).map((_, start) => {
    const gram = heldOut.slice(start, start + n);
    const seen = count(contexts, gram.slice(0, -1).join());
    return -Math.log((count(whole, gram.join()) + a) / (seen + a * V));
  });
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}

test("ngramLoss is the mean surprise of a table of frequencies", () => {
  const codes = fc.array(fc.nat({ max: 3 }), { minLength: 3, maxLength: 40 });
  fc.assert(
    fc.property(codes, codes, fc.constantFrom(1, 2, 3), (training, heldOut, n) => {
      const options = { n, vocabularySize: 4, smoothing: 0.3 };
      const fast = ngramLoss(Int32Array.from(training), Int32Array.from(heldOut), options);
      assert.ok(Math.abs(fast - naive(training, heldOut, n, 4, 0.3)) < 1e-12);
    }),
  );
});

test("n and texts that are too small are refused", () => {
  const codes = Int32Array.of(0, 1, 0);
  for (const n of [0, 1.5, 40]) {
    assert.throws(() => ngramLoss(codes, codes, { n, vocabularySize: 5 }), OptionError);
  }
  assert.throws(() => ngramLoss(codes, codes, { n: 4, vocabularySize: 2 }), /need 4 symbols/);
});
