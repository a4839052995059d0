// Run in an empty folder where the library is installed: trains a tiny network by `import`.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import {
  adam,
  charRnn,
  layers,
  ready,
  sample,
  sequenceBatches,
  setSeed,
  train,
  Vocabulary,
} from "karenina";

setSeed(1);
const { name, version } = await ready();
const text = "to be or not to be, that is the question. ".repeat(40);
const vocabulary = Vocabulary.of(text);
const encoded = vocabulary.encode(text);
const model = charRnn({
  vocabularySize: vocabulary.size,
  batchSize: 4,
  embeddingSize: 8,
  hiddenSize: 16,
});
const history = await train(model, () => sequenceBatches(encoded, { batchSize: 4, steps: 20 }), {
  epochs: 3,
  optimizer: adam({ learningRate: 0.02 }),
});
const [first, last] = [history[0].loss, history.at(-1).loss];
assert.ok(last < 0.8 * first, `the loss went from ${first} to ${last}`);
const written = await sample(model, { vocabulary, prime: "to ", length: 10 });
assert.equal(typeof layers.lstm, "function");
const required = createRequire(import.meta.url)("karenina");
assert.equal(required.charRnn, charRnn, "import and require share one library");
console.log(
  JSON.stringify({ backend: name, version, steps: history.length, first, last, written }),
);
