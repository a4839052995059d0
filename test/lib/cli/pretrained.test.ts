import assert from "node:assert/strict";
import fs from "node:fs";
import { test } from "node:test";
import { loadCheckpoint } from "../../../lib/checkpoints/checkpointFiles";
import { PRETRAINED, pretrainedFile } from "../../../lib/models/pretrained";
import { run, workFolder } from "./commandProcess";

test("the networks that come with the library are small, and know their characters", () => {
  for (const name of PRETRAINED) {
    assert.ok(fs.statSync(pretrainedFile(name)).size < 5e6, name);
    const { vocabulary, optimizer } = loadCheckpoint(pretrainedFile(name));
    assert.ok(vocabulary!.size > 80, name);
    assert.equal(optimizer, undefined);
  }
});

test("a name that none of them has is reported", () => {
  assert.throws(() => pretrainedFile("presidentes"), /"presidentes".*anna-karenina, presidents/);
});

test("without a checkpoint of one's own, the first of them writes", async (t) => {
  const args = ["sample", "--length", "60", "--seed", "1"];
  const { code, stdout, stderr } = await run(workFolder(t), args);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /Sampling from anna-karenina, a network that comes with this/);
  assert.match(stdout, /\p{Script=Cyrillic}{3}/u);
});

test("each of them writes more letters than other characters, under its name", async (t) => {
  for (const name of PRETRAINED) {
    const args = ["sample", "--checkpoint", name, "--length", "100", "--temperature", "0.5"];
    // After a rare character and nothing else, the presidents' network is at a loss for words.
    args.push("--start-text", "A ", "--seed", "1");
    const { code, stdout, stderr } = await run(workFolder(t), args);
    assert.equal(code, 0, stderr);
    assert.ok(stdout.match(/\p{L}/gu)!.length > 50, stdout);
  }
});
