import assert from "node:assert/strict";
import { before, test } from "node:test";
import fc from "fast-check";
import "../../../lib/engine/native/register";
import { createStepper, score, softmax } from "karenina";
import { loadCheckpoint } from "../../../lib/checkpoints/checkpointFiles";
import { modelFromCheckpoint } from "../../../lib/checkpoints/modelState";
import { setSeed } from "../../../lib/engine/random";
import { ready, tf } from "../../../lib/engine/tensorflow";
import { charRnn } from "../../../lib/models/charRnn";
import { pretrainedFile } from "../../../lib/models/pretrained";
import { sequenceBatches } from "../../../lib/text/batches";
import { Vocabulary } from "../../../lib/text/vocabulary";
import { evaluate } from "../../../lib/training/evaluate";

before(async () => {
  await ready();
});

const vocabulary = Vocabulary.of("\n abcdefgü😀");

function network(cell: "lstm" | "gru" | "rnn" = "lstm", embeddingSize = 0): tf.Sequential {
  setSeed(5);
  return charRnn({
    vocabularySize: vocabulary.size,
    batchSize: 1,
    hiddenSize: 7,
    cell,
    embeddingSize,
    dropout: 0.5,
  });
}

/** Symbol by symbol: the network reads one, and is judged by what it gave to the next. */
function naive(model: tf.LayersModel, known: Vocabulary, text: string): number {
  const codes = [...text].map((symbol) => known.encode(symbol)[0]);
  const stepper = createStepper(model);
  let nats = 0;
  for (let i = 0; i + 1 < codes.length; i++) {
    nats -= Math.log(softmax(stepper.step(Int32Array.of(codes[i])))[codes[i + 1]]);
  }
  stepper.dispose();
  return nats;
}

function textOf(length: number): string {
  let text = "";
  for (let i = 0; i < length; i++) {
    text += vocabulary.symbols[(i * i * 7 + i) % vocabulary.size];
  }
  return text;
}

for (const [cell, embeddingSize] of [
  ["lstm", 0],
  ["gru", 3],
  ["rnn", 0],
] as const) {
  test(`${cell}: the sum is that of one symbol after the other, for texts of any length`, async () => {
    const model = network(cell, embeddingSize);
    for (const length of [2, 3, 128, 129, 130, 300, 640]) {
      const text = textOf(length);
      const result = await score(model, text, { vocabulary });
      const expected = naive(model, vocabulary, text);
      assert.ok(Math.abs(result.totalNats - expected) < 1e-5 * expected, `${length}`);
      assert.equal(result.symbols, length - 1);
      assert.equal(result.nats, result.totalNats / (length - 1));
      assert.equal(result.bits, result.nats / Math.log(2));
      assert.equal(result.perplexity, Math.exp(result.nats));
      assert.equal(result.unknown.size, 0);
    }
  });
}

test("it is the validation loss of one row of text", async () => {
  const model = network();
  const text = textOf(40 * 9 + 1);
  const loss = await evaluate(
    model,
    sequenceBatches(vocabulary.encode(text), { batchSize: 1, steps: 40 }),
  );
  const { nats } = await score(model, text, { vocabulary });
  assert.ok(Math.abs(nats - loss) < 1e-6, `${nats} ${loss}`);
});

test("pieces make no difference, however they are cut; tensors and the model's state do not change", async () => {
  const model = network();
  const text = textOf(200);
  const whole = await score(model, text, { vocabulary });
  const cuts = fc.array(fc.nat(text.length), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(cuts, async (places) => {
      const ends = [...places, text.length].sort((a, b) => a - b);
      const pieces = ends.map((end, i) => text.slice(ends[i - 1] ?? 0, end));
      assert.deepEqual(await score(model, pieces, { vocabulary }), whole);
    }),
    { numRuns: 15 },
  );
  async function* slowly() {
    yield text.slice(0, 50);
    yield text.slice(50);
  }
  const tensors = tf.memory().numTensors;
  assert.deepEqual(await score(model, slowly(), { vocabulary }), whole);
  assert.equal(tf.memory().numTensors, tensors);
});

test("a network that comes with the library is at home in its own language only", async () => {
  const checkpoint = loadCheckpoint(pretrainedFile("presidents"));
  const english =
    "My fellow Americans, we will work together for peace and for the people of this Nation.";
  const own = await score(checkpoint, english);
  const model = await modelFromCheckpoint(checkpoint);
  const expected = naive(model, checkpoint.vocabulary!, english);
  model.dispose();
  assert.ok(Math.abs(own.totalNats - expected) < 1e-4, `${own.totalNats} ${expected}`);
  assert.deepEqual(await score(pretrainedFile("presidents"), english), own);
  const mixed = await score(checkpoint, [...english].reverse().join(""));
  assert.ok(own.bits < 3.2 && mixed.bits > 4.5, `${own.bits} ${mixed.bits}`);
});

test("a symbol that the network does not know is named with its place, or left out and counted", async () => {
  const model = network();
  const text = `${textOf(150)}日${textOf(30)}本日`;
  await assert.rejects(score(model, [text.slice(0, 70), text.slice(70)], { vocabulary }), {
    name: "VocabularyError",
    message: /^"日" \(U\+65E5\), symbol 151 of the text, is not among the 11 symbols .*"skip"/,
  });
  const skipped = await score(model, text, { vocabulary, unknown: "skip" });
  const without = await score(model, textOf(150) + textOf(30), { vocabulary });
  assert.deepEqual(
    [...skipped.unknown],
    [
      ["日", 2],
      ["本", 1],
    ],
  );
  assert.deepEqual({ ...skipped, unknown: without.unknown }, without);
  const broken = await score(model, ["ab\uD83D", "cd"], { vocabulary, unknown: "skip" });
  assert.deepEqual([broken.symbols, [...broken.unknown]], [3, [["\uD83D", 1]]]);
});

test("what cannot be scored is refused in words", async () => {
  const model = network();
  for (const text of ["", "a", []]) {
    await assert.rejects(score(model, text, { vocabulary }), /fewer than two symbols/);
  }
  await assert.rejects(
    score(model, "日本", { vocabulary, unknown: "skip" }),
    /fewer than two symbols/,
  );
  await assert.rejects(score(model, "ab"), /Add the option vocabulary/);
  await assert.rejects(
    score(model, "ab", { vocabulary: Vocabulary.of("ab") }),
    /11 symbols apart, .* 2/,
  );
  await assert.rejects(
    score(model, "ab", { vocabulary, unknown: "x" as never }),
    /"refuse" or "skip"/,
  );
  const signal = AbortSignal.abort(new Error("enough"));
  await assert.rejects(score(model, textOf(500), { vocabulary, signal }), /enough/);
});
