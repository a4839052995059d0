// Networks that PyTorch made, by fixtures/pytorch.py: ours must compute the same.
import assert from "node:assert/strict";
import * as path from "node:path";
import { before, test } from "node:test";
import "../../../lib/engine/native/register";
import { sample } from "karenina";
import { ready, tf } from "../../../lib/engine/tensorflow";
import { readSafetensors } from "../../../lib/formats/readSafetensors";
import * as layers from "../../../lib/layers";
import { charRnn } from "../../../lib/models/charRnn";
import { charRnnFromPyTorch, type StateDict, setPyTorchState } from "../../../lib/models/pytorch";
import { Vocabulary } from "../../../lib/text/vocabulary";

before(async () => {
  await ready();
});

const read = (name: string) =>
  readSafetensors(path.join(__dirname, "fixtures", `${name}.safetensors`)).tensors;

/** The model's logits for a fixture's codes beside PyTorch's: the largest difference. */
function difference(model: tf.LayersModel, name: string): number {
  const results = read("results");
  const { shape, values } = results.get(`${name}.x`)!;
  const expected = results.get(`${name}.y`)!.values as Float32Array;
  return tf.tidy(() => {
    const codes = Int32Array.from(values as BigInt64Array, Number);
    const x = tf.tensor(codes, shape, "int32");
    const logits = (model.predict(x) as tf.Tensor).dataSync();
    assert.equal(logits.length, expected.length);
    return Math.max(...Array.from(logits, (value, i) => Math.abs(value - expected[i])));
  });
}

for (const name of ["lstm", "gru", "rnn", "nobias", "square"]) {
  test(`${name}: a char-RNN of a state_dict computes what PyTorch does`, async () => {
    const model = charRnnFromPyTorch(read(name), { batchSize: 2 });
    const apart = difference(model, name);
    assert.ok(apart < 1e-6, String(apart));
    // It is a network like any other here.
    const vocabulary = Vocabulary.of(" abcdefghij");
    assert.equal((await sample(model, { vocabulary, length: 20 })).length, 20);
    const tensors = tf.memory().numTensors;
    charRnnFromPyTorch(read(name)).dispose();
    assert.equal(tf.memory().numTensors, tensors);
  });
}

test("a model of one's own takes weights over, by shapes or by names", () => {
  const build = () => {
    const model = tf.sequential();
    model.add(
      layers.embedding({ inputDim: 11, outputDim: 5, batchInputShape: [2, null], dtype: "int32" }),
    );
    model.add(layers.lstm({ units: 6, returnSequences: true }));
    model.add(layers.lstm({ units: 6, returnSequences: true }));
    model.add(tf.layers.dense({ units: 11 }));
    return model;
  };
  for (const options of [{}, { names: ["encoder", "rnn", "decoder"] }]) {
    const model = build();
    setPyTorchState(model, read("lstm"), options);
    assert.ok(difference(model, "lstm") < 1e-6);
  }
  const prefixed = Object.fromEntries(
    [...read("lstm")].map(([name, tensor]) => [`module.net.${name}`, tensor]),
  );
  const model = build();
  setPyTorchState(model, prefixed);
  assert.ok(difference(model, "lstm") < 1e-6);
});

const tensor = (...shape: number[]) => ({
  shape,
  values: new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(0.1),
});

test("what does not fit is refused by name, and the model stays as it was", () => {
  const refused = (state: StateDict, message: RegExp) =>
    assert.throws(() => charRnnFromPyTorch(state), { name: "StateDictError", message });
  const changed = (change: (state: Map<string, unknown>) => void): StateDict => {
    const state = new Map<string, unknown>(read("lstm"));
    change(state);
    return state as StateDict;
  };
  refused(new Map(), /nothing in the state_dict/);
  refused(
    changed((state) => state.set("rnn.weight_ih_l0_reverse", tensor(24, 5))),
    /"rnn\.weight_ih_l0_reverse" .* bidirectional/,
  );
  refused(
    changed((state) => state.set("rnn.weight_hr_l0", tensor(3, 6))),
    /proj_size/,
  );
  refused(
    changed((state) => state.set("norm.running_mean", tensor(6))),
    /"norm\.running_mean" .* no place: only nn\.Embedding/,
  );
  refused(
    changed((state) => state.set("norm.weight", tensor(6))),
    /"norm\.weight" .* must be a matrix/,
  );
  refused(
    changed((state) => state.delete("rnn.weight_hh_l1")),
    /no "rnn\.weight_hh_l1"/,
  );
  refused(
    changed((state) => state.set("hidden.weight", tensor(6, 6))),
    /one nn\.Linear .*"hidden" \[6,6\].*setPyTorchState/,
  );
  refused(
    changed((state) => state.delete("encoder.weight")),
    /reads 5 features, .* 11 symbols/,
  );
  refused(
    changed((state) => state.set("rnn.weight_hh_l0", tensor(13, 6))),
    /shape of no LSTM|that of no LSTM/,
  );
  refused(
    changed((state) => state.set("decoder.bias", { shape: [11], values: new BigInt64Array(11) })),
    /"decoder\.bias" .* whole numbers of 64 bits/,
  );
  const model = charRnn({ vocabularySize: 11, batchSize: 2, hiddenSize: 6, embeddingSize: 5 });
  const sums = () => model.getWeights().map((weight) => tf.tidy(() => weight.sum().dataSync()[0]));
  const before = sums();
  assert.throws(() => setPyTorchState(model, read("gru")), /finds no module/);
  assert.throws(
    () => setPyTorchState(model, read("lstm"), { names: ["decoder", "rnn", "encoder"] }),
    /cannot take the weights of "decoder"/,
  );
  assert.throws(
    () => setPyTorchState(model, read("lstm"), { names: ["encoder", "lstm"] }),
    /no module "lstm"\. There are "/,
  );
  assert.throws(
    () => setPyTorchState(model, read("lstm"), { names: ["encoder", "rnn"] }),
    /Name each module once/,
  );
  assert.deepEqual(sums(), before);
  const old = charRnn({ vocabularySize: 11, batchSize: 2, hiddenSize: 6, cell: "gru" });
  assert.throws(
    () => setPyTorchState(old, read("gru"), { names: ["rnn", "decoder"] }),
    /resetAfter/,
  );
});

test("modules that fit alike are not guessed at", () => {
  const model = tf.sequential();
  model.add(layers.dense({ units: 3, inputShape: [3] }));
  model.add(layers.dense({ units: 3 }));
  const state = {
    "a.weight": tensor(3, 3),
    "a.bias": tensor(3),
    "b.weight": { shape: [3, 3], values: Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9) },
    "b.bias": tensor(3),
  };
  assert.throws(() => setPyTorchState(model, state), /fits several modules .* \{ names: /);
  setPyTorchState(model, state, { names: ["b", "a"] });
  const kernel = model.layers[0].getWeights()[0];
  assert.deepEqual([...kernel.dataSync()], [1, 4, 7, 2, 5, 8, 3, 6, 9], "turned round");
});
