import "../training/oneThread";
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import {
  earlyStopping,
  latestCheckpoint,
  listCheckpoints,
  loadCheckpoint,
  modelFromCheckpoint,
  ready,
  sample,
  train,
} from "karenina";
import { run } from "../cli/commandProcess";
import { course } from "../cli/trainingCourse";
import { batches, build, trained, vocabulary, weightsOf } from "../training/smallText";

// Files that earlier versions wrote: `library` the option checkpoints of train (the network of smallText,
// 9 steps, early stopping every 2), `command` the command train, stopped by Ctrl-C after step 25.
const fixtures = path.join(__dirname, "fixtures");
const library = path.join(fixtures, "library");
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "karenina-former-"));
before(() => ready());
after(() => fs.rmSync(folder, { recursive: true, force: true }));

test("checkpoints of both former names are listed by step, beside those of now", async () => {
  const mixed = path.join(folder, "mixed");
  fs.cpSync(library, mixed, { recursive: true });
  fs.copyFileSync(
    path.join(fixtures, "command/checkpoint_20.safetensors"),
    path.join(mixed, "checkpoint_20.safetensors"),
  );
  fs.copyFileSync(latestCheckpoint(library), path.join(mixed, "i12.safetensors"));
  assert.deepEqual(
    listCheckpoints(mixed).map(({ name, step }) => ({ name, step })),
    [
      { name: "i4_l12", step: 4 },
      { name: "i9_l12", step: 9 },
      { name: "i12", step: 12 },
      { name: "checkpoint_20", step: 20 },
    ],
  );
  assert.equal(path.basename(latestCheckpoint(library)), "i9_l12.safetensors");
});

test("the best of a former training is read, and lets a network write", async () => {
  const best = path.join(library, "best.safetensors");
  const checkpoint = loadCheckpoint(best);
  assert.equal(checkpoint.position.step, 6);
  assert.equal(checkpoint.history.at(-1)!.validationLoss, 3);
  const text = await sample(best, { prime: "all", length: 9 });
  assert.match(text, /^all[a-z ;.]{9}$/);
});

test("a former checkpoint is resumed from: what it remembers, and its course", async () => {
  const file = latestCheckpoint(library);
  const former = loadCheckpoint(file);
  assert.deepEqual(former.callbacks!.get("earlyStopping")!.values, {
    best: { step: 6, loss: 3 },
    withoutBetter: 1,
  });
  assert.equal(former.optimizer!.config.kind, "adam");
  // One more validation without a better loss: the fifth step of patience is not used up before.
  const stopping = earlyStopping({ validate: () => 4, everySteps: 2, patience: 2 });
  const { history } = await trained({ epochs: 3, resume: former, callbacks: [stopping] }, 99);
  assert.deepEqual(stopping.best, { step: 6, loss: 3 });
  assert.equal(stopping.stoppedAt, 10);
  assert.deepEqual(history.slice(0, 9), former.history);
});

test("a former checkpoint goes on where this version would have been", async () => {
  const former = loadCheckpoint(path.join(library, "i4_l12.safetensors"));
  const whole = await trained({ epochs: 2 });
  const resumed = build(99);
  const history = await train(resumed, batches, { epochs: 2, resume: former });
  const network = await modelFromCheckpoint(former);
  assert.notDeepEqual(weightsOf(resumed), weightsOf(network));
  assert.equal(history.length, whole.history.length);
  // Processors round differently, and these weights came from another machine.
  for (const [i, { loss }] of history.entries()) {
    assert.ok(Math.abs(loss - whole.history[i].loss) < 1e-3, `step ${i + 1}`);
  }
  assert.deepEqual(former.vocabulary?.symbols, vocabulary.symbols);
});

test("a training that the former command left is brought to its end by this one", async () => {
  const cv = path.join(folder, "work/moved");
  fs.cpSync(path.join(fixtures, "command"), cv, { recursive: true });
  const { code, stderr, stdout } = await run(path.dirname(cv), ["train", "--init-from", "moved"]);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /saved moved\/checkpoint_58\.safetensors/);
  const { history } = course(path.join(cv, "checkpoint_58.safetensors")) as {
    history: Record<string, number[]>;
  };
  const before = JSON.parse(fs.readFileSync(path.join(cv, "checkpoint_25.json"), "utf8"));
  assert.equal(history.train_loss_history.length, 58);
  assert.deepEqual(history.train_loss_history.slice(0, 25), before.train_loss_history);
  assert.deepEqual(history.val_loss_history_it, [20, 40, 58]);
  assert.equal(history.val_loss_history[0], before.val_loss_history[0]);
});
