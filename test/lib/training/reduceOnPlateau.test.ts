import "./oneThread";
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import {
  earlyStopping,
  evaluate,
  latestCheckpoint,
  layers,
  listCheckpoints,
  OptionError,
  type ReduceOnPlateauOptions,
  ready,
  reduceOnPlateau,
  setSeed,
  sgd,
  type TrainOptions,
  tf,
  train,
} from "karenina";
import { batches, build, meanOutput, weightsOf } from "./smallText";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "karenina-plateau-"));
before(() => ready());
after(() => fs.rmSync(folder, { recursive: true, force: true }));

const LOSSES = [
  5, 4, 4.5, 3, 3.1, 3.2, 3.3, 2.9999, 2.5, 2.6, 2.6, 2.6, 2.6, 2.6, 2.6, 2.6, 2.6, 2.6,
];

/** A training of one weight whose validation losses are these, one an epoch of one step. */
async function run(options: ReduceOnPlateauOptions, losses = LOSSES, more: TrainOptions = {}) {
  setSeed(1);
  const model = tf.sequential({ layers: [layers.dense({ units: 1, inputShape: [1] })] });
  let looks = 0;
  const plateau = reduceOnPlateau({ validate: () => losses[looks++], ...options });
  const optimizer = sgd({ learningRate: 0.1 });
  const history = await train(model, [{ x: [Float32Array.of(1)], y: [Float32Array.of(0)] }], {
    epochs: losses.length,
    loss: meanOutput,
    optimizer,
    callbacks: [plateau],
    ...more,
  });
  return { plateau, optimizer, history, rates: history.map(({ learningRate }) => learningRate) };
}

/** Where the rate changes: [step, rate], as torch.optim.lr_scheduler.ReduceLROnPlateau (PyTorch 2) has it. */
const TORCH: [string, ReduceOnPlateauOptions, [number, number][]][] = [
  [
    "patience 1",
    { factor: 0.5, patience: 1 },
    [
      ...([
        [7, 0.05],
        [9, 0.025],
        [12, 0.0125],
        [14, 0.00625],
      ] as [number, number][]),
      ...([
        [16, 0.003125],
        [18, 0.0015625],
      ] as [number, number][]),
    ],
  ],
  [
    "patience 0, cooldown 2",
    { factor: 0.1, patience: 0, cooldown: 2 },
    [
      [4, 0.1 * 0.1],
      [7, 0.001],
      [11, 1e-4],
      [14, 1e-5],
      [17, 1e-6],
    ],
  ],
  [
    "an absolute threshold and a floor",
    {
      factor: 0.5,
      patience: 2,
      threshold: 0.3,
      thresholdMode: "absolute",
      minLearningRate: 0.02,
    },
    [
      [8, 0.05],
      [13, 0.025],
      [16, 0.02],
    ],
  ],
  [
    "a relative threshold and a cooldown",
    { factor: 0.5, patience: 1, threshold: 0.1, cooldown: 1 },
    [
      [7, 0.05],
      [12, 0.025],
      [15, 0.0125],
      [18, 0.00625],
    ],
  ],
  ["a floor that is reached at once", { patience: 3, minLearningRate: 0.05 }, [[9, 0.05]]],
];

for (const [name, options, changes] of TORCH) {
  test(`${name}: the rates are PyTorch's, and stand in the history`, async () => {
    const { rates, plateau, history } = await run(options);
    const expected = LOSSES.map(
      (_, i) => changes.filter(([step]) => step <= i + 1).at(-1)?.[1] ?? 0.1,
    );
    rates.forEach((rate, i) => {
      assert.ok(Math.abs(rate - expected[i]) < 1e-15, `step ${i + 1}: ${rate}, not ${expected[i]}`);
    });
    assert.deepEqual(
      history.map(({ validationLoss }) => validationLoss),
      LOSSES,
    );
    const made = plateau.cuts.filter(({ step }) => step < LOSSES.length);
    assert.deepEqual(
      made.map(({ step }) => step + 1),
      changes.map(([step]) => step),
    );
  });
}

test("after a training the optimizer has its own rate back, and another one begins afresh", async () => {
  const { optimizer, plateau } = await run({ factor: 0.5, patience: 0 }, [1, 2, 3]);
  assert.equal(optimizer.learningRate, 0.1);
  assert.equal(plateau.cuts.length, 2);
  let looks = 0;
  const again = reduceOnPlateau({
    validate: () => [1, 2, 3][looks++ % 3],
    factor: 0.5,
    patience: 0,
  });
  const first = await run({}, [1, 2, 3], { callbacks: [again] });
  const second = await run({}, [1, 2, 3], { callbacks: [again] });
  assert.deepEqual(first.rates, [0.1, 0.1, 0.05]);
  assert.deepEqual(second.rates, first.rates);
  assert.deepEqual(again.cuts, [
    { step: 2, learningRate: 0.05 },
    { step: 3, learningRate: 0.025 },
  ]);
});

test("it can look at what early stopping has noted, or at the training loss", async () => {
  let looks = 0;
  const losses = [3, 3, 3, 3];
  const stopping = earlyStopping({ validate: () => losses[looks++], patience: 9 });
  const noted = reduceOnPlateau({ factor: 0.5, patience: 1 });
  const { rates } = await run({}, losses, { callbacks: [stopping, noted] });
  assert.deepEqual(rates, [0.1, 0.1, 0.1, 0.05]);
  await assert.rejects(
    run({}, losses, { callbacks: [reduceOnPlateau()] }),
    /no validation loss in the row of step 1.*watch: "loss"/s,
  );
  // A loss that rises by itself: the mean of 1, 2, ... in windows of two steps.
  let value = 0;
  const rising = () => tf.scalar(++value);
  const watching = reduceOnPlateau({ watch: "loss", everySteps: 2, factor: 0.5, patience: 0 });
  const optimizer = sgd({ learningRate: 0.1 });
  const model = build(1, { dropout: 0 });
  await train(model, batches, {
    maxSteps: 8,
    optimizer,
    callbacks: [watching],
    loss: (output) => tf.add(tf.mul(tf.mean(output), 0), rising()) as tf.Scalar,
  });
  assert.deepEqual(
    watching.cuts.map(({ step }) => step),
    [4, 6, 8],
  );
});

for (const watch of ["validation", "loss"] as const) {
  for (const stopAt of [5, 10, 13]) {
    test(`by ${watch}, stopped after step ${stopAt} and resumed, all is as uninterrupted`, async () => {
      const whole = await learn(watch, {});
      const checkpoints = { folder: path.join(folder, `${watch}-${stopAt}`) };
      await learn(watch, { maxSteps: stopAt, checkpoints });
      const resumed = await learn(watch, { resume: latestCheckpoint(checkpoints.folder) }, 99);
      assert.equal(listCheckpoints(checkpoints.folder).at(-1)!.step, stopAt);
      assert.deepEqual(resumed.rows, whole.rows);
      assert.deepEqual(resumed.weights, whole.weights);
      assert.ok(whole.cuts.length >= 2, "the example must cut the rate");
      assert.deepEqual(resumed.cuts, whole.cuts);
    });
  }
}

/** A small text learnt at a rate that no loss falls with, so that it is cut. */
async function learn(watch: "validation" | "loss", options: TrainOptions, seed = 1) {
  const model = build(seed);
  const plateau = reduceOnPlateau({
    factor: 0.5,
    patience: 0,
    threshold: 0.5,
    everySteps: 3,
    ...(watch === "loss" ? { watch } : { validate: () => evaluate(model, batches()) }),
  });
  const history = await train(model, batches, {
    epochs: 2,
    callbacks: [plateau],
    ...(options.resume === undefined && { optimizer: sgd({ learningRate: 0.2 }) }),
    ...options,
  });
  const rows = history.map(({ seconds: _, ...row }) => row);
  return { rows, weights: weightsOf(model), cuts: plateau.cuts };
}

test("a schedule beside it, and options out of range, are refused", async () => {
  await assert.rejects(run({}, [1], { schedule: () => 0.1 }), /schedule.*Choose one of the two/s);
  for (const options of [
    { factor: 1 },
    { factor: 0 },
    { patience: -1 },
    { patience: 1.5 },
    { cooldown: -1 },
    { threshold: -1 },
    { minLearningRate: Number.NaN },
    { everySteps: 0 },
    { watch: "accuracy" as never },
    { thresholdMode: "rel" as never },
    { watch: "loss" as const, validate: () => 1 },
  ]) {
    assert.throws(() => reduceOnPlateau(options), OptionError, JSON.stringify(options));
  }
  for (const bad of [Number.NaN, undefined as never, "1" as never]) {
    await assert.rejects(run({}, [bad]), /validation loss after step 1 is/);
  }
});
