import "./oneThread";
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import {
  type HistoryRow,
  listCheckpoints,
  loadCheckpoint,
  ready,
  type TrainingCallback,
} from "karenina";
import { batchesPerEpoch, trained } from "./smallText";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "karenina-best-"));
before(() => ready());
after(() => fs.rmSync(folder, { recursive: true, force: true }));

/** A validation whose results are given by step. */
const scripted = (losses: Record<number, number>): TrainingCallback => ({
  onStep(row) {
    if (row.step in losses) row.validationLoss = losses[row.step];
  },
});

const bestStep = (name: string) =>
  loadCheckpoint(path.join(folder, name, "checkpoint_best.safetensors")).position.step;

test("the step with the lowest validation loss is kept", async () => {
  const checkpoints = { folder: path.join(folder, "validation"), best: "validationLoss" } as const;
  const callbacks = [scripted({ 2: 3, 4: 2, 6: 2.5, 8: 2 })];
  const { history } = await trained({ maxSteps: 9, checkpoints, callbacks });
  assert.equal(bestStep("validation"), 4);
  assert.equal(history[3].validationLoss, 2);
  // It is none of the training's course.
  assert.deepEqual(
    listCheckpoints(checkpoints.folder).map(({ step }) => step),
    [9],
  );
});

test("by training loss, the mean since the last checkpoint counts", async () => {
  const checkpoints = { folder: path.join(folder, "loss"), best: "loss", every: 3 } as const;
  const { history } = await trained({ epochs: 3, maxSteps: 14, checkpoints });
  const means = [3, 6, 9, 12].map((end) => ({ end, mean: mean(history.slice(end - 3, end)) }));
  const best = means.reduce((a, b) => (b.mean < a.mean ? b : a));
  assert.equal(bestStep("loss"), best.end);
});

test("without a number of steps, it is the mean over an epoch", async () => {
  const checkpoints = { folder: path.join(folder, "epochs"), best: "loss" } as const;
  const { history } = await trained({ epochs: 3, checkpoints });
  const means = [1, 2, 3].map((epoch) => mean(history.filter((row) => row.epoch === epoch)));
  assert.equal(bestStep("epochs"), (means.indexOf(Math.min(...means)) + 1) * batchesPerEpoch);
});

test("a resumed training knows how good the best was", async () => {
  const checkpoints = { folder: path.join(folder, "resumed"), best: "validationLoss" } as const;
  const callbacks = [scripted({ 2: 1, 5: 3, 7: 2 })];
  await trained({ maxSteps: 4, checkpoints, callbacks });
  const [{ file }] = listCheckpoints(checkpoints.folder);
  await trained({ maxSteps: 8, checkpoints, callbacks, resume: file });
  assert.equal(bestStep("resumed"), 2);
});

function mean(rows: readonly HistoryRow[]): number {
  return rows.reduce((sum, { loss }) => sum + loss, 0) / rows.length;
}
