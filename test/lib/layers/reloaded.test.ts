import assert from "node:assert/strict";
import path from "node:path";
import { before, test } from "node:test";
import { charRnn, layers, ready, setSeed, tf } from "karenina";

before(() => ready());

const lib = path.resolve(__dirname, "../../../lib");

/** The library as a notebook has it after an edit: its modules are loaded again, the model is older. */
function loadedAnew(): typeof import("karenina") {
  for (const file of Object.keys(require.cache)) {
    if (file.startsWith(lib) && file.endsWith(".ts")) {
      delete require.cache[file];
    }
  }
  return require(path.join(lib, "index.ts"));
}

test("models made before the library was loaded again are still known", async () => {
  setSeed("reloaded");
  const models = (["lstm", "gru", "rnn"] as const).map((cell) =>
    charRnn({ vocabularySize: 5, batchSize: 2, hiddenSize: 4, cell, embeddingSize: 3 }),
  );
  models.push(charRnn({ vocabularySize: 5, batchSize: 2, hiddenSize: 4 }));
  const { LSTM } = layers;
  const again = loadedAnew();
  assert.notEqual(again.layers.LSTM, LSTM);
  for (const model of models) {
    const [expected] = [model.predict(tf.tensor2d([3, 3], [2, 1], "int32")) as tf.Tensor];
    const stepper = again.createStepper(model);
    const logits = Array.from(stepper.step(Int32Array.of(3)));
    const first = Array.from(expected.dataSync()).slice(0, 5);
    logits.forEach((value, i) => {
      assert.ok(Math.abs(value - first[i]) < 1e-5);
    });
    stepper.dispose();
    const before = model.layers.find((layer) => layer.stateful) as layers.RecurrentLayer;
    const carried = Array.from(before.getStates()[0].dataSync());
    const batches = [
      { x: [Int32Array.of(1), Int32Array.of(2)], y: [Int32Array.of(2), Int32Array.of(3)] },
    ];
    // An evaluation gives stateful layers their states back, so it has to find them.
    await again.evaluate(model, batches);
    assert.deepEqual(Array.from(before.getStates()[0].dataSync()), carried);
    const [row] = await again.train(model, batches);
    assert.ok(row.gradientNorm > 0);
  }
  const lstm = models[0].layers[1] as layers.RecurrentLayer;
  assert.deepEqual(again.layers.getPyTorchWeights(lstm).weight_hh.shape, [16, 4]);
});
