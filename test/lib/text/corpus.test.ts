import assert from "node:assert/strict";
import fs from "node:fs";
import * as path from "node:path";
import { type TestContext, test } from "node:test";
import fc from "fast-check";
import { sequenceBatches } from "../../../lib/text/batches";
import { Corpus } from "../../../lib/text/corpus";
import { type PreprocessOptions, preprocess } from "../../../lib/text/corpusWriter";
import { textFile, textInMemory } from "../../../lib/text/sourceText";
import { Vocabulary } from "../../../lib/text/vocabulary";
import { temporaryFolder } from "../datasets/workspace";

async function corpusOf(
  t: TestContext,
  text: string,
  options: Omit<PreprocessOptions, "dataFile"> = {},
): Promise<Corpus> {
  const dataFile = path.join(temporaryFolder(t), "text.data");
  await preprocess(textInMemory("the text", text), { dataFile, ...options });
  const corpus = await Corpus.open(dataFile);
  t.after(() => corpus.close());
  return corpus;
}

const allCodes = (corpus: Corpus) => [
  ...corpus.codes("train", 0, corpus.lengths.train),
  ...corpus.codes("val", 0, corpus.lengths.val),
  ...corpus.codes("test", 0, corpus.lengths.test),
];

test("the codes are those of the vocabulary, in three consecutive parts", async (t) => {
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: "binary", minLength: 30 }).filter((text) => new Set(text).size > 1),
      fc.double({ min: 0.1, max: 0.4, noNaN: true }),
      async (text, fraction) => {
        const corpus = await corpusOf(t, text, { valFraction: fraction, testFraction: 0 });
        const vocabulary = Vocabulary.of(text);
        const symbols = [...text];
        assert.deepEqual(corpus.vocabulary.symbols, vocabulary.symbols);
        assert.deepEqual(allCodes(corpus), [...vocabulary.encode(text)]);
        assert.equal(corpus.lengths.val, Math.floor(fraction * symbols.length));
        assert.equal(corpus.lengths.test, 0);
      },
    ),
    { numRuns: 15 },
  );
});

test("the parts are 80, 10 and 10 in a hundred by default", async (t) => {
  const corpus = await corpusOf(t, "abcdefghij".repeat(123));
  assert.deepEqual(corpus.lengths, { train: 984, val: 123, test: 123 });
});

test("codes take one byte, two or four, as the vocabulary needs", async (t) => {
  const alphabet = (size: number) =>
    Array.from({ length: size }, (_, i) => String.fromCodePoint(0x10000 + i)).join("");
  for (const [symbols, width] of [
    [2, 1],
    [256, 1],
    [257, 2],
    [65_536, 2],
    [65_537, 4],
  ] as const) {
    const text = alphabet(symbols).repeat(Math.ceil(100 / symbols));
    const corpus = await corpusOf(t, text);
    const bytes = fs.readFileSync(corpus.file);
    const header = Number(bytes.readBigUInt64LE(0));
    assert.equal(bytes.length - 8 - header, [...text].length * width);
    assert.deepEqual(
      allCodes(corpus).slice(0, symbols),
      Array.from({ length: symbols }, (_, i) => i),
    );
  }
});

test("batches read from the file are those that sequenceBatches cuts", async (t) => {
  const text = Array.from({ length: 30_000 }, (_, i) => String.fromCharCode(97 + ((i * i) % 23)));
  const corpus = await corpusOf(t, text.join(""));
  const codes = corpus.codes("train", 0, corpus.lengths.train);
  for (const [N, T] of [
    [3, 1],
    [2, 7],
    [5, 50],
    [1, 5000],
  ] as const) {
    const read = [...corpus.batches("train", { batchSize: N, steps: T })];
    assert.deepEqual(read, [...sequenceBatches(codes, { batchSize: N, steps: T })]);
  }
  const warn = t.mock.method(console, "warn", () => {});
  const [former] = corpus.batches("train", 2, 7);
  assert.deepEqual(former, corpus.batches("train", { batchSize: 2, steps: 7 }).next().value);
  assert.match(String(warn.mock.calls[0].arguments[0]), /\{ batchSize: N, steps: T \}/);
});

test("a file in UTF-8 is read whole across borders of pieces, without its mark", async (t) => {
  const folder = temporaryFolder(t);
  const file = path.join(folder, "text.txt");
  // 7 does not divide a piece's length: characters of three and four bytes lie across the borders.
  const text = "a€🙂é\n".repeat(250_000);
  fs.writeFileSync(file, `\uFEFF${text}`);
  const progress: number[] = [];
  const dataFile = path.join(folder, "text.data");
  const onProgress = (done: number) => progress.push(done);
  await preprocess(await textFile(file), { dataFile, onProgress });
  const corpus = await Corpus.open(dataFile);
  t.after(() => corpus.close());
  assert.ok(corpus.vocabulary.decode(allCodes(corpus)) === text);
  assert.ok(progress.every((done, i) => i === 0 || done >= progress[i - 1]));
  assert.equal(progress.at(-1), 1);
});

test("cleaning comes before everything is counted", async (t) => {
  const text = "Yes. [Applause] No.\n".repeat(20);
  const corpus = await corpusOf(t, text, { clean: { removeMarks: true, lowerCase: true } });
  assert.equal(corpus.vocabulary.decode(allCodes(corpus)), "yes. no.\n".repeat(20));
});

test("a given vocabulary is taken, and a symbol that it lacks is named", async (t) => {
  const vocabulary = Vocabulary.of("abcdef");
  const corpus = await corpusOf(t, "abc".repeat(20), { vocabulary });
  assert.equal(corpus.vocabulary.size, 6);
  await assert.rejects(corpusOf(t, "abz".repeat(20), { vocabulary }), /"z" \(U\+007A\)/);
});

test("the vocabulary file has torch-rnn's names", async (t) => {
  const vocabularyFile = path.join(temporaryFolder(t), "text.json");
  await corpusOf(t, "ba".repeat(50), { vocabularyFile });
  assert.deepEqual(JSON.parse(fs.readFileSync(vocabularyFile, "utf8")), {
    token_to_idx: { a: 0, b: 1 },
    idx_to_token: { 0: "a", 1: "b" },
  });
});

test("the same text has the same digest, another one another", async (t) => {
  const digest = async (text: string) => (await corpusOf(t, text)).digest;
  assert.equal(await digest("ab".repeat(50)), await digest("ab".repeat(50)));
  assert.notEqual(await digest("ab".repeat(50)), await digest("cd".repeat(50)));
});

test("texts that give no three parts are refused, and nothing is left behind", async (t) => {
  const folder = temporaryFolder(t);
  const dataFile = path.join(folder, "text.data");
  const refused = (text: string, options: Partial<PreprocessOptions>, message: RegExp) =>
    assert.rejects(preprocess(textInMemory("It", text), { dataFile, ...options }), message);
  await refused("", {}, /It is empty/);
  await refused("aaaa", {}, /It has 4 times the same symbol, "a"/);
  await refused("abc", {}, /only 3 symbols/);
  await refused("ab".repeat(50), { valFraction: 0.5, testFraction: 0.5 }, /nothing to train on/);
  await refused("ab".repeat(50), { valFraction: 1.5 }, /valFraction is 1.5/);
  await preprocess(textInMemory("It", "ab"), { dataFile, valFraction: 0, testFraction: 0 });
  assert.deepEqual(fs.readdirSync(folder), ["text.data"]);
});

test("a text that changes between the two readings is refused; the old file stays", async (t) => {
  const folder = temporaryFolder(t);
  const dataFile = path.join(folder, "text.data");
  fs.writeFileSync(dataFile, "old");
  for (const second of ["abz".repeat(50), "ab".repeat(80), "ab"]) {
    const texts = ["ab".repeat(50), second];
    const source = { name: "It", bytes: 100, pieces: () => [texts.shift()!] };
    await assert.rejects(preprocess(source, { dataFile }), /It was changed while it was read/);
  }
  assert.deepEqual(fs.readdirSync(folder), ["text.data"]);
  assert.equal(fs.readFileSync(dataFile, "utf8"), "old");
});

test("bytes that are no text are named by their place", async (t) => {
  const file = path.join(temporaryFolder(t), "text.txt");
  const dataFile = `${file}.data`;
  const refused = async (bytes: Buffer, message: RegExp) => {
    fs.writeFileSync(file, bytes);
    await assert.rejects(async () => preprocess(await textFile(file), { dataFile }), message);
  };
  const before = "é\n".repeat(400_000);
  await refused(
    Buffer.concat([Buffer.from(before), Buffer.from("caf\xe9 au lait", "latin1")]),
    /byte 0xe9 at offset 1200003 cannot stand there \(line 400001\).*ISO-8859-1/,
  );
  await refused(Buffer.from("tr\xe8s", "latin1"), /byte 0xe8 at offset 2 /);
  await refused(Buffer.from("cut off: \u20ac").subarray(0, 10), /byte 0xe2 at offset 9/);
  await refused(Buffer.from("\uFEFFtext", "utf16le"), /UTF-16/);
  await refused(Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1]), /a binary file: byte 4 is zero/);
  await refused(Buffer.alloc(0), /is empty/);
  await assert.rejects(textFile(path.dirname(file)), /is a folder/);
  await assert.rejects(textFile("nowhere/at-all.txt"), /There is no file/);
});

test("a damaged data file is refused, wherever the damage is", async (t) => {
  const folder = temporaryFolder(t);
  const dataFile = path.join(folder, "text.data");
  await preprocess(textInMemory("It", "abc 🙂".repeat(60)), { dataFile });
  const whole = fs.readFileSync(dataFile);
  const damaged = path.join(folder, "damaged.data");
  const refused = async (bytes: Uint8Array) => {
    fs.writeFileSync(damaged, bytes);
    await assert.rejects(Corpus.open(damaged), /can't be used as training data/);
  };
  for (const length of [0, 5, 8, 100, whole.length - 1]) {
    await refused(whole.subarray(0, length));
  }
  await refused(Buffer.concat([whole, Buffer.from([0])]));
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), async (at, by) => {
      const bytes = Buffer.from(whole);
      bytes[at] ^= by;
      await refused(bytes);
    }),
    { numRuns: 200 },
  );
});
