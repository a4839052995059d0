import assert from "node:assert/strict";
import { test } from "node:test";
import { KareninaError, OptionError, VocabularyError } from "karenina";
import {
  given,
  requireFraction,
  requireNotNegative,
  requireOneOf,
  requirePositive,
  requireWhole,
} from "../../lib/options";

const NO_NUMBERS = [undefined, null, "1", true, Number.NaN, [1], {}];

const checks: [string, (option: unknown) => void, right: number[], wrong: number[]][] = [
  ["whole, from 1", (n) => requireWhole({ n }), [1, 7, 2 ** 53 - 1], [0, -1, 1.5, 2 ** 53, 1 / 0]],
  ["whole, from 0", (n) => requireWhole({ n }, 0), [0, 1], [-1, 0.5]],
  ["positive", (n) => requirePositive({ n }), [1e-9, 3], [0, -1, 1 / 0]],
  ["not negative", (n) => requireNotNegative({ n }), [0, 2.5], [-1e-9, 1 / 0]],
  ["fraction", (n) => requireFraction({ n }), [0, 0.5, 0.999], [1, -0.1, 1 / 0]],
];

for (const [name, check, right, wrong] of checks) {
  test(`${name}: what fits passes, all else is an OptionError`, () => {
    for (const value of right) {
      check(value);
    }
    for (const value of [...wrong, ...NO_NUMBERS]) {
      assert.throws(() => check(value), OptionError, String(value));
    }
  });
}

test("a refusal names option, value and what is expected, and ends in the remedy", () => {
  const refused = (act: () => void, message: string) => assert.throws(act, { message });
  refused(
    () => requireWhole({ rows: 3, steps: "4" }, 2, { remedy: "; try 4" }),
    'steps is "4", but must be a whole number from 2 up; try 4.',
  );
  refused(
    () => requireOneOf({ cell: "elman" }, ["rnn", "lstm", "gru"]),
    'cell is "elman", but must be "rnn", "lstm" or "gru".',
  );
  refused(() => requireOneOf({ cell: [] }, ["rnn"]), 'cell is an Array, but must be "rnn".');
  requireOneOf({ cell: "rnn" }, ["rnn"]);
});

test("it is one of the library's errors, or that of the room that asks", () => {
  assert.ok(new OptionError("n is 0.") instanceof KareninaError);
  assert.equal(new OptionError("n is 0.").code, "bad-option");
  assert.throws(() => requireWhole({ n: 0 }, 1, { Thrown: VocabularyError }), VocabularyError);
});

test("options that are left out are not looked at", () => {
  assert.deepEqual(given({ a: 0, b: undefined, c: null }), { a: 0, c: null });
  requireWhole(given({ every: undefined, keep: 2 }));
});
