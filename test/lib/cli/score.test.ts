import assert from "node:assert/strict";
import fs from "node:fs";
import * as path from "node:path";
import { test } from "node:test";
import "../../../lib/engine/native/register";
import { score } from "karenina";
import { ready } from "../../../lib/engine/tensorflow";
import { pretrainedFile } from "../../../lib/models/pretrained";
import { run, start, workFolder } from "./commandProcess";

const TEXT = "My fellow Americans, we meet tonight. [Applause] We will work for peace.\n";

test("a text is scored by a network: nats, bits, perplexity, as the library has them", async (t) => {
  const folder = workFolder(t);
  fs.writeFileSync(path.join(folder, "speech.txt"), `\uFEFF${TEXT}`);
  await ready();
  const expected = await score(pretrainedFile("presidents"), TEXT);
  const args = ["score", "-checkpoint", "presidents", "-input_txt", "speech.txt"];
  const [whole, cleaned] = await Promise.all([
    run(folder, args),
    run(folder, [...args, "--remove-marks"]),
  ]);
  assert.equal(whole.code, 0, whole.stderr);
  const { nats, bits, perplexity, symbols } = expected;
  assert.match(whole.stdout, new RegExp(`presidents on speech\\.txt: ${symbols} characters`));
  const [, ...told] = /^(\S+) nats a character, (\S+) bits a character, perplexity (\S+)$/m.exec(
    whole.stdout,
  )!;
  [nats, bits, perplexity].forEach((value, i) => {
    assert.ok(Math.abs(Number(told[i]) - value) < 1e-4 * value, `${told[i]} for ${value}`);
  });
  assert.match(cleaned.stdout, new RegExp(`: ${symbols - " [Applause]".length} characters`));
});

test("unknown characters are named, or left out and counted", async (t) => {
  const folder = workFolder(t);
  fs.writeFileSync(path.join(folder, "mixed.txt"), `${TEXT}日本 日${TEXT}`);
  const args = ["score", "--checkpoint", "presidents", "--input-txt", "mixed.txt"];
  const [refused, skipped] = await Promise.all([
    run(folder, args),
    run(folder, [...args, "--unknown", "skip"]),
  ]);
  assert.equal(refused.code, 1);
  assert.match(
    refused.stderr,
    /^"日" \(U\+65E5\), character 74 of the text, .*--unknown skip\.\n$/,
  );
  assert.equal(refused.stdout, "");
  assert.equal(skipped.code, 0, skipped.stderr);
  assert.match(skipped.stdout, /^3 characters were left out, .*: "日" 2, "本" 1$/m);
});

test("what cannot be scored is refused in a paragraph", async (t) => {
  const folder = workFolder(t);
  fs.writeFileSync(path.join(folder, "short.txt"), "a");
  fs.writeFileSync(path.join(folder, "text.txt"), TEXT);
  const cases: [args: string[], message: RegExp, code: number][] = [
    [[], /No text is given\. .*--input-txt FILE/, 2],
    [["--input-txt", "short.txt"], /fewer than two symbols/, 1],
    [["--input-txt", "none.txt"], /none\.txt/, 1],
    [["--input-txt", "text.txt", "--checkpoint", "text.txt"], /not begin like a safetensors/, 1],
    [["--input-txt", "text.txt", "--checkpoint", ""], /--checkpoint has an empty value/, 2],
    [["--input-txt", "text.txt", "--unknown", "x"], /Allowed choices are refuse, skip/, 2],
    [["text.txt"], /A text file is named by --input-txt/, 2],
  ];
  for (const [args, message, code] of cases) {
    const outcome = await run(folder, ["score", ...args]);
    assert.match(outcome.stderr, message);
    assert.equal(outcome.code, code, outcome.stderr);
    assert.doesNotMatch(outcome.stderr, /^\s+at /m);
    assert.equal(outcome.stdout, "");
  }
});

test("Ctrl-C ends it, and a part has no score", async (t) => {
  const folder = workFolder(t);
  fs.writeFileSync(path.join(folder, "long.txt"), TEXT.repeat(200_000));
  const running = start(
    folder,
    ["score", "--checkpoint", "presidents", "--input-txt", "long.txt"],
    {
      node: ["-r", path.join(__dirname, "interruptSoon.cjs")],
    },
  );
  const { code, stdout, stderr } = await running.ended;
  assert.equal(code, 130, stderr);
  assert.equal(stdout, "");
  assert.match(stderr, /Stopped before the end of the text/);
});
