import assert from "node:assert/strict";
import { before, test } from "node:test";
import { earlyStopping, OptionError, ready, setSeed, tf, train } from "karenina";

before(() => ready());

/** A model of one number that moves by the learning rate in every step, and a scripted validation. */
async function run(losses: readonly number[], options: { patience?: number; minDelta?: number }) {
  setSeed(1);
  const model = tf.sequential({
    layers: [tf.layers.dense({ units: 1, inputShape: [1], useBias: false })],
  });
  const weight = () => tf.tidy(() => model.getWeights()[0].dataSync()[0]);
  const seen: number[] = [];
  const stopping = earlyStopping({
    ...options,
    everySteps: 1,
    validate: () => {
      seen.push(weight());
      return losses[seen.length - 1];
    },
  });
  const batch = { x: [Float32Array.of(1)], y: [Float32Array.of(0)] };
  const history = await train(
    model,
    losses.map(() => batch),
    { loss: (output) => tf.mean(output), callbacks: [stopping] },
  );
  return { stopping, history, seen, final: weight() };
}

test("patience 2 stops at the second loss in a row that is not better, and restores the best", async () => {
  const { stopping, history, seen, final } = await run([5, 4, 4.5, 3, 3.1, 3.2, 1], {
    patience: 2,
  });
  assert.deepEqual(stopping.best, { step: 4, loss: 3 });
  assert.equal(stopping.stoppedAt, 6);
  assert.equal(history.length, 6);
  assert.deepEqual(
    history.map((row) => row.validationLoss),
    [5, 4, 4.5, 3, 3.1, 3.2],
  );
  assert.equal(final, seen[3]);
  assert.notEqual(final, seen[5]);
});

test("a fall by less than minDelta does not count as better", async () => {
  const losses = [5, 4.99, 4.98, 4.97];
  assert.equal((await run(losses, { patience: 2, minDelta: 0.1 })).stopping.stoppedAt, 3);
  assert.equal((await run(losses, { patience: 2 })).stopping.stoppedAt, undefined);
});

test("where patience lasts, the best weights come back at the end all the same", async () => {
  const { stopping, seen, final } = await run([2, 1, 3], { patience: 5 });
  assert.equal(stopping.stoppedAt, undefined);
  assert.equal(final, seen[1]);
});

test("NaN and options out of range are refused", async () => {
  await assert.rejects(run([Number.NaN], {}), /after step 1 is NaN/);
  const validate = () => 1;
  assert.throws(() => earlyStopping({ validate, patience: 0 }), /patience is 0/);
  assert.throws(() => earlyStopping({ validate, minDelta: -1 }), OptionError);
});
