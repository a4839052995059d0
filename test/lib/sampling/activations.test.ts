import assert from "node:assert/strict";
import { before, test } from "node:test";
import "../../../lib/engine/native/register";
import { createStepper, readActivations, trackingUnit } from "karenina";
import { randomInteger, setSeed } from "../../../lib/engine/random";
import { ready, tf } from "../../../lib/engine/tensorflow";
import { charRnn } from "../../../lib/models/charRnn";
import { relativeError } from "../layers/oracle";

before(() => ready());

const [V, H, T] = [6, 8, 12];

function example(cell: "lstm" | "gru" = "lstm") {
  setSeed(3);
  const model = charRnn({
    vocabularySize: V,
    hiddenSize: H,
    numLayers: 2,
    embeddingSize: 3,
    batchSize: 2,
    cell,
  });
  return { model, ids: Int32Array.from({ length: T }, () => randomInteger(V)) };
}

test("the last layer's activations times the dense layer are the stepper's logits", () => {
  const { model, ids } = example();
  const rows = readActivations(model, ids);
  const [kernel, bias] = model.layers.at(-1)!.getWeights();
  const logits = tf.tidy(() =>
    tf.add(tf.matMul(tf.stack(rows.map((row) => tf.tensor1d(row))), kernel), bias).arraySync(),
  ) as number[][];
  const stepper = createStepper(model);
  for (const [t, id] of ids.entries()) {
    const expected = stepper.step(Int32Array.of(id));
    assert.ok(relativeError(Float32Array.from(logits[t]), expected) < 1e-5, `step ${t}`);
  }
  stepper.dispose();
});

test("what a unit shows depends on no later symbol, and reading leaves nothing behind", () => {
  const { model, ids } = example("gru");
  const [first, tensors] = [readActivations(model, ids, { layer: 0 }), tf.memory().numTensors];
  const beginning = readActivations(model, ids.slice(0, 5), { layer: 0 });
  assert.equal(tf.memory().numTensors, tensors);
  assert.deepEqual([first.length, first[0].length], [T, H]);
  for (const [t, row] of beginning.entries()) {
    assert.ok(relativeError(row, first[t]) < 1e-6, `step ${t}`);
  }
});

test("the unit that follows a feature is found, whichever its sign", () => {
  const feature = [0, 1, 2, 0, 1, 0];
  const rows = feature.map((value, t) => [Math.sin(9 * t), 3 - 0.5 * value, 0.2]);
  const { unit, correlation } = trackingUnit(rows, feature);
  assert.equal(unit, 1);
  assert.ok(Math.abs(correlation + 1) < 1e-12);
});

test("what cannot be read or compared is said", () => {
  const { model, ids } = example();
  assert.throws(() => readActivations(model, ids, { layer: 2 }), /layers are 0 to 1/);
  assert.throws(() => readActivations(model, new Int32Array()), /nothing to read/);
  assert.throws(() => readActivations(model, Int32Array.of(V)), /symbol 6 is none of the model's/);
  assert.throws(() => trackingUnit([[1], [2]], [1]), /2 symbols, but the feature has 1/);
  assert.throws(() => trackingUnit([[1], [2]], [1, 1]), /same everywhere/);
});
