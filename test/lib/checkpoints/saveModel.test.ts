import "../training/oneThread";
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import {
  adam,
  checkpointOf,
  loadCheckpoint,
  loadModel,
  mlp,
  ready,
  restoreModel,
  sample,
  saveCheckpoint,
  saveModel,
  setSeed,
  tf,
  train,
} from "karenina";
import { batches, build, vocabulary, weightsOf } from "../training/smallText";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "karenina-save-"));
before(() => ready());
after(() => fs.rmSync(folder, { recursive: true, force: true }));

test("a saved model is loaded with its weights, and writes by its own vocabulary", async () => {
  const model = build(1);
  await train(model, batches, { maxSteps: 3 });
  const file = path.join(folder, "new/model.safetensors");
  saveModel(file, model, { vocabulary });
  const loaded = await loadModel(file);
  assert.deepEqual(weightsOf(loaded), weightsOf(model));
  setSeed(5);
  const text = await sample(file, { length: 20 });
  setSeed(5);
  assert.equal(await sample(loaded, { length: 20, vocabulary }), text);
  const { optimizer, states, history } = loadCheckpoint(file);
  assert.deepEqual([optimizer, states.size, history.length], [undefined, 0, 0]);
});

test("any model of layers can be saved, without a vocabulary", async () => {
  const model = mlp({ inputSize: 3, hiddenSizes: [4], outputSize: 2 });
  const file = path.join(folder, "mlp.safetensors");
  saveModel(file, model);
  const x = tf.randomNormal([5, 3]);
  const outputs = (of: tf.LayersModel) => [...(of.predict(x) as tf.Tensor).dataSync()];
  assert.deepEqual(outputs(await loadModel(file)), outputs(model));
  assert.equal(loadCheckpoint(file).vocabulary, undefined);
});

test("a checkpoint of a model is a copy, and gives a later model its weights back", async () => {
  const model = build(2);
  const before = weightsOf(model);
  const kept = checkpointOf(model, { vocabulary, step: 7 });
  await train(model, batches, { maxSteps: 2 });
  assert.notDeepEqual(weightsOf(model), before);
  restoreModel(model, kept);
  assert.deepEqual(weightsOf(model), before);
  assert.deepEqual(kept.position, { step: 7, epoch: 1, batch: 0 });
});

test("with its optimizer it goes on as the training would have", async () => {
  const optimizer = adam({ learningRate: 0.01 });
  const model = build(3, { dropout: 0 });
  const all = [...batches()];
  await train(model, [all[0]], { optimizer });
  const file = path.join(folder, "between.safetensors");
  saveCheckpoint(file, checkpointOf(model, { optimizer }));
  await train(model, [all[1]], { optimizer });
  const other = build(4, { dropout: 0 });
  await train(other, [all[1]], { resume: loadCheckpoint(file) });
  assert.deepEqual(weightsOf(other), weightsOf(model));
});

test("what is no model, no step or no file is refused", async () => {
  assert.throws(() => checkpointOf({} as never), {
    name: "CheckpointError",
    message: /given object in place of a model/,
  });
  assert.throws(() => checkpointOf(build(1), { step: -1 }), /step is -1/);
  await assert.rejects(loadModel(path.join(folder, "none.safetensors")), {
    name: "CheckpointError",
    message: /could not be read \(ENOENT\)/,
  });
});
