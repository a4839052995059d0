import "./oneThread";
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import {
  EmptyEpochError,
  earlyStopping,
  latestCheckpoint,
  listCheckpoints,
  ready,
  reduceOnPlateau,
  tf,
  train,
} from "karenina";
import { batches, batchesPerEpoch, build, trained } from "./smallText";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "karenina-epochs-"));
before(() => ready());
after(() => fs.rmSync(folder, { recursive: true, force: true }));

async function emptyEpoch(running: Promise<unknown>): Promise<EmptyEpochError> {
  let thrown: unknown;
  await assert.rejects(running, (error) => {
    thrown = error;
    return error instanceof EmptyEpochError;
  });
  return thrown as EmptyEpochError;
}

test("a generator that serves the first epoch only is an error of the second, with the history", async () => {
  const checkpoints = { folder: path.join(folder, "used-up") };
  for (const makes of [() => batches(), () => batches()[Symbol.iterator]()]) {
    const generator = makes();
    const ended: number[] = [];
    const callbacks = [{ onTrainEnd: (rows: readonly unknown[]) => void ended.push(rows.length) }];
    const error = await emptyEpoch(
      train(build(1), () => generator, { epochs: 5, checkpoints, callbacks }),
    );
    assert.match(
      error.message,
      new RegExp(
        `Epoch 2 has no batches.*used up.*\\(\\) => sequenceBatches.*${batchesPerEpoch} steps`,
        "s",
      ),
    );
    assert.equal(error.history.length, batchesPerEpoch);
    assert.deepEqual(ended, [batchesPerEpoch]);
    assert.equal(listCheckpoints(checkpoints.folder).at(-1)!.step, batchesPerEpoch);
  }
});

test("a first epoch without batches is an error, before any callback looks at it", async () => {
  const used = batches();
  for (const _ of used) {
  }
  const nothing = async function* () {};
  const looks: string[] = [];
  const callbacks = () => [
    earlyStopping({ validate: () => looks.push("validated") }),
    reduceOnPlateau({ validate: () => looks.push("validated") }),
    { onEpochEnd: () => void looks.push("epoch"), onStep: () => void looks.push("step") },
  ];
  for (const [given, cause] of [
    [[], /array of batches is empty/],
    [() => [], /gave nothing to read/],
    [() => used, /read before is used up/],
    [() => nothing(), /gave nothing to read/],
  ] as const) {
    const error = await emptyEpoch(
      train(build(1), given as typeof batches, { callbacks: callbacks() }),
    );
    assert.match(error.message, /Epoch 1 has no batches/);
    assert.match(error.message, cause);
    assert.deepEqual(error.history, []);
  }
  assert.deepEqual(looks, []);
});

test("arrays of batches serve every epoch, and so does a function that hands one out", async () => {
  const all = [...batches()];
  for (const given of [all, () => all, () => batches()]) {
    const history = await train(build(1), given, { epochs: 3 });
    assert.equal(history.length, 3 * batchesPerEpoch);
  }
});

test("an epoch in the middle may not be empty either", async () => {
  const error = await emptyEpoch(
    train(build(1), (epoch) => (epoch === 3 ? [] : batches()), { epochs: 4 }),
  );
  assert.match(error.message, /Epoch 3/);
  assert.equal(error.history.length, 2 * batchesPerEpoch);
});

test("a function that gives no batches is refused, with what to give", async () => {
  const refused = (given: unknown, message: RegExp) =>
    assert.rejects(train(build(1), given as never), message);
  await refused(() => undefined, /gave undefined for epoch 1.*return missing/s);
  await refused(async () => [...batches()], /gave a Promise for epoch 1/);
  await refused(() => ({ x: 1, y: 2 }), /gave an Object for epoch 1/);
  await refused({ x: 1, y: 2 }, /neither an array nor a function.*`\[\{ x, y \}\]`/s);
});

test("resumed where nothing is left to do, a training says so instead of doing nothing", async () => {
  const checkpoints = { folder: path.join(folder, "finished") };
  await trained({ epochs: 1, checkpoints });
  const resume = latestCheckpoint(checkpoints.folder);
  await assert.rejects(trained({ epochs: 1, resume }), {
    name: "CheckpointError",
    message: /has made 1 epoch already, so that epochs: 1 .*totals/s,
  });
  await assert.rejects(trained({ epochs: 9, maxSteps: 4, resume }), /so that maxSteps: 4/);
  const { history } = await trained({ epochs: 2, resume });
  assert.equal(history.length, 2 * batchesPerEpoch);
});

test("resumed with fewer batches than the checkpoint has made of its epoch is an error", async () => {
  const checkpoints = { folder: path.join(folder, "fewer") };
  await trained({ maxSteps: 6, checkpoints });
  const resume = latestCheckpoint(checkpoints.folder);
  const few = () => [...batches()].slice(0, 4);
  await assert.rejects(train(build(1), few, { epochs: 2, resume }), {
    name: "CheckpointError",
    message: /after batch 6 of epoch 1, but now that epoch has only 4/,
  });
});

test("an epoch's error leaves no tensors behind", async () => {
  const run = async () => {
    const model = build(1);
    const generator = batches();
    await emptyEpoch(train(model, () => generator, { epochs: 2 }));
    model.dispose();
  };
  await run();
  const before = tf.memory().numTensors;
  await run();
  assert.equal(tf.memory().numTensors, before);
});

test("a training that has made its steps with an epoch's last batch asks for no epoch more", async () => {
  const asked: number[] = [];
  const make = (epoch: number) => {
    asked.push(epoch);
    return epoch <= 2 ? batches() : [];
  };
  const rows = await train(build(1), make, { epochs: 9, maxSteps: 2 * batchesPerEpoch });
  assert.equal(rows.length, 2 * batchesPerEpoch);
  assert.deepEqual(asked, [1, 2]);
});
