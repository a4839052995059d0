import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { listCheckpoints, loadCheckpoint } from "../../../lib/checkpoints/checkpointFiles";
import { namesIn, run, smallTraining, start, workFolder } from "../../lib/cli/commandProcess";
import { course } from "../../lib/cli/trainingCourse";
import { killsOf, randomFor } from "../settings";
import { killAfter } from "./killing";

/** What a folder may never hold, whenever its training was killed: half a file under its own name. */
function requireWhole(cv: string): void {
  for (const { file, step } of listCheckpoints(cv)) {
    assert.equal(loadCheckpoint(file).position.step, step);
    assert.ok(fs.existsSync(file.replace(".safetensors", ".json")), `${file} has its history`);
  }
  for (const name of namesIn(cv).filter((each) => each.endsWith(".json"))) {
    JSON.parse(fs.readFileSync(path.join(cv, name), "utf8"));
  }
}

interface Killing {
  kills: number;
  name: string;
  /** Options of all trainings. */
  options: string[];
  steps: number;
  /** How much of its life, in milliseconds after the first step is reported, a process has at most. */
  life: number;
}

/**
 * Trains again and again, killing each process at a random moment; a training that got to its end
 * is compared to one that was never killed.
 */
async function trainAndKill(t: TestContext, { kills, name, options, steps, life }: Killing) {
  const random = randomFor(name);
  const last = `cv/checkpoint_${steps}.safetensors`;
  const whole = workFolder(t);
  const command = [...smallTraining(whole), ...options, "--print-every", "1"];
  command.push("--output-model", "alone.safetensors");
  const uninterrupted = await run(whole, command);
  assert.equal(uninterrupted.code, 0, uninterrupted.stderr);
  const wanted = course(path.join(whole, last));
  const names = namesIn(whole, "cv");

  let killed = 0;
  let finished = 0;
  while (killed < kills || finished === 0) {
    const parts = workFolder(t);
    smallTraining(parts);
    const cv = path.join(parts, "cv");
    // A training gets to its end after a few kills, so that many are compared.
    for (let left = Math.min(kills - killed, 1 + Math.floor(random() * 12)); ; left--) {
      const goesOn = listCheckpoints(cv).length > 0;
      const args = goesOn
        ? ["train", "--init-from", "cv", "--output-model", "alone.safetensors"]
        : command;
      const running = start(parts, args);
      if (left > 0) {
        // Once in five times while it starts, else while it trains.
        const early = random() < 0.2;
        if (!early) {
          await running.says(/i = |has made all/).catch(() => {});
        }
        if (await killAfter(running.child, random() * (early ? 1500 : life))) {
          killed++;
        }
        await running.ended;
        requireWhole(cv);
        if (running.child.signalCode === "SIGKILL") {
          continue;
        }
      }
      const { code, stderr } = await running.ended;
      assert.equal(code, 0, stderr);
      break;
    }
    requireWhole(cv);
    assert.deepEqual(course(path.join(parts, last)), wanted, "bit for bit as never killed");
    assert.deepEqual(namesIn(cv), names, "nothing is left lying about");
    const alone = (folder: string) => loadCheckpoint(path.join(folder, "alone.safetensors"));
    assert.deepEqual(alone(parts).weights, alone(whole).weights);
    assert.deepEqual(
      namesIn(parts).filter((each) => each !== "cv"),
      ["alone.safetensors", "text.txt"],
    );
    finished++;
    fs.rmSync(parts, { recursive: true });
  }
  t.diagnostic(`${killed} trainings killed, ${finished} brought to their end`);
}

test("a training that is killed goes on, and ends as one that never was", async (t) => {
  await trainAndKill(t, {
    kills: killsOf("training"),
    name: "training",
    life: 600,
    steps: 118,
    options: ["--max-epochs", "2", "--checkpoint-every", "13", "--dropout", "0.2"],
  });
});

test("killed while it writes checkpoints, a training has whole ones, and goes on from the last", async (t) => {
  await trainAndKill(t, {
    kills: killsOf("checkpointing"),
    name: "checkpointing",
    life: 900,
    steps: 59,
    options: ["--max-epochs", "1", "--checkpoint-every", "1", "--rnn-size", "60"],
  });
});
