// The library on a host that is not Node.js.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { lineFigure } from "karenina";
import { loadText } from "../../../lib/datasets/dataSets";
import { loadMnist } from "../../../lib/datasets/mnist";
import { parseRegistry } from "../../../lib/datasets/registry";
import { displayTo } from "../../../lib/display/display";
import { show } from "../../../lib/display/show";
import { host, registerHost } from "../../../lib/host/host";
import { Corpus } from "../../../lib/text/corpus";
import { preprocess } from "../../../lib/text/corpusWriter";
import { textFile } from "../../../lib/text/sourceText";
import { memoryHost } from "./memoryHost";

function onMemory(t: TestContext, environment: Record<string, string> = {}) {
  const memory = memoryHost(environment);
  t.after(registerHost(memory));
  return memory;
}

const text = "The doors are open. ".repeat(40);
const bytes = new TextEncoder().encode(text);
const sha256 = createHash("sha256").update(bytes).digest("hex");
const registry = parseRegistry({
  version: 1,
  dataSets: {
    doors: {
      title: "Doors",
      description: "For a test.",
      kind: "text",
      licence: "CC0 1.0",
      citation: "Nobody (2000). Doors.",
      files: [{ name: "doors.txt", bytes: bytes.length, sha256, mirrors: ["http://nowhere/x"] }],
    },
  },
});

test("a data set comes by its hash from the host's network, is kept in its store, and is found there", async (t) => {
  const { files, network } = onMemory(t);
  const lines: string[] = [];
  const options = { registry, notify: (line: string) => lines.push(line) };
  network.set(sha256, bytes);
  assert.equal(await loadText("doors", options), text);
  assert.deepEqual(files.get("/cache/datasets/doors/doors.txt"), bytes);
  network.clear();
  assert.equal(await loadText("doors", options), text);
  assert.deepEqual(lines, ["Doors. Licence: CC0 1.0. Cite: Nobody (2000). Doors."]);
});

test("the environment is the host's: its data folder comes first, and it may forbid the network", async (t) => {
  const { files } = onMemory(t, { KARENINA_DATA: "/mine", KARENINA_OFFLINE: "1" });
  const options = { registry, notify: () => {} };
  await assert.rejects(loadText("doors", options), {
    code: "offline",
    message: /\/mine\/doors\/doors\.txt in the data folder \(not there\)/,
  });
  files.set("/mine/doors/doors.txt", bytes);
  assert.equal(await loadText("doors", options), text);
});

test("a text becomes a corpus in the host's store, and batches come from it", async (t) => {
  const { files } = onMemory(t);
  files.set("/letters.txt", bytes);
  await preprocess(await textFile("/letters.txt"), { dataFile: "/letters.codes" });
  const corpus = await Corpus.open("/letters.codes");
  assert.equal(corpus.vocabulary.decode(corpus.codes("train", 0, 19)), "The doors are open.");
  const [batch] = corpus.batches("train", { batchSize: 2, steps: 10 });
  assert.equal(corpus.vocabulary.decode(batch.x[0]), "The doors ");
  await assert.rejects(Corpus.open("/other.codes"), { code: "not-found" });
});

test("a figure goes to the host's display, without a picture where nobody draws one", (t) => {
  const { shown } = onMemory(t);
  show(lineFigure([1, 2, 3], { a: [1, 2, 3] }));
  assert.equal(shown.length, 1);
  assert.ok(!String(shown[0]["text/html"]).includes("<img"));
  registerHost({ drawPicture: () => "<svg/>" });
  show(lineFigure([1, 2, 3], { a: [1, 2, 3] }));
  assert.match(String(shown[1]["text/html"]), /<img src="data:image\/svg\+xml/);
});

test("what a host cannot do is said where it is asked for", async (t) => {
  const { files } = onMemory(t);
  files.set("/digits/train-images-idx3-ubyte.gz", Uint8Array.of(0x1f, 0x8b, 0));
  files.set("/digits/train-labels-idx1-ubyte.gz", Uint8Array.of(0x1f, 0x8b, 0));
  await assert.rejects(loadMnist({ folder: "/digits" }), {
    code: "bad-idx",
    message: /gzip data is damaged \(this host unpacks nothing\)/,
  });
});

test("doors are put back as they were", () => {
  const before = host.store;
  const restore = registerHost(memoryHost());
  assert.notEqual(host.store, before);
  restore();
  assert.equal(host.store, before);
});

test("a display of one's own goes before the host's", (t) => {
  const { shown } = onMemory(t);
  const own: unknown[] = [];
  const restore = displayTo({ kind: "terminal", show: (bundle) => own.push(bundle) });
  show(lineFigure([1, 2, 3], { a: [1, 2, 3] }));
  restore();
  assert.deepEqual([shown.length, own.length], [0, 1]);
});

test("without a host, the error says what to import", () => {
  const program = `
    const { loadText } = require("./lib/datasets/dataSets");
    loadText("x.txt").catch((error) => console.log(error.message));
  `;
  const root = path.resolve(__dirname, "../../..");
  const { stdout } = spawnSync(process.execPath, ["-r", "tsx/cjs", "-e", program], {
    cwd: root,
    encoding: "utf8",
  });
  assert.match(stdout, /^Nothing here lends the library its `store`\. Import "karenina" before/);
});
