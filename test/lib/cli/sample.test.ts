import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import * as path from "node:path";
import { after, before, test } from "node:test";
import { ready, saveModel, setSeed, transformer, Vocabulary } from "karenina";
import {
  nodeArguments,
  type Outcome,
  run,
  smallTraining,
  start,
  workFolder,
} from "./commandProcess";

let folder: string;
let cleanUp = () => {};

before(async () => {
  folder = workFolder({ after: (remove: () => void) => (cleanUp = remove) } as never);
  const options = ["--max-epochs", "1", "--checkpoint-every", "30"];
  const { code, stderr } = await run(folder, [...smallTraining(folder), ...options]);
  assert.equal(code, 0, stderr);
});
after(() => cleanUp());

function assertRefused({ code, stdout, stderr }: Outcome, message: RegExp, status = 1): void {
  assert.match(stderr, message);
  assert.equal(code, status);
  assert.equal(stdout, "");
  assert.doesNotMatch(stderr, /^\s+at /m);
}

test("a sample is the start text and as many characters as asked for; a seed repeats it", async () => {
  const args = ["sample", "-length", "40", "-start_text", "über ", "-seed", "5", "-gpu", "-1"];
  const [first, again, other] = await Promise.all([
    run(folder, args),
    run(folder, [...args, "--checkpoint", "cv/checkpoint_59.safetensors"]),
    run(folder, [...args, "--checkpoint", "cv/checkpoint_30.safetensors"]),
  ]);
  assert.equal(first.code, 0, first.stderr);
  assert.match(first.stdout, /^über [\s\S]{40}\n$/);
  assert.match(first.stderr, /Sampling from cv\/checkpoint_59\.safetensors, the latest/);
  assert.equal(again.stdout, first.stdout);
  assert.notEqual(other.stdout, first.stdout);
});

test("-sample 0 takes the likeliest character whatever seed and temperature", async () => {
  const args = ["sample", "--checkpoint", "cv", "--length", "30", "--start-text", "moon"];
  const [one, two] = await Promise.all([
    run(folder, [...args, "-sample", "0", "--seed", "1"]),
    run(folder, [...args, "-sample=0", "--seed", "2", "--temperature", "3", "-verbose", "1"]),
  ]);
  assert.equal(one.stdout, two.stdout);
  assert.match(two.stderr, /after 59 steps, 22 characters/);
});

test("of one likeliest, of a tiny nucleus and with a beam of one, a sample is greedy", async () => {
  const args = ["sample", "--checkpoint", "cv", "--length", "25", "--start-text", "moon"];
  const ways = [
    ["-sample", "0"],
    ["-top_k", "1"],
    ["--top-p", "0.0001"],
    ["--beam-width", "1"],
  ];
  const [greedy, ...others] = await Promise.all(ways.map((way) => run(folder, [...args, ...way])));
  assert.equal(greedy.code, 0, greedy.stderr);
  for (const { stdout, stderr } of others) {
    assert.equal(stdout, greedy.stdout, stderr);
  }
});

test("a wider beam finds a text that is at least as likely, without chance", async () => {
  const args = [
    "sample",
    "--checkpoint",
    "cv",
    "--length",
    "12",
    "-start_text",
    "m",
    "-verbose",
    "1",
  ];
  const nats = ({ stdout, stderr }: Outcome) => {
    assert.match(stdout, /^m[\s\S]{12}\n$/, stderr);
    return Number(/([\d.]+) nats for the 12/.exec(stderr)?.[1]);
  };
  const [narrow, wide, again] = await Promise.all(
    ["1", "40", "40"].map((width) => run(folder, [...args, "--beam-width", width])),
  );
  assert.ok(nats(wide) <= nats(narrow));
  assert.equal(wide.stdout, again.stdout);
  const both = await run(folder, [...args, "--beam-width", "2", "--top-k", "3"]);
  assertRefused(both, /draws nothing, so --top-k and --top-p mean nothing/, 2);
});

test("characters come as they are drawn, and Ctrl-C ends them", async () => {
  const running = start(folder, ["sample", "--length", "100000000"]);
  await running.says(/[\s\S]{50}/);
  running.child.kill("SIGINT");
  const { stdout } = await running.ended;
  assert.ok([...stdout].length < 10_000_000);
});

test("a reader that goes away is no error", async () => {
  const child = spawn(
    process.execPath,
    [...nodeArguments, "sample", "--checkpoint", "cv", "--length", "100000000"],
    { cwd: folder, stdio: ["ignore", "pipe", "pipe"] },
  );
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    stderr += text;
  });
  child.stdout.once("data", () => child.stdout.destroy());
  const [code] = await once(child, "close");
  assert.equal(code, 0);
  assert.equal(stderr, "");
});

test("what can't be sampled from is refused in a paragraph", async () => {
  const refused = async (args: string[], message: RegExp, status = 1) =>
    assertRefused(await run(folder, ["sample", ...args]), message, status);
  await refused(
    ["--checkpoint", "cv", "--start-text", "日本"],
    /"日" \(U\+65E5\), symbol 1 of the text/,
  );
  await refused(["--checkpoint", "none"], /no file or folder \S+none, .* anna-karenina and presid/);
  await refused(["--checkpoint", "cv/none"], /none could not be read \(ENOENT\)/);
  const checkpoint = fs.readFileSync(path.join(folder, "cv/checkpoint_59.safetensors"));
  fs.writeFileSync(path.join(folder, "cut.safetensors"), checkpoint.subarray(0, -9));
  await refused(["--checkpoint", "cut.safetensors"], /can't be used as a checkpoint/);
  await refused(["--checkpoint", "text.txt"], /does not begin like a safetensors file/);
  fs.mkdirSync(path.join(folder, "empty"));
  await refused(["--checkpoint", "empty"], /holds no checkpoint .* npm run train/);
  await refused(["cv/checkpoint_59.safetensors"], /A checkpoint is named by --checkpoint FILE/, 2);
  await refused(["--checkpoint", ""], /-checkpoint has an empty value\. Give --checkpoint a/, 2);
  await refused(["--temperature", "-1"], /a number from 0 up/, 2);
  await refused(["--top-p", "0"], /a number above 0, up to 1/, 2);
  await refused(["--lenght", "5"], /Did you mean --length/, 2);
});

test("a transformer that a script saved writes and is scored, too", async () => {
  await ready();
  setSeed(1);
  const vocabulary = Vocabulary.of("abc \n");
  const file = path.join(folder, "transformer.safetensors");
  const options = { contextLength: 8, width: 8, numLayers: 1, numHeads: 2 };
  saveModel(file, transformer({ vocabularySize: vocabulary.size, ...options }), { vocabulary });
  fs.writeFileSync(path.join(folder, "abc.txt"), "abc abc abc abc abc\n");
  const [written, scored] = await Promise.all([
    run(folder, ["sample", "--checkpoint", file, "--length", "30", "--start-text", "ab"]),
    run(folder, ["score", "--checkpoint", file, "--input-txt", "abc.txt"]),
  ]);
  assert.match(written.stdout, /^ab[abc \n]{30}\n$/, written.stderr);
  assert.match(scored.stdout, /: 19 characters.*\n1\.6\d+ nats a character/, scored.stderr);
});
