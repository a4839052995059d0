import assert from "node:assert/strict";
import fs from "node:fs";
import * as path from "node:path";
import { test } from "node:test";
import { Corpus } from "../../../lib/text/corpus";
import { namesIn, type Outcome, run, someText, start, workFolder } from "./commandProcess";

/** An error is one paragraph on stderr, without a stack; nothing is on stdout. */
function assertRefused({ code, stdout, stderr }: Outcome, message: RegExp, status = 1): void {
  assert.match(stderr, message);
  assert.equal(code, status, stderr);
  assert.equal(stdout, "");
  assert.doesNotMatch(stderr, /^\s+at /m);
  assert.doesNotMatch(stderr.trim(), /\n\s*\n/);
}

test("a text becomes data and vocabulary beside it; the sizes are reported as torch-rnn tells them", async (t) => {
  const folder = workFolder(t);
  const text = someText(1000);
  fs.writeFileSync(path.join(folder, "text.txt"), text);
  const { code, stdout, stderr } = await run(folder, ["preprocess", "--input_txt", "text.txt"]);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /Total tokens in file: 1000\n {2}Training size: 800\n {2}Val size: 100\n/);
  assert.deepEqual(namesIn(folder), ["text.data", "text.json", "text.txt"]);
  const corpus = await Corpus.open(path.join(folder, "text.data"));
  t.after(() => corpus.close());
  assert.equal(corpus.vocabulary.decode(corpus.codes("train", 0, 800)), text.slice(0, 800));
  const { token_to_idx: codes } = JSON.parse(
    fs.readFileSync(path.join(folder, "text.json"), "utf8"),
  );
  assert.equal(Object.keys(codes).length, corpus.vocabulary.size);
});

test("output may go into folders that are not there yet; cleaning and parts are options", async (t) => {
  const folder = workFolder(t);
  fs.writeFileSync(path.join(folder, "speech"), "Yes! [Applause]\n".repeat(100));
  const { code, stderr } = await run(folder, [
    "preprocess",
    "-input_txt",
    "speech",
    "-output_h5",
    "new/er/a.h5",
    "-output_json",
    "b/a.json",
    "--remove-marks",
    "--lower-case",
    "--val_frac=0.2",
    "--test_frac",
    "0",
    "--quiet",
  ]);
  assert.equal(code, 0, stderr);
  assert.deepEqual(namesIn(folder, "b"), ["a.json"]);
  const corpus = await Corpus.open(path.join(folder, "new/er/a.h5"));
  t.after(() => corpus.close());
  assert.deepEqual(corpus.lengths, { train: 400, val: 100, test: 0 });
  assert.equal(corpus.vocabulary.toString(), "\n!esy");
});

test("files that are no text are refused in a paragraph that says where and why", async (t) => {
  const folder = workFolder(t);
  const refused = async (bytes: Uint8Array | string, message: RegExp) => {
    fs.writeFileSync(path.join(folder, "text.txt"), bytes);
    assertRefused(await run(folder, ["preprocess", "--input-txt", "text.txt"]), message);
    assert.deepEqual(namesIn(folder), ["text.txt"]);
  };
  await refused(
    fs.readFileSync(process.execPath).subarray(0, 5000),
    /is not a text but a binary file/,
  );
  await refused(
    Buffer.from("Les mots\nest d\xe9j\xe0 l\xe0", "latin1"),
    /byte 0xe9 at offset 14 cannot stand there \(line 2\).*iconv -f ISO-8859-1/,
  );
  await refused("", /text\.txt is empty/);
  await refused("abc", /only 3 symbols, too few/);
  await refused("aaaaaaaaaaaaaaaaaaaaaaaaaaa", /27 times the same symbol, "a"/);
});

test("what is not there, or can't be, is named", async (t) => {
  const folder = workFolder(t);
  fs.writeFileSync(path.join(folder, "text.txt"), someText(1000));
  const refused = async (args: string[], message: RegExp, status = 1) =>
    assertRefused(await run(folder, ["preprocess", ...args]), message, status);
  await refused(["--input-txt", "none.txt"], /There is no file .*none\.txt/);
  await refused(["--input-txt", "."], /is a folder/);
  await refused(
    ["--input-txt", "text.txt", "--output-data", "text.txt/a"],
    /part of that path is a file/,
  );
  await refused(["--input-txt", "text.txt", "--output-data", "text.txt"], /must be three files/);
  await refused(
    ["--input-txt", "text.txt", "--president", "Lincoln"],
    /of the data set sotu, but the text is text\.txt/,
  );
  assert.deepEqual(namesIn(folder), ["text.txt"]);
});

test("wrong options end with status 2 and a suggestion", async (t) => {
  const folder = workFolder(t);
  fs.writeFileSync(path.join(folder, "text.txt"), someText(1000));
  const refused = async (args: string[], message: RegExp) =>
    assertRefused(await run(folder, ["preprocess", ...args]), message, 2);
  await refused(["--input-text", "text.txt"], /Did you mean --input-txt/);
  await refused([], /--input-txt/);
  await refused(["text.txt", "--input-txt", "text.txt"], /"text\.txt" is neither an option.*npm/);
  await refused(["--input-txt", "text.txt", "--val-frac", "1.5"], /a fraction from 0/);
  await refused(["--input-txt", "text.txt", "--encoding", "latin1"], /Only UTF-8.*iconv -f latin1/);
});

test("help is asked for without error, and names the exit statuses", async (t) => {
  for (const name of ["preprocess", "train", "sample"]) {
    const { code, stdout } = await run(workFolder(t), [name, "--help"]);
    assert.equal(code, 0);
    assert.match(stdout, /Exit status: 0 done/);
  }
});

test("Ctrl-C leaves nothing half done, and says so", async (t) => {
  const folder = workFolder(t);
  const file = fs.openSync(path.join(folder, "text.txt"), "w");
  const piece = someText(1_000_000);
  for (let i = 0; i < 80; i++) {
    fs.writeSync(file, piece);
  }
  fs.closeSync(file);
  for (const [args, message] of [
    [["preprocess"], /^Stopped; nothing was written/],
    [["train", "--checkpoint-name", "c"], /^Stopped before the first step; nothing was written/],
  ] as const) {
    const running = start(folder, [...args, "--input-txt", "text.txt"]);
    // The second reading has begun when there is a file of data that is not complete.
    const watcher = fs.watch(folder);
    await new Promise<void>((resolve) => {
      watcher.on("change", (_, name) => {
        if (/\.data\..*part$/.test(String(name))) {
          resolve();
        }
      });
    });
    watcher.close();
    running.child.kill("SIGINT");
    const { code, stderr } = await running.ended;
    assert.equal(code, 130, stderr);
    assert.match(stderr, message);
    assert.deepEqual(namesIn(folder), ["text.txt"]);
  }
});
