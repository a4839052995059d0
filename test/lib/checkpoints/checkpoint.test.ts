import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import {
  charRnn,
  latestCheckpoint,
  listCheckpoints,
  loadCheckpoint,
  modelFromCheckpoint,
  ready,
  restoreModel,
  sample,
  sequenceBatches,
  setSeed,
  tf,
  train,
  Vocabulary,
} from "karenina";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "karenina-checkpoint-"));
const text = "каждая несчастливая семья несчастлива по-своему 🙂. ".repeat(6);
const vocabulary = Vocabulary.of(text);
const encoded = vocabulary.encode(text);
const options = { vocabularySize: vocabulary.size, batchSize: 2, hiddenSize: 8, embeddingSize: 5 };
let model: tf.Sequential;

before(async () => {
  await ready();
  setSeed(1);
  model = charRnn(options);
  await train(model, () => sequenceBatches(encoded, { batchSize: 2, steps: 7 }), {
    epochs: 2,
    checkpoints: { folder, every: 10, vocabulary },
  });
});
after(() => fs.rmSync(folder, { recursive: true, force: true }));

test("checkpoints are listed by step, the last step among them", () => {
  const steps = listCheckpoints(folder).map(({ step }) => step);
  const last = 2 * [...sequenceBatches(encoded, { batchSize: 2, steps: 7 })].length;
  assert.deepEqual(
    steps,
    [...new Set([10, 20, 30, 40, last])].filter((step) => step <= last),
  );
  assert.equal(path.basename(latestCheckpoint(folder)), `checkpoint_${last}.safetensors`);
  assert.deepEqual(listCheckpoints(path.join(folder, "nothing")), []);
});

test("a checkpoint holds the model, its vocabulary and its history", async () => {
  const checkpoint = loadCheckpoint(latestCheckpoint(folder));
  assert.deepEqual(checkpoint.vocabulary?.symbols, vocabulary.symbols);
  assert.equal(checkpoint.history.length, checkpoint.position.step);
  const restored = await modelFromCheckpoint(checkpoint);
  assert.deepEqual(
    restored.getWeights().map((weight) => [...weight.dataSync()]),
    model.getWeights().map((weight) => [...weight.dataSync()]),
  );
});

test("an initializer by which no number could ever be drawn is refused, and does not hang", async () => {
  for (const wrong of [{ mean: "low" }, { stddev: -1 }]) {
    const checkpoint = loadCheckpoint(latestCheckpoint(folder));
    const config = { mean: 0, stddev: 0.01, ...wrong };
    const initializer = { class_name: "TruncatedNormal", config };
    const text = JSON.stringify(checkpoint.topology, (key, value) =>
      key === "kernel_initializer" ? initializer : value,
    );
    assert.ok(text.includes(JSON.stringify(initializer)));
    const changed = { ...checkpoint, topology: JSON.parse(text) };
    await assert.rejects(
      modelFromCheckpoint(changed),
      /could not be built: .*kernel_initializer\.config\.(mean is "low"|stddev is -1), but must be/,
    );
  }
});

test("a layer that no class is named, and one without an input, are named in our own words", async () => {
  const checkpoint = loadCheckpoint(latestCheckpoint(folder));
  const changed = (change: (layers: { class_name: string }[]) => void) => {
    const topology = structuredClone(checkpoint.topology) as {
      config: { layers: { class_name: string }[] };
    };
    change(topology.config.layers);
    return modelFromCheckpoint({ ...checkpoint, topology });
  };
  for (const name of ["TheirLayer", "constructor"]) {
    await assert.rejects(
      changed((layers) => {
        layers[1].class_name = name;
      }),
      new RegExp(`could not be built: Its layer 1 is a "${name}", which no class here is named\\.`),
    );
  }
  await assert.rejects(
    changed((layers) => layers.reverse()),
    /Its first layer, a \w+, does not say what shape its input has/,
  );
  await assert.rejects(
    changed((layers) => layers.splice(0)),
    /of a network with other layers\. .* this network has none/,
  );
});

test("a vocabulary of another size is refused before a symbol is written", async () => {
  const checkpoint = loadCheckpoint(latestCheckpoint(folder));
  const symbols = checkpoint.vocabulary!.size;
  const smaller = { ...checkpoint, vocabulary: new Vocabulary(["a", " "]) };
  await assert.rejects(
    sample(smaller, { prime: "a" }),
    new RegExp(`tells ${symbols} symbols apart, but the vocabulary has 2`),
  );
});

test("a sample from the file is the sample from the model, primed and repeatable", async () => {
  const settings = { prime: "семья 🙂", length: 40, topK: 5 };
  setSeed(4);
  const fromFile = await sample(latestCheckpoint(folder), settings);
  setSeed(4);
  assert.equal(await sample(model, { ...settings, vocabulary }), fromFile);
  assert.ok(fromFile.startsWith("семья 🙂"));
  assert.equal([...fromFile].length, [..."семья 🙂"].length + 40);
});

test("temperature 0 writes what argmax writes, whatever the seed", async () => {
  const greedy = async (seed: number, temperature: number) => {
    setSeed(seed);
    return sample(latestCheckpoint(folder), { prime: "к", length: 60, temperature });
  };
  assert.equal(await greedy(1, 0), await greedy(2, 0));
  assert.equal(await greedy(3, 1e-4), await greedy(1, 0));
});

test("sampling leaves no tensor behind, and the model's carried state as it was", async () => {
  const x = tf.tensor2d([[1], [2]], [2, 1], "int32");
  await sample(model, { vocabulary, length: 3 });
  const before = tf.memory().numTensors;
  await sample(model, { vocabulary, length: 30 });
  await sample(latestCheckpoint(folder), { length: 30 });
  assert.equal(tf.memory().numTensors, before);
  const first = tf.tidy(() => [...(model.predict(x) as tf.Tensor).dataSync()]);
  await sample(model, { vocabulary, length: 3 });
  const second = tf.tidy(() => [...(model.predict(x) as tf.Tensor).dataSync()]);
  assert.notDeepEqual(second, first, "the state is carried from one predict to the next");
});

test("a prime outside the vocabulary, and a model without a vocabulary, are named", async () => {
  await assert.rejects(
    sample(latestCheckpoint(folder), { prime: "семья?" }),
    /"\?" \(U\+003F\), symbol 6/,
  );
  await assert.rejects(sample(model), /Add the option vocabulary/);
  await assert.rejects(sample(model, { vocabulary, length: -1 }), /length is -1/);
});

test("missing, truncated, damaged and foreign files are refused, and name what else there is", () => {
  const good = latestCheckpoint(folder);
  const bytes = fs.readFileSync(good);
  const wrong = path.join(folder, "wrong.safetensors");
  const refused = (contents: Uint8Array | string, message: RegExp) => {
    fs.writeFileSync(wrong, contents);
    assert.throws(() => loadCheckpoint(wrong), { name: "CheckpointError", message });
  };
  assert.throws(
    () => loadCheckpoint(path.join(folder, "checkpoint_7.safetensors")),
    /ENOENT.*checkpoint_10/s,
  );
  for (const part of [0, 5, 100, bytes.length / 2, bytes.length - 1]) {
    refused(bytes.subarray(0, part), /wrong.safetensors can't be used.*checkpoint_10/s);
  }
  const damaged = Buffer.from(bytes);
  damaged[damaged.length - 3] ^= 1;
  refused(damaged, /checksum/);
  refused("model.json of something else", /does not begin like/);
  const header = Buffer.from('{"__metadata__":{"format":"pt"}}');
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  refused(Buffer.concat([length, header]), /another program/);
  fs.rmSync(wrong);
});

test("a checkpoint of another shape is refused before any weight changes", () => {
  const checkpoint = loadCheckpoint(latestCheckpoint(folder));
  const weights = (of: tf.LayersModel) => of.getWeights().map((each) => [...each.dataSync()]);
  const larger = charRnn({ ...options, hiddenSize: 9 });
  const before = weights(larger);
  assert.throws(() => restoreModel(larger, checkpoint), /another size.*\[5,32\].*\[5,36\]/s);
  assert.deepEqual(weights(larger), before);
  const deeper = charRnn({ ...options, numLayers: 3 });
  assert.throws(() => restoreModel(deeper, checkpoint), /other layers/);
});

test("Ctrl-C in a script leaves a checkpoint that can be resumed", async () => {
  const interrupted = path.join(folder, "interrupted");
  const root = path.resolve(__dirname, "../../..");
  const script = `
    const { charRnn, sequenceBatches, ready, train } = require("karenina");
    ready().then(() => train(
      charRnn({ vocabularySize: 5, batchSize: 2, hiddenSize: 4 }),
      () => sequenceBatches(new Int32Array(50), { batchSize: 2, steps: 3 }),
      { epochs: 1e6, checkpoints: { folder: ${JSON.stringify(interrupted)} },
        callbacks: [{ onStep: ({ step }) => step === 3 && console.log("training") }] },
    )).catch((error) => { console.log(error.name); process.exitCode = 130; });`;
  const child = spawn(
    process.execPath,
    ["-r", "./lib/host/node/preload.cjs", "-r", "tsx/cjs", "-e", script],
    { cwd: root, stdio: ["ignore", "pipe", "inherit"] },
  );
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (data: string) => {
    if (!output.includes("training") && data.includes("training")) {
      child.kill("SIGINT");
    }
    output += data;
  });
  const code = await new Promise((resolve) => child.once("exit", resolve));
  assert.equal(code, 130, output);
  assert.match(output, /TrainingStopped/);
  const { position, history } = loadCheckpoint(latestCheckpoint(interrupted));
  assert.equal(history.length, position.step);
});
