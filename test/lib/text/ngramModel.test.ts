import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ngramModel, OptionError, setSeed } from "karenina";
import { PairTable } from "../../../lib/text/pairTable";

const V = 4;

/** How often each symbol follows a context, by looking at every place of the text. */
function followers(text: number[], context: number[]): number[] {
  const counts = new Array(V).fill(0);
  for (let place = context.length; place < text.length; place++) {
    if (text.slice(place - context.length, place).join() === context.join()) {
      counts[text[place]] += 1;
    }
  }
  return counts;
}

/** p(symbol | context) by the formulas, with nothing kept from call to call. */
function naive(text: number[], context: number[], symbol: number, k?: number): number {
  const counts = followers(text, context);
  const all = counts.reduce((sum, count) => sum + count, 0);
  if (k !== undefined) {
    return (counts[symbol] + k) / (all + k * V);
  }
  const shorter = context.length === 0 ? 1 / V : naive(text, context.slice(1), symbol);
  const kinds = counts.filter((count) => count > 0).length;
  return all === 0 ? shorter : (counts[symbol] + kinds * shorter) / (all + kinds);
}

const texts = fc.array(fc.nat({ max: V - 1 }), { minLength: 8, maxLength: 60 });
const ns = fc.integer({ min: 1, max: 8 });

test("an n-gram model's probabilities are those of naive counting, and sum to 1", () => {
  fc.assert(
    fc.property(texts, texts, ns, fc.boolean(), (text, before, n, mixes) => {
      const smoothing = mixes ? ("witten-bell" as const) : 0.3;
      const model = ngramModel(Int32Array.from(text), { n, vocabularySize: V, smoothing });
      const found = model.probabilities(before);
      const context = n === 1 ? [] : before.slice(1 - n);
      const k = mixes ? undefined : 0.3;
      for (const [symbol, p] of found.entries()) {
        assert.ok(Math.abs(p - naive(text, context, symbol, k)) < 1e-12);
      }
      assert.ok(Math.abs(found.reduce((sum, p) => sum + p, 0) - 1) < 1e-12);
    }),
  );
});

test("score sums the surprises of a text, as nats, bits and perplexity; size counts the k-grams", () => {
  fc.assert(
    fc.property(texts, texts, ns, (text, heldOut, n) => {
      const model = ngramModel(Int32Array.from(text), { n, vocabularySize: V });
      const surprises = heldOut.map((symbol, place) => {
        const context = heldOut.slice(Math.max(0, place - n + 1), place);
        return -Math.log(naive(text, context, symbol));
      });
      const total = surprises.slice(1).reduce((sum, each) => sum + each, 0);
      const score = model.score(Int32Array.from(heldOut));
      assert.ok(Math.abs(score.totalNats - total) < 1e-9);
      assert.equal(score.symbols, heldOut.length - 1);
      assert.ok(Math.abs(score.nats - total / score.symbols) < 1e-12);
      assert.ok(Math.abs(2 ** score.bits / score.perplexity - 1) < 1e-12);
      const grams = new Set<string>();
      for (let k = 1; k <= n; k++) {
        for (let end = k; end <= text.length; end++) {
          grams.add(text.slice(end - k, end).join());
        }
      }
      assert.equal(model.size, grams.size);
    }),
  );
});

test("a model writes by its probabilities, the same after the same seed", () => {
  const text = Int32Array.from({ length: 300 }, (_, i) => [0, 1, 2, 0, 3][i % 5]);
  const model = ngramModel(text, { n: 3, vocabularySize: V, smoothing: 1e-9 });
  setSeed(3);
  const written = model.sample({ prime: [0, 1], length: 50 });
  assert.deepEqual(
    [...written],
    Array.from({ length: 50 }, (_, i) => [2, 0, 3, 0, 1][i % 5]),
  );
  const wild = ngramModel(text, { n: 1, vocabularySize: V });
  setSeed(4);
  const symbols = wild.sample({ length: 20_000 });
  const shares = wild.probabilities([]);
  for (let symbol = 0; symbol < V; symbol++) {
    const share = symbols.filter((each) => each === symbol).length / symbols.length;
    // Four standard deviations of a share of 20,000 draws are below 0.0142.
    assert.ok(Math.abs(share - shares[symbol]) < 0.0142);
  }
  setSeed(4);
  assert.deepEqual(wild.sample({ length: 20_000 }), symbols);
});

test("a table of pairs is a Map of pairs, however many there are", () => {
  const table = new PairTable();
  const map = new Map<string, number>();
  for (let i = 0; i < 20_000; i++) {
    const [first, second] = [(i * 7919) % 1013, (i * 104_729) % 61];
    table.count(first, second);
    map.set(`${first} ${second}`, (map.get(`${first} ${second}`) ?? 0) + 1);
  }
  assert.equal(table.size, map.size);
  for (const [pair, count] of map) {
    const [first, second] = pair.split(" ").map(Number);
    assert.equal(table.countOf(first, second), count);
  }
  assert.equal(table.find(2000, 0), -1);
});

test("what cannot be counted is refused", () => {
  const codes = Int32Array.of(0, 1, 3, 0, 1, 2, 3, 3, 1);
  const make = (options: object) => ngramModel(codes, { n: 2, vocabularySize: V, ...options });
  for (const n of [0, 1.5, 9]) {
    assert.throws(() => make({ n }), OptionError);
  }
  assert.throws(() => make({ vocabularySize: 3 }), /holds 3 at place 2/);
  assert.throws(() => make({ smoothing: 0 }), /smoothing is 0, but must be a number above 0/);
  assert.throws(
    () => ngramModel(codes.slice(0, 2), { n: 3, vocabularySize: V }),
    /needs 3 symbols/,
  );
  assert.throws(() => make({}).score(Int32Array.of(1)), /nothing is left to predict/);
  assert.throws(() => make({}).probabilities([4]), /holds 4 at place 0/);
});
