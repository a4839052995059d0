// The networks of the live site's first page, against the library's own.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { loadCheckpoint, modelFromCheckpoint, pretrainedFile, ready, tf } from "../../../lib";
import { CharNet, drawn, probabilitiesOf } from "../../../scripts/site/home/charNet";
import { MoonsNet, randomNumbers, twoMoons } from "../../../scripts/site/home/moonsNet";

before(ready);

const ROOT = join(__dirname, "../../..");

for (const [name, text] of [
  ["anna-karenina", " Все счастливые семьи"],
  ["presidents", " America is"],
] as const) {
  test(`${name} gives the logits that the library's network gives`, async () => {
    const file = join(ROOT, "lib/models/pretrained", `${name}.safetensors`);
    const net = CharNet.read(readFileSync(file));
    const codes = [...text].map((character) => net.characters.indexOf(character));
    assert.ok(codes.every((code) => code >= 0));
    const model = await modelFromCheckpoint(loadCheckpoint(pretrainedFile(name)));
    const output = model.predict(tf.tensor2d([codes], undefined, "int32")) as tf.Tensor3D;
    const [expected] = await output.array();
    const memory = net.blank();
    for (const [t, code] of codes.entries()) {
      const logits = net.read(code, memory);
      const largest = Math.max(...expected[t].map((each, i) => Math.abs(each - logits[i])));
      assert.ok(largest < 1e-3, `step ${t}: off by ${largest}`);
    }
  });
}

test("probabilities sum to one; a low temperature sharpens; what is drawn follows them", () => {
  const logits = Float32Array.from([0, 1, 2]);
  const expected = tf.softmax(tf.tensor1d([0, 2, 4])).dataSync();
  const sharp = probabilitiesOf(logits, 0.5);
  assert.ok(sharp.every((p, i) => Math.abs(p - expected[i]) < 1e-6));
  const random = randomNumbers(1);
  const counts = [0, 0, 0];
  for (let n = 0; n < 20_000; n++) {
    counts[drawn(sharp, random())] += 1;
  }
  // Five standard deviations of a share.
  assert.ok(
    counts.every((count, i) => Math.abs(count / 20_000 - sharp[i]) < 5 * Math.sqrt(0.25 / 20_000)),
  );
});

test("the moons' gradient is TensorFlow's, and a step is that of its Adam", () => {
  const random = randomNumbers(3);
  const points = twoMoons(40, 0.1, random);
  const net = new MoonsNet(5, random);
  const cut = (from: number, to: number) => [...net.parameters.slice(from, to)];
  const x = tf.tensor2d([...points.x].map((each, n) => [each, points.y[n]]));
  const labels = tf.tensor1d([...points.label]);
  const W = tf.variable(tf.tensor2d([cut(0, 5), cut(5, 10)]));
  const b = tf.variable(tf.tensor1d(cut(10, 15)));
  const V = tf.variable(tf.tensor2d(cut(15, 20), [5, 1]));
  const d = tf.variable(tf.tensor1d(cut(20, 21)));
  const lossOf = () => {
    const hidden = tf.tanh(tf.add(tf.matMul(x, W), b));
    const z = tf.add(tf.squeeze(tf.matMul(hidden, V), [1]), d) as tf.Tensor1D;
    return tf.losses.sigmoidCrossEntropy(labels, z).asScalar();
  };
  const all = () => [W, b, V, d].flatMap((each) => [...each.dataSync()]);
  const { value, grads } = tf.variableGrads(lossOf, [W, b, V, d]);
  const { loss, gradient } = net.gradient(points);
  assert.ok(Math.abs(loss - value.dataSync()[0]) < 1e-5);
  const expected = [W, b, V, d].flatMap((each) => [...grads[each.name].dataSync()]);
  assert.ok(expected.every((each, i) => Math.abs(each - gradient[i]) < 1e-5));
  const adam = tf.train.adam(0.05);
  for (let step = 0; step < 5; step++) {
    adam.minimize(lossOf, false, [W, b, V, d]);
    net.learn(points, 0.05);
  }
  const trained = all();
  assert.ok(trained.every((each, i) => Math.abs(each - net.parameters[i]) < 2e-3));
});

test("a small network tells the moons apart", () => {
  const random = randomNumbers(7);
  const points = twoMoons(200, 0.12, random);
  const net = new MoonsNet(12, random);
  for (let step = 0; step < 400; step++) {
    net.learn(points, 0.05);
  }
  assert.ok(net.right(points) >= 196, `${net.right(points)} of 200`);
});
