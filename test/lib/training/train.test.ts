import "./oneThread";
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import {
  adam,
  charRnn,
  evaluate,
  type HistoryRow,
  listCheckpoints,
  type Optimizer,
  random,
  ready,
  sequenceBatches,
  setSeed,
  sgd,
  type TrainOptions,
  tf,
  train,
  Vocabulary,
} from "karenina";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "karenina-train-"));
before(() => ready());
after(() => fs.rmSync(folder, { recursive: true, force: true }));

const text = "all happy families are alike; each unhappy family is unhappy in its own way. ".repeat(
  8,
);
const vocabulary = Vocabulary.of(text);
const encoded = vocabulary.encode(text);
const nSeqs = 3;
const nSteps = 10;
const batches = () => sequenceBatches(encoded, { batchSize: nSeqs, steps: nSteps });
const batchesPerEpoch = [...batches()].length;

function build(seed: number, options = {}): tf.Sequential {
  setSeed(seed);
  return charRnn({
    vocabularySize: vocabulary.size,
    batchSize: nSeqs,
    hiddenSize: 12,
    dropout: 0.3,
    ...options,
  });
}

function weightsOf(model: tf.LayersModel): number[][] {
  return model.getWeights().map((weight) => [...weight.dataSync()]);
}

function lossesOf(history: readonly HistoryRow[]): number[] {
  return history.map(({ loss }) => loss);
}

async function trained(options: TrainOptions, seed = 1) {
  const model = build(seed);
  const optimizer = adam({ learningRate: 0.01 });
  const history = await train(model, batches, { optimizer, clipNorm: 5, ...options });
  return { model, history };
}

test("training lowers the loss of a text from ln V to far below", async () => {
  const { history } = await trained({ epochs: 12 });
  assert.equal(history.length, 12 * batchesPerEpoch);
  assert.ok(Math.abs(history[0].loss - Math.log(vocabulary.size)) < 0.1);
  assert.ok(history.at(-1)!.loss < 2);
  assert.deepEqual(
    history.map(({ step }) => step),
    history.map((_, index) => index + 1),
  );
});

test("the same seed gives the same run, another seed another", async () => {
  const [first, second] = [await trained({ maxSteps: 8 }), await trained({ maxSteps: 8 })];
  assert.deepEqual(lossesOf(second.history), lossesOf(first.history));
  const other = await trained({ maxSteps: 8 }, 2);
  assert.notDeepEqual(lossesOf(other.history), lossesOf(first.history));
});

for (const stopAt of [1, batchesPerEpoch - 1, batchesPerEpoch, batchesPerEpoch + 2]) {
  test(`stopped after step ${stopAt} and resumed, weights are as uninterrupted, bit for bit`, async () => {
    const uninterrupted = await trained({ epochs: 2 });
    const checkpoints = { folder: path.join(folder, `stop-${stopAt}`), vocabulary };
    await trained({ epochs: 2, maxSteps: stopAt, checkpoints });
    const [last] = listCheckpoints(checkpoints.folder).slice(-1);
    assert.equal(last?.name, `checkpoint_${stopAt}`);
    // The resuming process has another seed and other weights: all must come from the file.
    const resumed = await trained({ epochs: 2, resume: last.file }, 99);
    assert.deepEqual(weightsOf(resumed.model), weightsOf(uninterrupted.model));
    assert.deepEqual(lossesOf(resumed.history), lossesOf(uninterrupted.history));
  });
}

test("a training goes on with the optimizer of its checkpoint, and refuses another", async () => {
  const checkpoints = { folder: path.join(folder, "optimizer") };
  const uninterrupted = await trained({ epochs: 1 });
  await trained({ maxSteps: 4, checkpoints });
  const resume = listCheckpoints(checkpoints.folder)[0].file;
  const model = build(3);
  await train(model, batches, { resume, clipNorm: 5 });
  assert.deepEqual(weightsOf(model), weightsOf(uninterrupted.model));
  const before = weightsOf(model);
  await assert.rejects(train(model, batches, { resume, optimizer: sgd() }), {
    name: "CheckpointError",
    message: /with adam.*with sgd.*Leave the option optimizer out/s,
  });
  assert.deepEqual(weightsOf(model), before);
});

test("batches that are shuffled at an epoch's start resume exactly too", async () => {
  const all = [...batches()];
  const shuffled = () => {
    const order = all.map((batch) => ({ batch, key: random() }));
    return order.sort((a, b) => a.key - b.key).map(({ batch }) => batch);
  };
  const run = async (options: TrainOptions, seed = 5) => {
    const model = build(seed);
    await train(model, shuffled, { epochs: 3, optimizer: adam(), ...options });
    return weightsOf(model);
  };
  const uninterrupted = await run({});
  const checkpoints = { folder: path.join(folder, "shuffled") };
  await run({ maxSteps: batchesPerEpoch + 3, checkpoints });
  const [last] = listCheckpoints(checkpoints.folder).slice(-1);
  assert.deepEqual(await run({ resume: last.file }, 77), uninterrupted);
});

test("no tensor is left behind by a step, a checkpoint or an evaluation", async () => {
  const model = build(1);
  const counts: number[] = [];
  await train(model, batches, {
    epochs: 3,
    clipNorm: 0.01,
    checkpoints: { folder: path.join(folder, "memory"), every: 5, vocabulary },
    callbacks: [
      {
        async onStep({ step }) {
          if (step % 7 === 0) {
            await evaluate(model, batches());
          }
          counts.push(tf.memory().numTensors);
        },
      },
    ],
  });
  assert.deepEqual([...new Set(counts.slice(1))].length, 1, `tensor counts ${counts}`);
});

test("an evaluation in between changes nothing about a training", async () => {
  const plain = await trained({ epochs: 1 });
  const watched = build(1);
  const history = await train(watched, batches, {
    optimizer: adam({ learningRate: 0.01 }),
    clipNorm: 5,
    callbacks: [{ onStep: async () => void (await evaluate(watched, batches())) }],
  });
  assert.deepEqual(lossesOf(history), lossesOf(plain.history));
});

test("the optimizer never sees a gradient longer than clipNorm, and history says the length before", async () => {
  const inner = adam();
  const norms: number[] = [];
  const watching: Optimizer = {
    ...inner,
    config: inner.config,
    get learningRate() {
      return inner.learningRate;
    },
    set learningRate(value) {
      inner.learningRate = value;
    },
    applyGradients(variables, gradients) {
      const squares = gradients.map((g) => tf.tidy(() => tf.sum(tf.square(g)).dataSync()[0]));
      norms.push(Math.sqrt(squares.reduce((a, b) => a + b, 0)));
      inner.applyGradients(variables, gradients);
    },
    state: () => inner.state(),
    restore: (state) => inner.restore(state),
    dispose: () => inner.dispose(),
  };
  const history = await train(build(1), batches, { optimizer: watching, clipNorm: 0.2 });
  assert.ok(
    history.some(({ gradientNorm }) => gradientNorm > 0.2),
    "the example must need clipping",
  );
  for (const [index, { gradientNorm }] of history.entries()) {
    const expected = Math.min(gradientNorm, 0.2);
    assert.ok(Math.abs(norms[index] - expected) < 1e-5 * expected);
  }
});

test("a loss that is no number stops the training and leaves the weights alone", async () => {
  const model = build(1);
  const before = weightsOf(model);
  const loss = (output: tf.Tensor) => tf.mul(tf.mean(output), Number.NaN);
  await assert.rejects(train(model, batches, { loss }), {
    name: "NotFiniteError",
    message: /NaN at step 1, with learning rate 0.001.*clipNorm: 5/s,
  });
  assert.deepEqual(weightsOf(model), before);
});

test("an AbortSignal stops between two steps, writes a checkpoint, and says how to go on", async () => {
  const controller = new AbortController();
  const checkpoints = { folder: path.join(folder, "aborted") };
  const run = trained({
    checkpoints,
    signal: controller.signal,
    callbacks: [{ onStep: ({ step }) => (step === 4 ? controller.abort() : undefined) }],
  });
  await assert.rejects(run, {
    name: "TrainingStopped",
    message: /after step 4.*resume: .*checkpoint_4/s,
  });
  assert.deepEqual(
    listCheckpoints(checkpoints.folder).map(({ name }) => name),
    ["checkpoint_4"],
  );
});

test("a schedule sets the learning rate of every step", async () => {
  const { history } = await trained({ maxSteps: 5, schedule: (step) => 0.1 / (step + 1) });
  assert.deepEqual(
    history.map(({ learningRate }) => learningRate),
    [0, 1, 2, 3, 4].map((step) => 0.1 / (step + 1)),
  );
});

test("a used-up generator, ragged rows and odd options are refused with the way to mend them", async () => {
  const model = build(1);
  await assert.rejects(
    train(model, sequenceBatches(encoded, { batchSize: 3, steps: 10 }) as never),
    /\(\) => sequenceBatches/,
  );
  const ragged = [{ x: [new Int32Array(3), new Int32Array(4)], y: [] }];
  await assert.rejects(train(model, ragged), /Row 1 of a batch has 4 values, but row 0 has 3/);
  await assert.rejects(train(model, batches, { epochs: 0 }), /epochs is 0/);
});
