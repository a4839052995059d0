import "../oneThread";
import assert from "node:assert/strict";
import { before, test } from "node:test";
import {
  type Checkpoint,
  checkpoints,
  evaluate,
  type HistoryRow,
  ready,
  type TrainingCallback,
  TrainingStopped,
  tf,
  validate,
} from "karenina";
import { batches, batchesPerEpoch, trained, weightsOf } from "../smallText";

before(() => ready());

const validations = (history: readonly HistoryRow[]) =>
  history.flatMap(({ step, validationLoss }) =>
    validationLoss === undefined ? [] : [{ step, loss: validationLoss }],
  );

test("the loss is that of evaluate, at the steps that were asked for, and is shown", async () => {
  const expected: { step: number; loss: number }[] = [];
  const shown: { step: number; loss: number }[] = [];
  const measured: TrainingCallback = {
    async onStep({ step }, model) {
      if (step % 3 === 0) {
        expected.push({ step, loss: await evaluate(model, batches()) });
      }
    },
  };
  const show = (loss: number, step: number) => void shown.push({ step, loss });
  const { history } = await trained({
    maxSteps: 8,
    callbacks: [measured, validate(batches, { every: 3, show })],
  });
  assert.equal(expected.length, 2);
  assert.deepEqual(validations(history), expected);
  assert.deepEqual(shown, expected);
});

test("without a number of steps it is measured at every epoch's end; a function chooses the steps", async () => {
  const steps = async (callback: TrainingCallback) => {
    const { history } = await trained({ epochs: 2, callbacks: [callback] });
    return validations(history).map(({ step }) => step);
  };
  assert.deepEqual(await steps(validate([...batches()])), [batchesPerEpoch, 2 * batchesPerEpoch]);
  assert.deepEqual(await steps(validate(batches, { every: (step) => step < 3 })), [1, 2]);
});

test("a training is not changed by its validation, and no tensor is left behind", async () => {
  const silent = await trained({ epochs: 2 });
  const watched = await trained({ epochs: 2, callbacks: [validate(batches, { every: 2 })] });
  assert.deepEqual(weightsOf(watched.model), weightsOf(silent.model));
  const before = tf.memory().numTensors;
  const { model } = await trained({ maxSteps: 4, callbacks: [validate(batches, { every: 1 })] });
  model.dispose();
  assert.equal(tf.memory().numTensors, before);
});

test("stopped in a validation, a training makes it first when it is resumed", async () => {
  const whole = await trained({ epochs: 2, callbacks: [validate(batches, { every: 4 })] });
  const controller = new AbortController();
  const held = function* () {
    for (const batch of batches()) {
      controller.abort();
      yield batch;
    }
  };
  let kept: Checkpoint | undefined;
  const store = {
    save(_name: string, checkpoint: Checkpoint) {
      kept = checkpoint;
    },
  };
  await assert.rejects(
    trained({
      callbacks: [validate(held, { every: 4 }), checkpoints(store)],
      signal: controller.signal,
    }),
    (error) => error instanceof TrainingStopped && error.step === 4,
  );
  assert.deepEqual(validations(kept!.history), []);
  const callbacks = [validate(batches, { every: 4 })];
  const resumed = await trained({ epochs: 2, callbacks, resume: kept! }, 99);
  assert.deepEqual(validations(resumed.history), validations(whole.history));
  assert.deepEqual(weightsOf(resumed.model), weightsOf(whole.model));
});

test("an evaluation ends between two batches with its signal's reason", async () => {
  const { model } = await trained({ maxSteps: 1 });
  const controller = new AbortController();
  let read = 0;
  const counted = function* () {
    for (const batch of batches()) {
      if (++read === 2) {
        controller.abort(new Error("enough"));
      }
      yield batch;
    }
  };
  await assert.rejects(evaluate(model, counted(), { signal: controller.signal }), /enough/);
  assert.equal(read, 2);
});

test("numbers of steps out of range are refused", () => {
  for (const every of [0, 1.5, "2", null]) {
    assert.throws(() => validate(batches, { every: every as never }), {
      name: "OptionError",
      message: /every of validate is (0|1\.5|"2"|null)/,
    });
  }
});
