import assert from "node:assert/strict";
import { before, test } from "node:test";
import {
  beamSearch,
  charRnn,
  ready,
  sample,
  score,
  setSeed,
  tf,
  transformer,
  Vocabulary,
} from "karenina";

before(async () => {
  await ready();
});

const vocabulary = Vocabulary.of("abc ");

/** Small networks whose outputs are far from uniform. */
function networks(): Record<string, tf.LayersModel> {
  setSeed(5);
  const recurrent = { vocabularySize: 4, batchSize: 1, hiddenSize: 8 };
  const made = {
    "two LSTMs": charRnn({ ...recurrent, numLayers: 2 }),
    GRU: charRnn({ ...recurrent, numLayers: 1, cell: "gru", embeddingSize: 3 }),
    transformer: transformer({
      vocabularySize: 4,
      contextLength: 16,
      width: 8,
      numLayers: 1,
      numHeads: 2,
    }),
  };
  for (const model of Object.values(made)) {
    tf.tidy(() => model.setWeights(model.getWeights().map((w) => w.add(tf.randomNormal(w.shape)))));
  }
  return made;
}

/** All texts of a length. */
const allTexts = (length: number): string[] =>
  length === 0
    ? [""]
    : allTexts(length - 1).flatMap((text) => ["a", "b", "c", " "].map((s) => text + s));

/** -Σ ln p of what follows the prime: by `score` of the whole, less that of the prime. */
async function natsAfter(model: tf.LayersModel, prime: string, text: string): Promise<number> {
  const of = async (read: string) => (await score(model, read, { vocabulary })).totalNats;
  return (await of(prime + text)) - (await of(prime));
}

test("a beam as wide as there are texts finds the likeliest of all, with its nats", async () => {
  for (const [name, model] of Object.entries(networks())) {
    const prime = "ab";
    const known: { text: string; nats: number }[] = [];
    for (const text of allTexts(3)) {
      known.push({ text: prime + text, nats: await natsAfter(model, prime, text) });
    }
    known.sort((a, b) => a.nats - b.nats);
    const beams = await beamSearch(model, { vocabulary, prime, length: 3, beamWidth: 64 });
    assert.equal(beams.length, 64, name);
    assert.deepEqual(
      new Set(beams.map(({ text }) => text)),
      new Set(known.map(({ text }) => text)),
    );
    for (const [i, { totalNats }] of beams.entries()) {
      assert.ok(Math.abs(totalNats - known[i].nats) < 1e-4, `${name}, text ${i}`);
    }
  }
});

test("a beam of 1 is greedy, and each beam's nats are those that its text has", async () => {
  for (const [name, model] of Object.entries(networks())) {
    const how = { vocabulary, prime: "cab ", length: 9 };
    const [greedy, ...more] = await beamSearch(model, { ...how, beamWidth: 1 });
    assert.equal(more.length, 0);
    assert.equal(greedy.text, await sample(model, { ...how, temperature: 0 }), name);
    const beams = await beamSearch(model, { ...how, beamWidth: 3 });
    assert.equal(beams.length, 3);
    for (const [i, { text, totalNats }] of beams.entries()) {
      const real = await natsAfter(model, "cab ", text.slice(4));
      assert.ok(Math.abs(totalNats - real) < 1e-4, `${name}: ${totalNats} and ${real}`);
      assert.ok(i === 0 || totalNats >= beams[i - 1].totalNats);
    }
    assert.ok(beams[0].totalNats <= greedy.totalNats + 1e-6);
  }
});

test("without a prime it reads a blank, and no tensor stays", async () => {
  const model = networks().GRU;
  await beamSearch(model, { vocabulary, length: 2 });
  const tensors = tf.memory().numTensors;
  const [best] = await beamSearch(model, { vocabulary, length: 5, beamWidth: 2 });
  const [same] = await beamSearch(model, { vocabulary, prime: " ", length: 5, beamWidth: 2 });
  assert.equal(` ${best.text}`, same.text);
  assert.equal(tf.memory().numTensors, tensors);
  const [empty] = await beamSearch(model, { vocabulary, prime: "a", length: 0 });
  assert.deepEqual(empty, { text: "a", totalNats: 0 });
});

test("wrong options are named", async () => {
  const model = networks().GRU;
  await assert.rejects(beamSearch(model, { vocabulary, beamWidth: 0 }), /beamWidth.* from 1 up/);
  await assert.rejects(beamSearch(model, { vocabulary, length: -1 }), /length.* from 0 up/);
  await assert.rejects(beamSearch(model, {}), /vocabulary is not known/);
  await assert.rejects(beamSearch(model, { vocabulary, prime: "x" }), /"x"/);
});
