import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import * as path from "node:path";
import { type TestContext, test } from "node:test";
import { loadCheckpoint } from "../../../lib/checkpoints/checkpointFiles";
import { namesIn, nodeArguments, run, smallTraining, someText, workFolder } from "./commandProcess";

/** A disk of one megabyte, where a test may mount one. */
function smallDisk(t: TestContext): string | undefined {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "karenina-disk-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], { stdio: "ignore" });
  } catch {
    fs.rmdirSync(folder);
    t.skip("mounting a small disk is not allowed here");
    return undefined;
  }
  t.after(() => {
    execFileSync("umount", [folder]);
    fs.rmdirSync(folder);
  });
  return folder;
}

test("on a full disk preprocess says so, and an older data file stays", async (t) => {
  const disk = smallDisk(t);
  if (!disk) {
    return;
  }
  const folder = workFolder(t);
  fs.writeFileSync(path.join(folder, "text.txt"), someText(3_000_000));
  fs.writeFileSync(path.join(disk, "text.data"), "older");
  const { code, stderr } = await run(folder, [
    "preprocess",
    "--input-txt",
    "text.txt",
    "--output-data",
    path.join(disk, "text.data"),
    "--output-json",
    path.join(disk, "text.json"),
  ]);
  assert.equal(code, 1);
  assert.match(stderr, /text\.data could not be written: the disk is full/);
  assert.deepEqual(namesIn(disk), ["text.data"]);
  assert.equal(fs.readFileSync(path.join(disk, "text.data"), "utf8"), "older");
});

test("when the disk fills up, a training ends, keeps its last whole checkpoint, and goes on with space", async (t) => {
  const disk = smallDisk(t);
  if (!disk) {
    return;
  }
  const folder = workFolder(t);
  const name = path.join(disk, "cv/checkpoint");
  const { code, stderr } = await run(folder, [
    ...smallTraining(folder),
    "--max-epochs",
    "2",
    "--checkpoint-every",
    "10",
    "--rnn-size",
    "64",
    "--checkpoint-name",
    name,
  ]);
  assert.equal(code, 1);
  assert.match(
    stderr,
    /could not be written: the disk is full.*Go on from step \d+ with.*--init-from \S+/,
  );
  const [, last] = /--init-from (\S+)/.exec(stderr) ?? [];
  const { step } = loadCheckpoint(last).position;
  assert.ok(step >= 10 && step < 118);
  const names = namesIn(disk, "cv").filter((each) => !each.endsWith(".data"));
  assert.ok(!names.some((each) => /part|lock/.test(each)), names.join());
  // A history stands beside every checkpoint, and beside nothing else.
  assert.equal(names.filter((each) => each.endsWith(".json")).length * 2, names.length);

  const elsewhere = ["--checkpoint-name", path.join(folder, "cv/more")];
  const goesOn = await run(folder, ["train", "--init-from", last, ...elsewhere]);
  assert.equal(goesOn.code, 0, goesOn.stderr);
  assert.ok(fs.existsSync(path.join(folder, "cv/more_118.safetensors")));
});

test("where what a command prints finds no space, it says so; a training comes to its end", {
  skip: fs.existsSync("/dev/full") ? false : "there is no /dev/full here",
}, async (t) => {
  const folder = workFolder(t);
  const full = fs.openSync("/dev/full", "w");
  t.after(() => fs.closeSync(full));
  const printed = async (args: readonly string[]) => {
    const child = spawn(process.execPath, [...nodeArguments, ...args], {
      cwd: folder,
      stdio: ["ignore", full, "pipe"],
    });
    let stderr = "";
    child.stderr!.setEncoding("utf8").on("data", (text) => {
      stderr += text;
    });
    const [code] = await once(child, "close");
    assert.equal(code, 1, stderr);
    assert.match(stderr, /Nothing more can be written to stdout: ENOSPC/);
    assert.doesNotMatch(stderr, /^\s+at /m);
  };
  await printed([...smallTraining(folder), "--max-epochs", "1", "--print-every", "5"]);
  const { position } = loadCheckpoint(path.join(folder, "cv/checkpoint_59.safetensors"));
  assert.equal(position.step, 59);
  await printed(["sample", "--length", "1000000000"]);
});
