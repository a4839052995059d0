import "./oneThread";
import assert from "node:assert/strict";
import { before, test } from "node:test";
import {
  accuracy,
  charRnn,
  evaluate,
  layers,
  meanSquaredError,
  mlp,
  randomInteger,
  ready,
  setSeed,
  shuffledBatches,
  sparseSoftmaxCrossEntropy,
  tf,
  train,
} from "karenina";
import { meanLoss } from "../../../lib/training/callbacks/callback";

before(() => ready());

const close = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) <= 2e-6 * Math.abs(expected), `${actual}, not ${expected}`);

function classification(N: number) {
  setSeed(N);
  const model = mlp({ inputSize: 4, hiddenSizes: [8], outputSize: 3 });
  const x = tf.randomNormal([N, 4], 0, 3, "float32", N);
  const labels = Int32Array.from({ length: N }, () => randomInteger(3));
  return { model, x, y: tf.tensor1d(labels, "int32") };
}

for (const [N, size] of [
  [65, 64],
  [5, 4],
  [100, 7],
] as const) {
  test(`${N} examples in batches of ${size} have one mean, however they are shuffled`, async () => {
    const { model, x, y } = classification(N);
    const own = (output: tf.Tensor, labels: tf.Tensor) => sparseSoftmaxCrossEntropy(output, labels);
    const truth = tf.tidy(() => own(model.apply(x) as tf.Tensor, y).dataSync()[0]);
    const rightly = await accuracy(model, [{ x, y }]);
    const batches = shuffledBatches({ x, y }, size);
    for (let order = 0; order < 4; order++) {
      close(await evaluate(model, batches()), truth);
      close(await evaluate(model, batches(), { loss: own }), truth);
      assert.equal(await accuracy(model, batches()), rightly);
    }
  });
}

test("numbers are weighed by examples too, by a loss of the library or one's own", async () => {
  const model = mlp({ inputSize: 2, hiddenSizes: [3], outputSize: 2 });
  const [x, y] = [
    tf.randomNormal([9, 2], 0, 1, "float32", 1),
    tf.randomNormal([9, 2], 0, 1, "float32", 2),
  ];
  const own = (output: tf.Tensor, targets: tf.Tensor) =>
    tf.mean(tf.squaredDifference(output, targets));
  const truth = await evaluate(model, [{ x, y }], { loss: own });
  for (const loss of [own, meanSquaredError]) {
    close(await evaluate(model, shuffledBatches({ x, y }, 4)(), { loss }), truth);
  }
});

test("of sequences every step counts alike, where batches differ in rows and in length", async () => {
  setSeed(1);
  const model = tf.sequential({
    layers: [
      layers.embedding({
        inputDim: 6,
        outputDim: 3,
        batchInputShape: [null, null],
        dtype: "int32",
      }),
      layers.lstm({ units: 4, returnSequences: true }),
      layers.dense({ units: 6 }),
    ],
  });
  const batches = [
    [4, 9],
    [2, 3],
    [1, 20],
  ].map(([N, T]) => {
    const rows = () =>
      Array.from({ length: N }, () => Int32Array.from({ length: T }, () => randomInteger(6)));
    return { x: rows(), y: rows() };
  });
  let sum = 0;
  let steps = 0;
  for (const batch of batches) {
    const count = batch.x.length * batch.x[0].length;
    sum += count * (await evaluate(model, [batch]));
    steps += count;
  }
  close(await evaluate(model, batches), sum / steps);
  const own = (output: tf.Tensor, y: tf.Tensor) => sparseSoftmaxCrossEntropy(output, y);
  close(await evaluate(model, batches, { loss: own }), sum / steps);
});

test("batches of one size give the plain mean of their losses, to the last bit", async () => {
  const { model, x, y } = classification(12);
  const parts = [0, 4, 8].map((from) => ({ x: tf.slice(x, from, 4), y: tf.slice(y, from, 4) }));
  const losses: number[] = [];
  for (const part of parts) {
    losses.push(await evaluate(model, [part]));
  }
  assert.equal(await evaluate(model, parts), (losses[0] + losses[1] + losses[2]) / 3);
});

test("the history's rows say what they count, and means over steps heed it", async () => {
  const { model, x, y } = classification(10);
  const history = await train(model, shuffledBatches({ x, y }, 4));
  assert.deepEqual(
    history.map(({ weight }) => weight),
    [4, 4, 2],
  );
  const [a, b, c] = history.map(({ loss }) => loss);
  close(meanLoss(history), (4 * a + 4 * b + 2 * c) / 10);
  const text = charRnn({ vocabularySize: 4, batchSize: 2, hiddenSize: 3, numLayers: 1 });
  const rows = [new Int32Array(5), new Int32Array(5)];
  const [row] = await train(text, [{ x: rows, y: rows }]);
  assert.equal(row.weight, 10);
});

test("a loss of NaN is an error that names the batch; an infinite one is the mean", async () => {
  const { model, x, y } = classification(4);
  const good = { x, y };
  const bad = { x: tf.fill([4, 4], Number.NaN), y };
  await assert.rejects(evaluate(model, [good, bad]), {
    name: "NotFiniteError",
    message: /loss of batch 2 is NaN/,
  });
  await assert.rejects(accuracy(model, [good, bad]), {
    name: "NotFiniteError",
    message: /batch 2/,
  });
  const infinite = (output: tf.Tensor) => tf.div(tf.sum(tf.abs(output)), 0);
  assert.equal(await evaluate(model, [good], { loss: infinite }), Number.POSITIVE_INFINITY);
});

test("accuracy begins at zero and gives a stateful model its state back", async () => {
  setSeed(2);
  const model = tf.sequential({
    layers: [
      layers.lstm({ units: 3, stateful: true, batchInputShape: [2, null, 2] }),
      layers.dense({ units: 2 }),
    ],
  });
  const batch = {
    x: tf.randomNormal([2, 4, 2], 0, 1, "float32", 3),
    y: tf.tensor1d([0, 1], "int32"),
  };
  model.predict(batch.x);
  const state = () => (model.layers[0] as layers.RecurrentLayer).getStates()[0].arraySync();
  const before = state();
  const first = await accuracy(model, [batch]);
  assert.deepEqual(state(), before);
  assert.equal(await accuracy(model, [batch]), first);
});

test("a function of batches, such as train takes, is asked for those of epoch 1", async () => {
  const { model, x, y } = classification(4);
  for (const reader of [evaluate, accuracy]) {
    const epochs: number[] = [];
    const batches = (epoch: number) => {
      epochs.push(epoch);
      return [{ x, y }];
    };
    assert.equal(await reader(model, batches), await reader(model, [{ x, y }]));
    assert.deepEqual(epochs, [1]);
  }
});

test("what are no batches is refused, with what to hand over", async () => {
  const { model, x, y } = classification(4);
  for (const reader of [evaluate, accuracy]) {
    const refused = (batches: unknown, message: RegExp) =>
      assert.rejects(reader(model, batches as never), message);
    await refused(async () => [{ x, y }], /function of batches gave a Promise/);
    await refused({ x, y }, /one batch alone becomes an array/i);
    await refused(undefined, /undefined as its batches/);
    await refused([], /no batch/);
    await refused([{ x }], /the y of one is undefined/);
    await assert.rejects(reader(undefined as never, [{ x, y }]), /undefined as its model/);
    await assert.rejects(reader(tf.sequential(), [{ x, y }]), /does not know its input's shape/);
  }
  await assert.rejects(
    evaluate(model, [{ x, y }], { loss: "mse" as never }),
    /loss is the text "mse"/,
  );
});
