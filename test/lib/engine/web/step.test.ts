import "../../training/oneThread";
import assert from "node:assert/strict";
import { before, beforeEach, test } from "node:test";
import {
  adam,
  charRnn,
  layers,
  type Optimizer,
  random,
  randomInteger,
  ready,
  setSeed,
  sgd,
  tf,
  transformer,
} from "karenina";
import { plainEngine } from "../../../../lib/engine/plain/engine";
import { registerEngine } from "../../../../lib/engine/registration";
import { webEngine } from "../../../../lib/engine/web/engine";
import { sparseSoftmaxCrossEntropy } from "../../../../lib/losses/losses";
import { numbersOf } from "../../../../lib/training/batch";
import { gradientFunction, tapedGradients } from "../../../../lib/training/gradients";
import { StepUpdate } from "../../../../lib/training/stepUpdate";
import { NotFiniteError } from "../../../../lib/training/stopping";
import { relativeError } from "../../layers/oracle";
import { everyOptimizer } from "../everyOptimizer";
import { requireSlopes } from "../slopes";
import { module } from "./onModule";

// The module's steps beside those of the plain engine, on whichever TensorFlow this process has.

before(() => ready());
const web = webEngine(module);
beforeEach(() => registerEngine(web));

const V = 7;
const variablesOf = (model: tf.LayersModel) =>
  model.trainableWeights.map((weight) => weight.read() as tf.Variable);
const read = (model: tf.LayersModel) =>
  model.getWeights().map((weight) => Float32Array.from(weight.dataSync()));
const codes = (N: number, T: number, below = V) =>
  Array.from({ length: N }, () => Int32Array.from({ length: T }, () => randomInteger(below)));
const rows = (N: number, D: number) =>
  Array.from({ length: N }, () => Float32Array.from({ length: D }, () => 2 * random() - 1));
const labels = (N: number) => tf.tensor1d(codes(1, N)[0], "int32");

type Values = tf.Tensor | Int32Array[] | Float32Array[];
type Case = (N: number) => { model: tf.LayersModel; x: Values; y: Values };

const text =
  (options: object, T = 5): Case =>
  (N) => ({
    model: charRnn({ vocabularySize: V, batchSize: N, hiddenSize: 6, ...options }),
    x: codes(N, T),
    y: codes(N, T),
  });

const attentive =
  (options: object, T = 5): Case =>
  (N) => ({
    model: transformer({
      vocabularySize: V,
      contextLength: 6,
      width: 8,
      numHeads: 2,
      numLayers: 2,
      ...options,
    }),
    x: codes(N, T),
    y: codes(N, T),
  });

const cases: Record<string, Case> = {
  "one-hot LSTM": text({}),
  "one-hot LSTM, one step": text({}, 1),
  "one-hot LSTM, more steps than a graph is recorded of": text({ numLayers: 1 }, 230),
  "embedded LSTM": text({ embeddingSize: 3 }),
  "embedded LSTM with dropout": text({ embeddingSize: 3, dropout: 0.4 }),
  "one-hot GRU": text({ cell: "gru" }),
  "embedded GRU, its reset gate after the product": text({
    cell: "gru",
    resetAfter: true,
    embeddingSize: 3,
  }),
  "one-hot tanh": text({ cell: "rnn", numLayers: 3 }),
  "rows to a class": (N) => ({
    model: tf.sequential({
      layers: [
        layers.gru({ units: 5, returnSequences: true, inputShape: [4, 3] }),
        layers.gru({ units: 5, resetAfter: true, useBias: false, returnSequences: true }),
        layers.lstm({ units: 4, returnSequences: true }),
        layers.simpleRNN({ units: 4, useBias: false }),
        layers.dense({ units: V }),
      ],
    }),
    x: tf.randomUniform([N, 4, 3], -1, 1),
    y: labels(N),
  }),
  "transformer, learnt positions": attentive({}),
  "transformer, rotary positions": attentive({ positions: "rotary" }),
  "transformer, more steps than a block of rows": attentive({ contextLength: 50 }, 45),
  "transformer with dropout, no positions": attentive({ positions: "none", dropout: 0.3 }),
  "dense on every step": (N) => ({
    model: tf.sequential({
      layers: [
        layers.dense({ units: 5, activation: "relu", inputShape: [4, 3] }),
        layers.lstm({ units: 4, returnSequences: true, useBias: false }),
        layers.dense({ units: 6, activation: "tanh", useBias: false }),
        layers.dense({ units: V }),
      ],
    }),
    x: tf.randomUniform([N, 4, 3], -1, 1),
    y: codes(N, 4),
  }),
  "dense alone": (N) => ({
    model: tf.sequential({
      layers: [
        layers.dense({ units: 8, activation: "sigmoid", inputShape: [9] }),
        layers.dropout({ rate: 0 }),
        layers.dense({ units: V }),
      ],
    }),
    x: rows(N, 9),
    y: labels(N),
  }),
  "dense with dropout": (N) => ({
    model: tf.sequential({
      layers: [
        layers.dense({ units: 8, inputShape: [9] }),
        layers.dropout({ rate: 0.3 }),
        layers.dense({ units: V }),
      ],
    }),
    x: rows(N, 9),
    y: labels(N),
  }),
};

for (const [name, make] of Object.entries(cases)) {
  test(`${name}: gradients are those of the plain engine's tape`, () => {
    for (const N of name.endsWith("recorded of") ? [2] : [1, 3, 32]) {
      setSeed(`${name} ${N}`);
      const { model, x, y } = make(N);
      tf.tidy(() =>
        model.setWeights(model.getWeights().map((w) => tf.randomUniform(w.shape, -1, 1))),
      );
      const variables = variablesOf(model);
      const run = (f: ReturnType<typeof tapedGradients>) => {
        model.resetStates();
        // One seed drops the same values on all engines.
        setSeed(name);
        // Twice: the second batch begins with the state that the first one ended with.
        return [f(numbersOf(x), numbersOf(y)), f(numbersOf(x), numbersOf(y))];
      };
      tf.tidy(() => {
        const steps = run(gradientFunction(model, variables));
        registerEngine(plainEngine);
        const expected = run(tapedGradients(model, variables, sparseSoftmaxCrossEntropy));
        registerEngine(web);
        for (const [i, { loss, norm, gradients }] of steps.entries()) {
          assert.ok(Math.abs(loss - expected[i].loss) <= 2e-6 * expected[i].loss);
          assert.ok(Math.abs(norm - expected[i].norm) <= 5e-6 * expected[i].norm);
          for (const [k, gradient] of gradients.entries()) {
            const error = relativeError(gradient.dataSync(), expected[i].gradients[k].dataSync());
            assert.ok(error <= 1e-5, `${variables[k].name}: ${error}`);
          }
        }
      });
      model.dispose();
    }
  });
}

/** Some steps on both engines from equal weights, with batches of several sizes. */
function together(make: () => Optimizer, options: object, make2: Case, sizes: number[]) {
  const [model, other] = [make2(sizes[0]).model, make2(sizes[0]).model];
  other.setWeights(model.getWeights());
  const own = new StepUpdate(model, options);
  registerEngine(plainEngine);
  const plain = new StepUpdate(other, options);
  registerEngine(web);
  const [optimizer, reference] = [make(), make()];
  for (const [step, N] of sizes.entries()) {
    const batch = make2(N);
    const reported = own.run(batch, optimizer, step + 1);
    registerEngine(plainEngine);
    const expected = plain.run(batch, reference, step + 1);
    registerEngine(web);
    assert.ok(Math.abs(reported.loss - expected.loss) < 1e-5 * (1 + expected.loss));
    assert.ok(
      Math.abs(reported.gradientNorm - expected.gradientNorm) <
        1e-4 * (1e-3 + expected.gradientNorm),
    );
    batch.model.dispose();
  }
  const [slots, others] = [optimizer.state().slots, reference.state().slots];
  const apart = Math.max(
    ...read(model).map((each, i) => relativeError(each, read(other)[i])),
    ...Object.keys(others).flatMap((name) =>
      others[name].map((each, i) => relativeError(slots[name][i], each)),
    ),
  );
  assert.equal(optimizer.state().step, sizes.length);
  for (const each of [own, plain, model, other, optimizer, reference]) {
    each.dispose();
  }
  return apart;
}

for (const [name, make] of Object.entries(everyOptimizer)) {
  test(`steps of ${name} go where the plain engine's go, with every limit and batch size`, () => {
    const limits = [
      {},
      { clipNorm: 1000, weightDecay: 0.1 },
      { clipValue: 0.002 },
      { clipNorm: 0.05 },
    ];
    for (const options of limits) {
      setSeed(`${name} ${JSON.stringify(options)}`);
      const apart = together(make, options, cases["dense alone"], [4, 1, 9, 4]);
      // A quotient such as Adam's g / |g| turns a rounding of a small gradient into one of the step.
      assert.ok(apart < 1e-3, `${JSON.stringify(options)}: ${apart} apart`);
    }
  });
}

test("60 steps of a char-RNN from equal weights have the plain engine's losses", async () => {
  const T = 12;
  const batches = Array.from({ length: 60 }, (_, b) => {
    const part = (shift: number) =>
      Array.from({ length: 8 }, (_, n) =>
        Int32Array.from({ length: T }, (_, t) => (((b * T + t + shift) * (n + 3)) >> 1) % 24),
      );
    return { x: part(0), y: part(1) };
  });
  const losses = [web, plainEngine].map((engine) => {
    registerEngine(engine);
    setSeed("sixty");
    const model = charRnn({ vocabularySize: 24, batchSize: 8, hiddenSize: 32, embeddingSize: 16 });
    const update = new StepUpdate(model, { clipNorm: 5 });
    const optimizer = adam({ learningRate: 2e-3 });
    const found = batches.map((batch, i) => update.run(batch, optimizer, i + 1).loss);
    for (const each of [update, optimizer, model]) {
      each.dispose();
    }
    return found;
  });
  assert.ok(losses[1][59] < losses[1][0] - 0.05, "it learns");
  losses[0].forEach((loss, i) => {
    assert.ok(Math.abs(loss - losses[1][i]) < 1e-4, `step ${i + 1}: ${loss} and ${losses[1][i]}`);
  });
});

test("dropout's gradients are finite differences of the masked loss", () => {
  setSeed("dropout");
  const { model, x, y } = text({ dropout: 0.4, embeddingSize: 3 }, 3)(32);
  tf.tidy(() => model.setWeights(model.getWeights().map((w) => tf.randomUniform(w.shape, -1, 1))));
  const step = gradientFunction(model, variablesOf(model));
  const run = () => {
    setSeed("the same masks");
    model.resetStates();
    return step(numbersOf(x), numbersOf(y));
  };
  const { gradients, loss } = run();
  assert.equal(run().loss, loss);
  requireSlopes(variablesOf(model), gradients, () => run().loss, 1e-2);
});

test("where loss or norm is not finite, nothing has moved, and training can go on", () => {
  setSeed("not finite");
  // Linear, so that large numbers go through: of 1e30, the loss is finite and the norm is not.
  const model = tf.sequential({
    layers: [layers.dense({ units: 30, inputShape: [9] }), layers.dense({ units: V })],
  });
  const update = new StepUpdate(model, { clipNorm: 1 });
  const optimizer = adam();
  const good = { x: rows(16, 9), y: labels(16) };
  update.run(good, optimizer, 1);
  const [weights, state] = [read(model), optimizer.state()];
  for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, 1e30]) {
    const x = good.x.map((row) => row.slice().fill(bad));
    assert.throws(() => update.run({ x, y: good.y }, optimizer, 2), NotFiniteError);
    assert.deepEqual(read(model), weights);
    assert.deepEqual(optimizer.state(), state);
  }
  update.run(good, optimizer, 2);
  assert.notDeepEqual(read(model), weights);
  assert.equal(optimizer.state().step, 2);
});

test("weights are read, kept and set between steps as of any variable", () => {
  setSeed("shared");
  const { model, x, y } = cases["dense alone"](4);
  const update = new StepUpdate(model, {});
  const [optimizer, second] = [sgd({ learningRate: 0.5 }), sgd({ learningRate: 0.5 })];
  const [kernel] = variablesOf(model);
  for (let step = 1; step <= 3; step++) {
    const shown = Float32Array.from(kernel.dataSync());
    const kept = [kernel.clone(), tf.reshape(kernel, [8, 9])];
    update.run({ x, y }, step === 2 ? second : optimizer, step);
    assert.notDeepEqual(Float32Array.from(kernel.dataSync()), shown);
    for (const tensor of kept) {
      assert.deepEqual(Float32Array.from(tensor.dataSync()), shown);
    }
  }
  const ones = model.getWeights().map((weight) => tf.onesLike(weight));
  const after = (use: Optimizer) => {
    model.setWeights(ones);
    update.run({ x, y }, use, 4);
    return read(model);
  };
  assert.deepEqual(after(optimizer), after(sgd({ learningRate: 0.5 })));
  const last = read(model);
  optimizer.dispose();
  assert.deepEqual(read(model), last, "without its optimizer the model has its weights still");
});

test("500 steps take no more memory than 10, and what they took is given back", () => {
  setSeed("memory");
  const before = { bytes: module.bytesInUse, tensors: tf.memory().numTensors };
  const model = charRnn({
    vocabularySize: V,
    batchSize: 4,
    hiddenSize: 5,
    embeddingSize: 3,
    dropout: 0.2,
  });
  const update = new StepUpdate(model, { clipNorm: 1 });
  const optimizer = adam();
  const seen = new Set<string>();
  for (let step = 1; step <= 500; step++) {
    update.run({ x: codes(4, 6 + (step % 3)), y: codes(4, 6 + (step % 3)) }, optimizer, step);
    if (step >= 10) {
      seen.add(`${module.bytesInUse} bytes, ${tf.memory().numTensors} tensors`);
    }
  }
  assert.equal(seen.size, 1, [...seen].join("; "));
  const working = module.workingSpace.bytes;
  for (const each of [update, optimizer, model]) {
    each.dispose();
  }
  assert.equal(tf.memory().numTensors, before.tensors);
  assert.ok(module.bytesInUse <= before.bytes + working, "only the working space stays");
});

test("what the module does not know goes on as on the plain engine", () => {
  setSeed("taped");
  const model = tf.sequential({
    layers: [
      layers.lstm({ units: 4, dropout: 0.5, inputShape: [3, 2] }),
      tf.layers.dense({ units: V }),
    ],
  });
  const update = new StepUpdate(model, { clipNorm: 1 });
  const optimizer = adam();
  const before = read(model);
  const { loss } = update.run({ x: tf.randomUniform([2, 3, 2]), y: labels(2) }, optimizer, 1);
  assert.ok(Number.isFinite(loss));
  assert.notDeepEqual(read(model), before);
  assert.equal(optimizer.state().step, 1);
  assert.throws(() => {
    const { model } = text({})(2);
    const gradients = gradientFunction(model, variablesOf(model));
    gradients(numbersOf([Int32Array.of(0, V), Int32Array.of(0, 1)]), numbersOf(codes(2, 2)));
  }, /index 7, but knows 7/);
});
