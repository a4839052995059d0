import "../oneThread";
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import {
  earlyStopping,
  follow,
  listCheckpoints,
  loadCheckpoint,
  ready,
  type TrainOptions,
  tf,
  updateRatios,
  writeSamples,
} from "karenina";
import { batchesPerEpoch, build, trained, vocabulary, weightsOf } from "../smallText";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "karenina-callbacks-"));
before(() => ready());
after(() => fs.rmSync(folder, { recursive: true, force: true }));

test("update ratios are log10 of mean change beside mean size, in the rows that they are asked for", async () => {
  const snapshots: number[][][] = [];
  const { history } = await trained({
    maxSteps: 7,
    callbacks: [
      { onStepStart: (_step, model) => void snapshots.push(weightsOf(model)) },
      updateRatios({ every: 3 }),
      { onTrainEnd: (_history, model) => void snapshots.push(weightsOf(model)) },
    ],
  });
  const size = (values: number[]) => values.reduce((sum, value) => sum + Math.abs(value), 0);
  assert.deepEqual(
    history.filter((row) => row.updateRatios).map(({ step }) => step),
    [3, 6],
  );
  for (const step of [3, 6]) {
    const [before, now] = [snapshots[step - 1], snapshots[step]];
    const expected = now.map((values, i) =>
      Math.log10(size(values.map((value, k) => value - before[i][k])) / size(values)),
    );
    const actual = history[step - 1].updateRatios!;
    assert.deepEqual(Object.keys(actual).slice(0, 3), [
      "layers.1.kernel",
      "layers.1.recurrent_kernel",
      "layers.1.bias",
    ]);
    Object.values(actual).forEach((ratio, i) => {
      assert.ok(Math.abs(ratio - expected[i]) < 1e-4, `${ratio} instead of ${expected[i]}`);
    });
  }
});

test("samples are written every so many steps, and change nothing about the training", async () => {
  const silent = await trained({ maxSteps: 9 });
  const shown: number[] = [];
  const samples = writeSamples({
    vocabulary,
    every: 4,
    prime: "all",
    length: 12,
    show: (text, step) => {
      assert.ok(text.startsWith("all"));
      assert.equal(text.length, 15);
      shown.push(step);
    },
  });
  const watched = await trained({ maxSteps: 9, callbacks: [samples] });
  assert.deepEqual(shown, [4, 8]);
  assert.deepEqual(
    samples.samples.map(({ step }) => step),
    [4, 8],
  );
  assert.deepEqual(weightsOf(watched.model), weightsOf(silent.model));
});

test("a display follows a training to its end, also to a bad one", async () => {
  const calls: string[] = [];
  const display = {
    update: ({ step }: { step: number }) => void calls.push(`row ${step}`),
    progress: (done: number, total: number) => void calls.push(`${done} of ${total}`),
    done: () => void calls.push("done"),
  };
  await trained({ maxSteps: 2, callbacks: [follow(display, { total: 2 })] });
  assert.deepEqual(calls, ["row 1", "1 of 2", "row 2", "2 of 2", "done"]);
  calls.length = 0;
  const loss = (output: tf.Tensor) => tf.mul(tf.mean(output), Number.NaN);
  await assert.rejects(trained({ loss, callbacks: [follow(display)] }), /NaN/);
  assert.deepEqual(calls, ["done"]);
});

test("callbacks leave no tensors behind", async () => {
  const callbacks = () => [
    updateRatios({ every: 1 }),
    writeSamples({ vocabulary, every: 2, length: 3, show: () => {} }),
    earlyStopping({ validate: () => 1, everySteps: 1, patience: 2 }),
  ];
  const run = async () => {
    const { model } = await trained({ maxSteps: 4, callbacks: callbacks() });
    model.dispose();
  };
  await run();
  const before = tf.memory().numTensors;
  await run();
  assert.equal(tf.memory().numTensors, before);
});

test('an answer of another text than "stop" is refused; numbers and truths mean nothing', async () => {
  const answering = (hook: "onStep" | "onEpochEnd", answer: unknown) =>
    trained({
      maxSteps: batchesPerEpoch,
      epochs: 2,
      callbacks: [{ [hook]: () => answer } as never],
    });
  for (const hook of ["onStep", "onEpochEnd"] as const) {
    for (const answer of ["stopp", "Stop", ""]) {
      await assert.rejects(
        answering(hook, answer),
        new RegExp(
          `${hook} of a callback answered the text "${answer}", but may answer "stop" only`,
        ),
      );
    }
    for (const answer of [true, 1, null]) {
      assert.equal((await answering(hook, answer)).history.length, batchesPerEpoch);
    }
  }
  assert.equal((await answering("onStep", Promise.resolve("stop"))).history.length, 1);
});

test("what is recorded stands in the latest row; what has no place in it is refused", async () => {
  const { history } = await trained({
    maxSteps: 3,
    callbacks: [
      {
        onStep({ step }, _model, { record, history }) {
          record({ validationLoss: step === 2 ? 1.5 : undefined });
          record({ updateRatios: { "layers.1.kernel": -3 } });
          assert.equal(history.at(-1)!.step, step);
        },
      },
    ],
  });
  assert.deepEqual(
    history.map(({ validationLoss }) => validationLoss),
    [undefined, 1.5, undefined],
  );
  assert.deepEqual(history[0].updateRatios, { "layers.1.kernel": -3 });
  const recording = (measurements: unknown, hook: "onStep" | "onTrainBegin" = "onStep") =>
    trained({
      maxSteps: 1,
      callbacks: [
        {
          onTrainBegin: ({ record }) =>
            hook === "onTrainBegin" ? record(measurements as never) : 0,
          onStep: (_row, _model, { record }) => record(measurements as never),
        },
      ],
    });
  await assert.rejects(recording({ accuracy: 1 }), /no place for "accuracy".*array of your own/s);
  await assert.rejects(recording({ validationLoss: Number.NaN }), /after step 1 is NaN/);
  await assert.rejects(recording({ validationLoss: 1 }, "onTrainBegin"), /before the first step/);
});

test("numbers of steps out of range are refused", () => {
  assert.throws(() => updateRatios({ every: 0 }), /every is 0/);
  assert.throws(() => writeSamples({ vocabulary, every: 1.5 }), /every is 1.5/);
});

/** All that a training can be told, with a validation loss that falls and rises again. */
function everything(): TrainOptions {
  let measured = 0;
  const losses = [5, 4, 3, 2, 2.5, 2.6, 2.7, 2.8, 2.9];
  return {
    epochs: 5,
    weightDecay: 0.01,
    clipValue: 0.05,
    schedule: (step) => 0.02 / (1 + step / 10),
    callbacks: [
      updateRatios({ every: 2 }),
      // The scripted losses go on where the resumed history ends.
      {
        onStep: ({ step }) => {
          measured = Math.floor(step / 2) - 1;
        },
      },
      earlyStopping({ validate: () => losses[measured] ?? 3, everySteps: 2, patience: 3 }),
      writeSamples({ vocabulary, every: 3, length: 5, show: () => {} }),
    ],
  };
}

for (const stopAt of [3, batchesPerEpoch, 11]) {
  test(`with all options, stopped after step ${stopAt} and resumed, all is as uninterrupted`, async () => {
    const whole = await trained(everything());
    const checkpoints = { folder: path.join(folder, `all-${stopAt}`), vocabulary };
    await trained({ ...everything(), maxSteps: stopAt, checkpoints });
    const file = listCheckpoints(checkpoints.folder).at(-1)!.file;
    const resumed = await trained({ ...everything(), resume: file }, 99);
    const comparable = (rows: typeof whole.history) =>
      rows.map(({ seconds: _seconds, ...row }) => row);
    assert.deepEqual(comparable(resumed.history), comparable(whole.history));
    assert.equal(whole.history.length, 14, "early stopping must have ended it");
    assert.deepEqual(weightsOf(resumed.model), weightsOf(whole.model));
  });
}

test("a checkpoint holds what early stopping has seen", async () => {
  const checkpoints = { folder: path.join(folder, "remembered"), vocabulary };
  const stopping = earlyStopping({ validate: () => 7, everySteps: 2, patience: 9 });
  await trained({ maxSteps: 5, checkpoints, callbacks: [stopping] });
  const { callbacks } = loadCheckpoint(listCheckpoints(checkpoints.folder)[0].file);
  const { values, tensors } = callbacks!.get("earlyStopping")!;
  assert.deepEqual(values, { best: { step: 2, loss: 7 }, withoutBetter: 1 });
  assert.deepEqual(
    Object.values(tensors!).map(({ shape }) => shape),
    build(1)
      .getWeights()
      .map((weight) => weight.shape),
  );
});
