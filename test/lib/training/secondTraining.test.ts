import "./oneThread";
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import {
  adam,
  displayTo,
  earlyStopping,
  follow,
  latestCheckpoint,
  live,
  liveHistory,
  loadCheckpoint,
  ready,
  type TrainingCallback,
  tf,
  train,
  updateRatios,
  writeSamples,
} from "karenina";
import { batches, build, trained, vocabulary, weightsOf } from "./smallText";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "karenina-second-"));
before(() => ready());
after(() => fs.rmSync(folder, { recursive: true, force: true }));

/** Validates every two steps by a script, and keeps the weights of each look. */
function scripted(patience: number) {
  let script: number[] = [];
  let looks = 0;
  const seen: number[][][] = [];
  let model: tf.LayersModel;
  const stopping = earlyStopping({
    validate() {
      seen.push(weightsOf(model));
      return script[looks++];
    },
    everySteps: 2,
    patience,
  });
  const run = async (losses: number[]) => {
    script = losses;
    looks = 0;
    seen.length = 0;
    model = build(losses.length);
    const history = await train(model, batches, {
      epochs: 9,
      maxSteps: 2 * losses.length,
      callbacks: [stopping],
    });
    return { looks, history, best: stopping.best, stoppedAt: stopping.stoppedAt };
  };
  return { run, seen, final: () => weightsOf(model), dispose: () => model.dispose() };
}

for (const [name, first] of [
  ["was stopped", [5, 1, 2, 3]],
  ["used up its epochs", [5, 4, 3]],
] as const) {
  for (const second of [
    [4, 3, 2, 1.5],
    [9, 8, 7, 6, 6.5, 6.6, 1],
    [0.9, 0.8, 0.7],
    [7, 8, 9, 1],
  ]) {
    test(`after a training that ${name}, early stopping sees ${second} afresh`, async () => {
      const once = scripted(2);
      const expected = await once.run(second);
      const twice = scripted(2);
      await twice.run([...first]);
      const actual = await twice.run(second);
      assert.deepEqual(
        [actual.looks, actual.best, actual.stoppedAt, actual.history.length],
        [expected.looks, expected.best, expected.stoppedAt, expected.history.length],
      );
      assert.deepEqual(twice.final(), once.final());
      assert.deepEqual(twice.final(), twice.seen[actual.best!.step / 2 - 1]);
    });
  }
}

test("after a training that broke down, early stopping begins afresh and leaves no tensors", async () => {
  const { run, dispose } = scripted(2);
  await run([5, 4]);
  dispose();
  const before = tf.memory().numTensors;
  await assert.rejects(run([3, undefined as never]), /loss after step 4 is undefined/);
  dispose();
  assert.deepEqual((await run([9, 8, 7])).best, { step: 6, loss: 7 });
  dispose();
  assert.equal(tf.memory().numTensors, before);
});

test("an answer that is no finite number is refused, whatever it is", async () => {
  for (const bad of [undefined, null, "1", Number.NaN, Number.POSITIVE_INFINITY, {}, [1]]) {
    const { run } = scripted(1);
    await assert.rejects(run([bad as never]), /validation loss after step 2 is .*finite number/s);
  }
  assert.throws(() => earlyStopping({} as never), /validate is undefined/);
  assert.throws(() => earlyStopping({ validate: () => 1, everySteps: 0 }), /everySteps is 0/);
});

test("samples are those of the latest training, and of a resumed one also those before", async () => {
  const samples = writeSamples({ vocabulary, every: 2, length: 3, show: () => {} });
  const steps = () => samples.samples.map(({ step }) => step);
  const checkpoints = { folder: path.join(folder, "samples"), every: 4 };
  await trained({ maxSteps: 6, callbacks: [samples], checkpoints });
  assert.deepEqual(steps(), [2, 4, 6]);
  await trained({ maxSteps: 4, callbacks: [samples] });
  assert.deepEqual(steps(), [2, 4]);
  const file = latestCheckpoint(checkpoints.folder);
  await trained({ maxSteps: 6, callbacks: [samples] });
  await trained({ maxSteps: 8, callbacks: [samples], resume: file });
  assert.deepEqual(steps(), [2, 4, 6, 8]);
});

test("update ratios, displays and best checkpoints of a second training are its own", async () => {
  const ratios = updateRatios({ every: 3 });
  const calls: string[] = [];
  const display = {
    begin: () => void calls.push("begin"),
    update: ({ step }: { step: number }) => void calls.push(`row ${step}`),
    done: () => void calls.push("done"),
  };
  const followed = follow(display);
  const checkpoints = { folder: path.join(folder, "best"), best: "loss" as const, every: 2 };
  for (let training = 0; training < 2; training++) {
    const { history } = await trained({ maxSteps: 4, callbacks: [ratios, followed], checkpoints });
    const rows = history.filter((row) => row.updateRatios);
    assert.deepEqual(
      rows.map(({ step }) => step),
      [3],
    );
    const kept = loadCheckpoint(path.join(checkpoints.folder, "checkpoint_best.safetensors"));
    assert.equal(kept.position.step, 4);
  }
  const once = ["begin", "row 1", "row 2", "row 3", "row 4", "done"];
  assert.deepEqual(calls, [...once, ...once]);
});

for (const [name, make] of [
  ["live", () => live({ title: "Twice" }) as TrainingCallback],
  ["follow(liveHistory)", () => follow(liveHistory({ title: "Twice" }))],
] as const) {
  test(`${name} draws a second training from its beginning`, async () => {
    const shown = new Map<string, string>();
    const restore = displayTo({
      kind: "notebook",
      show: (bundle, { id }) => void (id && shown.set(id, String(bundle["text/plain"]))),
    });
    try {
      const callback = make();
      await trained({ maxSteps: 3, callbacks: [callback] });
      await trained({ maxSteps: 2, callbacks: [callback] });
    } finally {
      restore();
    }
    const outputs = [...shown.values()];
    assert.equal(outputs.length, 2, JSON.stringify(outputs));
    assert.match(outputs[0], /^Twice: step 3 .*Twice: 3 rows/s);
    assert.match(outputs[1], /^Twice: step 2 .*Twice: 2 rows/s);
  });
}

test("a schedule's rates end with its training", async () => {
  const optimizer = adam({ learningRate: 0.01 });
  const model = build(1);
  await train(model, batches, { maxSteps: 3, optimizer, schedule: (step) => 0.1 / (step + 1) });
  assert.equal(optimizer.learningRate, 0.01);
  const [row] = await train(model, batches, { maxSteps: 1, optimizer });
  assert.equal(row.learningRate, 0.01);
});
