import "./oneThread";
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { adam, adamW, evaluate, meanSquaredError, mlp, ready, sgd, tf, train } from "karenina";
import { batches, build, weightsOf } from "./smallText";

before(() => ready());

/** What plain JavaScript, or `as any`, may hand over, and what is said of it. */
const REFUSED: Record<string, Record<string, [unknown, RegExp]>> = {
  optimizer: {
    "tf.train.adam()": [
      () => tf.train.adam(),
      /optimizer is an? AdamOptimizer.*adam\(\{ learningRate/s,
    ],
    "tf.train.sgd(0.1)": [() => tf.train.sgd(0.1), /SGDOptimizer.*in place of/s],
    "its name": ["adam", /optimizer is the text "adam"/],
    "its maker": [adam, /optimizer is a function/],
    null: [null, /optimizer is null/],
    "an empty object": [{}, /optimizer is an Object/],
  },
  loss: {
    "its name": ["meanSquaredError", /loss is the text "meanSquaredError".*meanSquaredError/s],
    "a number": [1, /loss is the number 1/],
    null: [null, /loss is null/],
    "a loss without return": [(_: tf.Tensor) => {}, /loss gave undefined.*return missing/s],
    "a loss of a number": [() => 1, /loss gave the number 1/],
    "a loss of each example": [(o: tf.Tensor) => tf.mean(o, -1), /shape \[3,10\].*tf\.mean/s],
    "a loss without slope": [() => tf.scalar(1), /not its gradient.*operations that have a slope/s],
  },
  schedule: {
    "a rate": [0.01, /schedule is the number 0.01/],
    "one without return": [() => {}, /schedule gave undefined for step 0.*return/s],
    "one of NaN": [() => Number.NaN, /gave NaN for step 0/],
    "one below 0": [() => -1, /gave -1/],
  },
  callbacks: {
    "one alone": [{ onStep() {} }, /callbacks is an Object.*array/s],
    "a function": [[() => {}], /callbacks\[0\] is a function.*onStep/s],
    "a promise": [[Promise.resolve({})], /callbacks\[0\] is a Promise/],
    undefined: [[{ onStep() {} }, undefined], /callbacks\[1\] is undefined/],
    "tf.callbacks.earlyStopping()": [
      () => [tf.callbacks.earlyStopping()],
      /callback of TensorFlow\.js.*earlyStopping, reduceOnPlateau/s,
    ],
    "Keras's names": [
      [{ onBatchEnd() {}, onEpochBegin() {} }],
      /has onBatchEnd, onEpochBegin.*onStep/s,
    ],
    "a hook that is none": [[{ onStep: 5 }], /onStep of callbacks\[0\] is the number 5/],
  },
  checkpoints: {
    "its folder alone": ["run-1", /names undefined as its folder/],
    "every 0 steps": [{ folder: "x", every: 0 }, /every of checkpoints is 0/],
    "the best of what": [{ folder: "x", best: "accuracy" }, /best of checkpoints is "accuracy"/],
  },
  resume: { "a number": [5, /resume is the number 5/], "an object": [{}, /resume is an Object/] },
  signal: { "a controller": [new AbortController(), /signal is an AbortController.*AbortSignal/s] },
  epochs: { "2.5": [2.5, /epochs is 2\.5/], text: ["2", /epochs is "2"/] },
  maxSteps: { "0": [0, /maxSteps is 0/] },
  clipNorm: { text: ["5", /clipNorm is "5"/] },
  weightDecay: { text: ["1", /weightDecay is "1"/] },
  l2: { text: ["1", /weightDecay is "1"/] },
  learningRate: {
    "as an option": [0.1, /learningRate is 0\.1, but must be a control.*the optimizer's/s],
  },
  batchSize: { "as an option": [32, /no option "batchSize".*shuffledBatches/s] },
  epoch: { misspelt: [2, /no option "epoch".*epochs, maxSteps/s] },
};

/** Those that make something of TensorFlow are called only when it is there. */
const made = (value: unknown) =>
  typeof value === "function" && /tf\.(train|callbacks)\./.test(String(value)) ? value() : value;

for (const [option, values] of Object.entries(REFUSED)) {
  describe(`${option} of train`, () => {
    for (const [name, [value, message]] of Object.entries(values)) {
      test(`${name} is refused, and nothing has been learnt`, async () => {
        const model = build(1);
        const weights = weightsOf(model);
        await assert.rejects(train(model, batches, { [option]: made(value) } as never), message);
        assert.deepEqual(weightsOf(model), weights);
      });
    }
  });
}

test("models that cannot be trained are refused with the reason", async () => {
  const refused = (model: unknown, message: RegExp) =>
    assert.rejects(train(model as never, batches), message);
  await refused(undefined, /undefined as its model/);
  await refused({}, /object as its model/);
  await refused(tf.sequential(), /does not know its input's shape/);
  const frozen = build(1);
  for (const layer of frozen.layers) {
    layer.trainable = false;
  }
  await refused(frozen, /no trainable weights/);
  const [a, b] = [tf.input({ shape: [2] }), tf.input({ shape: [2] })];
  const joined = tf.layers.concatenate().apply([a, b]) as tf.SymbolicTensor;
  const output = tf.layers.dense({ units: 2 }).apply(joined) as tf.SymbolicTensor;
  await refused(tf.model({ inputs: [a, b], outputs: output }), /has 2 inputs/);
});

test("a weight that the loss does not depend on stays as it is", async () => {
  const input = tf.input({ shape: [2] });
  const [used, unused] = [tf.layers.dense({ units: 1 }), tf.layers.dense({ units: 1 })];
  const outputs = [used, unused].map((layer) => layer.apply(input) as tf.SymbolicTensor);
  const model = tf.model({ inputs: input, outputs });
  const before = weightsOf(model);
  const loss = (all: tf.Tensor) => tf.mean((all as unknown as tf.Tensor[])[0]);
  const batch = { x: tf.ones([4, 2]), y: tf.zeros([4]) };
  await train(model, [batch], { loss, optimizer: sgd({ learningRate: 1 }) });
  const after = weightsOf(model);
  const moved = after.map((values, i) => values.some((value, k) => value !== before[i][k]));
  assert.equal(moved.filter(Boolean).length, 2);
});

test("optimizers of the library are taken, also one that is wrapped", async () => {
  const inner = adamW({ learningRate: 0.01 });
  const wrapped = {
    config: inner.config,
    learningRate: 0.01,
    applyGradients: inner.applyGradients.bind(inner),
    state: () => inner.state(),
    restore: (state: ReturnType<typeof inner.state>) => inner.restore(state),
    dispose: () => inner.dispose(),
  };
  const history = await train(build(1), batches, { maxSteps: 2, optimizer: wrapped });
  assert.equal(history.length, 2);
});

test("a sum is learnt by the squared error", async () => {
  const x = tf.randomUniform([200, 3], -1, 1, "float32", 3);
  const y = tf.sum(x, 1, true);
  const model = mlp({ inputSize: 3, hiddenSizes: [], outputSize: 1 });
  await train(model, [{ x, y }], {
    epochs: 200,
    loss: meanSquaredError,
    optimizer: adam({ learningRate: 0.05 }),
  });
  assert.ok((await evaluate(model, [{ x, y }], { loss: meanSquaredError })) < 1e-4);
  const weights = weightsOf(model)[0];
  for (const weight of weights) {
    assert.ok(Math.abs(weight - 1) < 0.02, `${weights}`);
  }
});
