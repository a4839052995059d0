import assert from "node:assert/strict";
import { before, test } from "node:test";
import {
  charRnn,
  evaluate,
  type Loss,
  layers,
  meanAbsoluteError,
  meanSquaredError,
  mlp,
  randomInteger,
  ready,
  setSeed,
  sgd,
  shuffledBatches,
  sparseSoftmaxCrossEntropy,
  tf,
  train,
} from "karenina";
import { huber } from "../../../lib/losses/losses";
import { numbersOf } from "../../../lib/training/batch";
import { gradientFunction, tapedGradients } from "../../../lib/training/gradients";
import { relativeError } from "../layers/oracle";

// Every test here holds on both backends; layers/wasm.test.ts runs this file on the other one.
before(() => ready());

/** A model whose output is its input. */
function mirror(size: number): tf.LayersModel {
  const model = tf.sequential({
    layers: [layers.dense({ units: size, useBias: false, inputShape: [size] })],
  });
  model.setWeights([tf.eye(size)]);
  return model;
}

const logits = [
  [0.5, -1, 2],
  [1, 0.25, -0.5],
  [0, 0, 0],
  [3, 1, -2],
];
const labels = [2, 0, 1, 1];
const classWeights = [1, 5, 0.5];

test("class weights are those of PyTorch 2's CrossEntropyLoss(weight=[1, 5, 0.5])", () => {
  const weights = tf.tensor1d(labels.map((label) => classWeights[label]));
  const { value, grad } = tf.valueAndGrad((x) =>
    sparseSoftmaxCrossEntropy(x, tf.tensor1d(labels, "int32"), weights),
  )(tf.tensor2d(logits));
  assert.ok(Math.abs(value.dataSync()[0] - 1.4613841772079468) < 1e-6);
  const expected = [
    0.007621321361511946, 0.0017005465924739838, -0.009321868419647217, -0.03566977381706238,
    0.024226145818829536, 0.01144362147897482, 0.14492753148078918, -0.28985509276390076,
    0.14492753148078918, 0.3806959092617035, -0.3832610249519348, 0.0025651087053120136,
  ];
  assert.ok(relativeError(grad.dataSync(), expected) < 1e-5);
});

/** Σ w loss / Σ w over examples, each by itself. */
function weightedMean(rows: number[][], y: number[], weights: number[]): number {
  const losses = rows.map((row, n) => {
    const total = row.reduce((sum, value) => sum + Math.exp(value), 0);
    return Math.log(total) - row[y[n]];
  });
  const sum = losses.reduce((all, loss, n) => all + weights[n] * loss, 0);
  return sum / weights.reduce((a, b) => a + b);
}

test("evaluate takes class weights and weights of examples over batches of any size", async () => {
  const own = [0.5, 2, 0, 3];
  const batches = [[0, 1, 2], [3]].map((places) => ({
    x: tf.tensor2d(places.map((n) => logits[n])),
    y: tf.tensor1d(
      places.map((n) => labels[n]),
      "int32",
    ),
    weights: tf.tensor1d(places.map((n) => own[n])),
  }));
  const without = batches.map(({ x, y }) => ({ x, y }));
  const model = mirror(3);
  const close = async (actual: Promise<number>, weights: number[]) => {
    const expected = weightedMean(logits, labels, weights);
    assert.ok(Math.abs((await actual) - expected) < 1e-6, `${await actual} is not ${expected}`);
  };
  const ofClass = labels.map((label) => classWeights[label]);
  await close(evaluate(model, without), [1, 1, 1, 1]);
  await close(evaluate(model, without, { classWeights }), ofClass);
  await close(evaluate(model, batches), own);
  await close(
    evaluate(model, batches, { classWeights }),
    ofClass.map((weight, n) => weight * own[n]),
  );
  // A batch that counts nothing is left out of the mean; where all are, there is none.
  const silent = { ...without[0], weights: [0, 0, 0] };
  await close(evaluate(model, [silent, without[1]]), [0, 0, 0, 1]);
  await assert.rejects(evaluate(model, [silent]), /weights of all 1 batches are 0/);
});

/** What a step learns from, for the recorded way and the tape. */
function problems(): Record<
  string,
  { model: tf.LayersModel; x: tf.Tensor; y: tf.Tensor; loss: Loss }
> {
  const numbers = (...shape: number[]) => tf.randomNormal(shape, 0, 1, "float32", 5);
  const codes = (shape: number[], below: number) =>
    tf.tensor(
      Int32Array.from({ length: shape.reduce((a, b) => a * b) }, () => randomInteger(below)),
      shape,
      "int32",
    );
  const steps = () =>
    tf.sequential({
      layers: [
        layers.gru({ units: 4, returnSequences: true, inputShape: [5, 3] }),
        layers.dense({ units: 2 }),
      ],
    });
  const text = charRnn({ vocabularySize: 6, batchSize: 32, hiddenSize: 5, numLayers: 1 });
  const line = (outputSize: number) => mlp({ inputSize: 4, hiddenSizes: [6], outputSize });
  const rows = numbers(32, 4);
  const crossEntropy = sparseSoftmaxCrossEntropy;
  return {
    "classes of examples": { model: line(3), x: rows, y: codes([32], 3), loss: crossEntropy },
    "classes of steps": {
      model: text,
      x: codes([32, 7], 6),
      y: codes([32, 7], 6),
      loss: crossEntropy,
    },
    "one number an example": { model: line(1), x: rows, y: numbers(32, 1), loss: meanSquaredError },
    "numbers of examples": { model: line(3), x: rows, y: numbers(32, 3), loss: meanAbsoluteError },
    "numbers of steps": {
      model: steps(),
      x: numbers(32, 5, 3),
      y: numbers(32, 5, 2),
      loss: huber(0.5),
    },
  };
}

const names = [
  "classes of examples",
  "classes of steps",
  "one number an example",
  "numbers of examples",
  "numbers of steps",
];
for (const name of names) {
  for (const weighted of [false, true]) {
    test(`${name}${weighted ? ", weighted" : ""}: a recorded step's gradients are the tape's`, () => {
      setSeed(name);
      const { model, x, y, loss } = problems()[name];
      const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
      const shape = y.dtype === "int32" ? y.shape : y.shape.slice(0, -1);
      const count = shape.reduce((a, b) => a * b, 1);
      const values = Float32Array.from({ length: count }, (_, m) => m % 4);
      const weights = { values, shape, sum: values.reduce((a, b) => a + b) };
      tf.tidy(() => {
        const run = (gradients: typeof taped) => {
          model.resetStates();
          return gradients(numbersOf(x), numbersOf(y), weighted ? weights : undefined);
        };
        const taped = tapedGradients(model, variables, loss);
        const expected = run(taped);
        const actual = run(gradientFunction(model, variables, loss));
        assert.ok(Math.abs(actual.loss - expected.loss) <= 1e-5 * expected.loss);
        actual.gradients.forEach((gradient, k) => {
          const error = relativeError(gradient.dataSync(), expected.gradients[k].dataSync());
          assert.ok(error <= 1e-4, `${variables[k].name}: ${error}`);
        });
      });
      model.dispose();
    });
  }
}

test("training with weights is training on examples that are repeated so often", async () => {
  const repeats = [1, 2, 0, 3];
  const repeated = repeats.flatMap((times, n) => new Array<number>(times).fill(n));
  const build = () => {
    setSeed(4);
    return mlp({ inputSize: 3, hiddenSizes: [5], outputSize: 3, activation: "tanh" });
  };
  const batch = (places: number[]) => ({
    x: tf.tensor2d(places.map((n) => logits[n])),
    y: tf.tensor1d(
      places.map((n) => labels[n]),
      "int32",
    ),
  });
  const run = async (data: Parameters<typeof train>[1], options = {}) => {
    const model = build();
    const history = await train(model, data, {
      epochs: 5,
      optimizer: sgd({ learningRate: 0.5 }),
      ...options,
    });
    return history.map(({ loss }) => loss);
  };
  const expected = await run([batch(repeated)]);
  const places = [0, 1, 2, 3];
  const weighted = await run([{ ...batch(places), weights: repeats }]);
  assert.ok(relativeError(weighted, expected) < 1e-5, `${weighted} instead of ${expected}`);
  const gathered = await run(
    shuffledBatches({ ...batch(places), weights: tf.tensor1d(repeats) }, 4),
  );
  assert.ok(relativeError(gathered, expected) < 1e-5);
  const byClass = await run([batch(places)], { classWeights });
  const byExample = await run([
    { ...batch(places), weights: labels.map((label) => classWeights[label]) },
  ]);
  assert.ok(relativeError(byClass, byExample) < 1e-6);
  assert.notDeepEqual(byClass, await run([batch(places)]));
});

test("a loss of one's own takes weights as its third parameter, or is refused with them", async () => {
  const x = tf.tensor2d([[1], [2]]);
  const batch = { x, y: x, weights: [1, 3] };
  const seen: number[][] = [];
  const takes: Loss = (output, _y, weights) => {
    seen.push([...weights!.dataSync()]);
    return tf.mean(output);
  };
  await train(mirror(1), [batch], { loss: takes });
  await evaluate(mirror(1), [batch], { loss: takes });
  assert.deepEqual(seen, [
    [1, 3],
    [1, 3],
  ]);
  const ignores = (output: tf.Tensor) => tf.mean(output);
  await assert.rejects(train(mirror(1), [batch], { loss: ignores }), /third parameter/);
  await assert.rejects(evaluate(mirror(1), [batch], { loss: ignores }), /third parameter/);
});

test("weights that cannot be meant are refused", async () => {
  const good = { x: tf.tensor2d(logits), y: tf.tensor1d(labels, "int32") };
  const refused = async (batch: object, options: object, message: RegExp) => {
    const given = [{ ...good, ...batch }];
    await assert.rejects(train(mirror(3), given, options), message);
    await assert.rejects(evaluate(mirror(3), given, options), message);
  };
  await refused({ weights: [1, 2] }, {}, /2 weights for 4 examples/);
  await refused({ weights: [1, 1, 1, -1] }, {}, /weight is -1 \(number 4 of 4\)/);
  await refused({ weights: [1, 1, 1, Number.NaN] }, {}, /weight is NaN/);
  await refused({ weights: "heavy" }, {}, /weights are the text "heavy"/);
  await refused({}, { classWeights: [1, 2] }, /2 numbers.*3 classes/);
  await refused({}, { classWeights: { 0: 1, 1: 2, 2: 3 } }, /one for each of the model's 3/);
  await refused({}, { classWeights: [1, -2, 1] }, /weight is -2/);
  await refused({}, { classWeights, loss: meanSquaredError }, /loss of classes/);
  await assert.rejects(train(mirror(3), [{ ...good, weights: [0, 0, 0, 0] }]), /all 0/);
});
