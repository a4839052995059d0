import "../oneThread";
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import {
  type Checkpoint,
  type CheckpointStore,
  checkpoints,
  earlyStopping,
  type HistoryRow,
  listCheckpoints,
  loadCheckpoint,
  ready,
  type TrainingCallback,
  TrainingStopped,
  type TrainOptions,
} from "karenina";
import { batchesPerEpoch, trained, vocabulary, weightsOf } from "../smallText";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "karenina-kept-"));
before(() => ready());
after(() => fs.rmSync(folder, { recursive: true, force: true }));

/** A validation whose results are given by step. */
const scripted = (losses: Record<number, number>): TrainingCallback => ({
  onStep({ step }, _model, { record }) {
    record({ validationLoss: losses[step] });
  },
});

const bestStep = (name: string) =>
  loadCheckpoint(path.join(folder, name, "checkpoint_best.safetensors")).position.step;

test("the step with the lowest validation loss is kept", async () => {
  const place = path.join(folder, "validation");
  const losses = scripted({ 2: 3, 4: 2, 6: 2.5, 8: 2 });
  const callbacks = [checkpoints(place, { best: "validationLoss" }), losses];
  const { history } = await trained({ maxSteps: 9, callbacks });
  assert.equal(bestStep("validation"), 4);
  assert.equal(history[3].validationLoss, 2);
  // It is none of the training's course.
  assert.deepEqual(
    listCheckpoints(place).map(({ step }) => step),
    [9],
  );
});

test("by training loss, the mean since the last checkpoint counts", async () => {
  const callbacks = [checkpoints(path.join(folder, "loss"), { best: "loss", every: 3 })];
  const { history } = await trained({ epochs: 3, maxSteps: 14, callbacks });
  const means = [3, 6, 9, 12].map((end) => ({ end, mean: mean(history.slice(end - 3, end)) }));
  const best = means.reduce((a, b) => (b.mean < a.mean ? b : a));
  assert.equal(bestStep("loss"), best.end);
});

test("without a number of steps, it is the mean over an epoch", async () => {
  const callbacks = [checkpoints(path.join(folder, "epochs"), { best: "loss" })];
  const { history } = await trained({ epochs: 3, callbacks });
  const means = [1, 2, 3].map((epoch) => mean(history.filter((row) => row.epoch === epoch)));
  assert.equal(bestStep("epochs"), (means.indexOf(Math.min(...means)) + 1) * batchesPerEpoch);
});

test("a resumed training knows how good the best was", async () => {
  const place = path.join(folder, "resumed");
  const callbacks = [
    scripted({ 2: 1, 5: 3, 7: 2 }),
    checkpoints(place, { best: "validationLoss" }),
  ];
  await trained({ maxSteps: 4, callbacks });
  const [{ file }] = listCheckpoints(place);
  await trained({ maxSteps: 8, callbacks, resume: loadCheckpoint(file) });
  assert.equal(bestStep("resumed"), 2);
});

/** A store that is no folder. */
function shelf() {
  const kept = new Map<string, Checkpoint>();
  const store: CheckpointStore = {
    save: async (name, checkpoint) => void kept.set(name, checkpoint),
    remove: (name) => void kept.delete(name),
  };
  return { kept, store };
}

test("as many as asked for stay, the best besides, under the name that was given", async () => {
  const place = path.join(folder, "few");
  const few = checkpoints(place, { every: 2, keep: 2, best: "validationLoss", name: "run" });
  await trained({ maxSteps: 9, callbacks: [few, scripted({ 2: 1 })] });
  assert.deepEqual(fs.readdirSync(place).sort(), [
    "run_8.safetensors",
    "run_9.safetensors",
    "run_best.safetensors",
  ]);
});

test("a store of one's own gets what a file would hold, and later steps do not change it", async () => {
  const { kept, store } = shelf();
  const place = path.join(folder, "both");
  const every = { every: 3, vocabulary };
  await trained({ maxSteps: 7, callbacks: [checkpoints(store, every), checkpoints(place, every)] });
  assert.deepEqual([...kept.keys()], ["checkpoint_3", "checkpoint_6", "checkpoint_7"]);
  for (const [name, checkpoint] of kept) {
    const { vocabulary: symbols, ...file } = loadCheckpoint(
      path.join(place, `${name}.safetensors`),
    );
    const { vocabulary: own, ...held } = checkpoint;
    assert.deepEqual(held, file);
    assert.deepEqual(own?.symbols, symbols?.symbols);
  }
});

test("wherever it stands, a checkpoint holds what all callbacks have made of the step", async () => {
  const watched = (callback: TrainingCallback, first: boolean): TrainOptions => {
    const losses = [5, 4, 3, 3.5, 3.6, 3.7];
    let looks = 0;
    const stopping = earlyStopping({
      validate: () => losses[looks++] ?? 9,
      everySteps: 2,
      patience: 2,
    });
    const follows: TrainingCallback = {
      onTrainBegin({ step }) {
        looks = step / 2;
      },
    };
    return { callbacks: first ? [callback, follows, stopping] : [follows, stopping, callback] };
  };
  const whole = await trained({ epochs: 2, ...watched({ onStep() {} }, true) });
  assert.equal(whole.history.length, 10, "early stopping ended it");
  for (const first of [true, false]) {
    const { kept, store } = shelf();
    await trained({ maxSteps: 4, ...watched(checkpoints(store), first) });
    const resume = kept.get("checkpoint_4")!;
    const resumed = await trained({ epochs: 2, ...watched({ onStep() {} }, first), resume }, 99);
    assert.equal(resumed.history.length, 10);
    assert.deepEqual(weightsOf(resumed.model), weightsOf(whole.model));
  }
});

test("a training that is stopped says where it goes on from, in the words of its store", async () => {
  const controller = new AbortController();
  const { kept, store } = shelf();
  const placeOf = (name: string) => `shelf ${name}`;
  const stop: TrainingCallback = {
    onStep: ({ step }) => (step === 3 ? controller.abort() : undefined),
  };
  const callbacks = [checkpoints({ ...store, placeOf }), stop];
  await assert.rejects(trained({ callbacks, signal: controller.signal }), (error) => {
    assert.ok(error instanceof TrainingStopped);
    assert.equal(error.step, 3);
    assert.match(error.message, /after step 3\. Go on from there .*resume: "shelf checkpoint_3"/);
    return true;
  });
  assert.deepEqual([...kept.keys()], ["checkpoint_3"]);
});

test("where a checkpoint can't be kept, the training ends with the reason, and no other is tried", async () => {
  let tries = 0;
  const store: CheckpointStore = {
    save() {
      tries++;
      throw new Error("the shelf broke");
    },
  };
  await assert.rejects(
    trained({ callbacks: [checkpoints(store, { every: 2 })] }),
    /the shelf broke/,
  );
  assert.equal(tries, 1);
});

test("the former options make the callback, and load the file", async () => {
  const place = path.join(folder, "former");
  const { history } = await trained({ maxSteps: 5, checkpoints: { folder: place, every: 2 } });
  const files = listCheckpoints(place);
  assert.deepEqual(
    files.map(({ name }) => name),
    ["checkpoint_2", "checkpoint_4", "checkpoint_5"],
  );
  const resumed = await trained({ maxSteps: 5, resume: files[1].file }, 99);
  const lossesOf = (rows: readonly HistoryRow[]) => rows.map(({ loss }) => loss);
  assert.deepEqual(lossesOf(resumed.history), lossesOf(history));
});

test("places and options out of range are refused", () => {
  const refused = (place: unknown, options: object, message: RegExp) =>
    assert.throws(() => checkpoints(place as never, options), { name: "OptionError", message });
  refused("", {}, /given the text "" as its place/);
  refused(undefined, {}, /given undefined as its place.*save\(name, checkpoint\)/s);
  refused({ save() {} }, { keep: 2 }, /remove\(name\)/);
  refused("run", { every: 0 }, /every of checkpoints is 0/);
  refused("run", { keep: 1.5 }, /keep of checkpoints is 1\.5/);
  refused("run", { best: "accuracy" }, /best of checkpoints is "accuracy"/);
  refused("run", { name: "" }, /name of checkpoints is ""/);
});

function mean(rows: readonly HistoryRow[]): number {
  return rows.reduce((sum, { loss }) => sum + loss, 0) / rows.length;
}
