import assert from "node:assert/strict";
import { before, test } from "node:test";
import { accuracy, ready, tf } from "karenina";

before(() => ready());

/** A model whose logits are its inputs. */
function mirror(classes: number): tf.LayersModel {
  const model = tf.sequential();
  model.add(tf.layers.dense({ units: classes, useBias: false, inputShape: [classes] }));
  model.setWeights([tf.eye(classes)]);
  return model;
}

test("accuracy is the share of examples whose largest logit is their class", async () => {
  const rows = [
    [3, 1, 2],
    [0, -1, 5],
    [1, 4, 2],
    [-3, -2, -4],
    [9, 1, 1],
  ];
  const x = tf.tensor2d(rows);
  const y = tf.tensor1d([0, 2, 0, 1, 1], "int32");
  const model = mirror(3);
  const before = tf.memory().numTensors;
  assert.equal(await accuracy(model, [{ x, y }]), 3 / 5);
  assert.equal(tf.memory().numTensors, before);
  // A smaller last batch counts by its examples, not as much as a whole one.
  const parts = [
    { x: tf.slice(x, 0, 4), y: tf.slice(y, 0, 4) },
    { x: tf.slice(x, 4, 1), y: tf.slice(y, 4, 1) },
  ];
  assert.equal(await accuracy(model, parts), 3 / 5);
});

test("what cannot be counted is refused", async () => {
  await assert.rejects(accuracy(mirror(2), []), /no batch/);
  const batch = { x: tf.zeros([4, 2]), y: tf.zeros([4, 2]) };
  await assert.rejects(accuracy(mirror(2), [batch]), /logits \[N, classes\] and classes \[N\]/);
});
