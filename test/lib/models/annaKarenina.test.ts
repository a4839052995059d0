import assert from "node:assert/strict";
import { before, test } from "node:test";
import {
  charRnn,
  countSequenceBatches,
  loadText,
  ready,
  sequenceBatches,
  setSeed,
  train,
  Vocabulary,
} from "karenina";
import golden from "../../golden/anna-karenina-ru.json";

// The article's own text is not served by npm; without it, what it prints can't be compared.
let text: string | undefined;
let reason = "";

before(async () => {
  await ready();
  try {
    text = await loadText("anna-karenina-ru");
  } catch (error) {
    reason = `Anna Karenina is not at hand: ${(error as Error).message.split(". ")[0]}`;
  }
});

/** A test that compares with the article, or says plainly that it can't. */
function article(name: string, body: (text: string) => void | Promise<void>): void {
  test(name, async (t) => {
    if (text === undefined) {
      t.skip(reason);
    } else {
      await body(text);
    }
  });
}

article("the vocabulary has the article's 140 symbols", (text) => {
  assert.equal(Vocabulary.of(text).size, golden.vocabularySize);
});

article("the first 110 codes are the printed ones", (text) => {
  const encoded = Vocabulary.of(text).encode(text.slice(0, 110));
  assert.deepEqual([...encoded], golden.encodedFirst110);
});

article("decode(encode(text)) is the whole text", (text) => {
  const vocabulary = Vocabulary.of(text);
  assert.ok(vocabulary.decode(vocabulary.encode(text)) === text);
});

article("the first batch of 10 x 50 is the printed one, but for its last target", (text) => {
  const encoded = Vocabulary.of(text).encode(text);
  const { x, y } = sequenceBatches(encoded, { batchSize: 10, steps: 50 }).next().value!;
  const corner = (rows: Int32Array[]) => rows.slice(0, 5).map((row) => [...row.slice(0, 5)]);
  assert.deepEqual(corner(x), golden.getBatches_10_50.x_5x5);
  assert.deepEqual(corner(y), golden.getBatches_10_50.y_5x5);
});

article("100 sequences of 100 steps make 170 batches, 3,400 in 20 epochs", (text) => {
  const encoded = Vocabulary.of(text).encode(text);
  assert.equal(
    countSequenceBatches(encoded, { batchSize: 100, steps: 100 }),
    golden.stepsPerEpoch_100x100,
  );
  assert.equal(golden.stepsPerEpoch_100x100 * golden.epochs, golden.lastStep);
});

article("an untrained network's loss is ln V, the article's 4.94", async (text) => {
  const vocabulary = Vocabulary.of(text);
  setSeed(1);
  const model = charRnn({ vocabularySize: vocabulary.size, batchSize: 100 });
  const encoded = vocabulary.encode(text.slice(0, 20_000));
  const [row] = await train(model, () => sequenceBatches(encoded, { batchSize: 100, steps: 50 }), {
    maxSteps: 1,
  });
  assert.ok(Math.abs(row.loss - Math.log(140)) < 0.05, `loss ${row.loss}`);
  assert.ok(Math.abs(row.loss - golden.lossStep1) < 0.05);
});
