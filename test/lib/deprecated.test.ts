import assert from "node:assert/strict";
import { before, mock, test } from "node:test";
import {
  charRnn,
  countBatches,
  countSequenceBatches,
  getBatches,
  ready,
  sequenceBatches,
} from "karenina";

before(() => ready());

/** What is warned of while something runs. */
function warnings(run: () => void): string[] {
  const warn = mock.method(console, "warn", () => {});
  run();
  warn.mock.restore();
  return warn.mock.calls.map(({ arguments: [text] }) => String(text));
}

test("old names do what the new ones do, and say so once", () => {
  const codes = Int32Array.from({ length: 61 }, (_, i) => i % 7);
  const sizes = { batchSize: 2, steps: 5 };
  const first = warnings(() => {
    assert.deepEqual([...getBatches(codes, 2, 5)], [...sequenceBatches(codes, sizes)]);
    assert.equal(countBatches(codes, 2, 5), countSequenceBatches(codes, sizes));
  });
  assert.equal(first.length, 2);
  assert.match(first[0] as string, /getBatches.*deprecated.*sequenceBatches\(codes, \{ batchSize/);
  assert.deepEqual(
    warnings(() => void [...getBatches(codes, 2, 5)]),
    [],
  );
});

test("charRnn takes keepProb for 1 - dropout", () => {
  const rates = (options: object) =>
    charRnn({ vocabularySize: 3, ...options })
      .layers.filter((layer) => /dropout/i.test(layer.name))
      .map((layer) => layer.getConfig().rate);
  assert.equal(warnings(() => assert.deepEqual(rates({ keepProb: 0.75 }), [0.25, 0.25])).length, 1);
  assert.deepEqual(rates({ dropout: 0.25 }), [0.25, 0.25]);
});
