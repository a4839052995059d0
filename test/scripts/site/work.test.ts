// A reader's work: the ZIP file that it travels in, and what bringing it back would do.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { parseProgress, progressText } from "../../../lessons/exercises/standings";
import { crc32 } from "../../../lib/formats/bytes";
import type { CellFile } from "../../../scripts/site/kept/cellFiles";
import { type DriveFile, driveFile } from "../../../scripts/site/kept/drive";
import { planOf } from "../../../scripts/site/work/plan";
import { entriesOf, type Work } from "../../../scripts/site/work/work";
import { unzip, type ZipEntry, zip } from "../../../scripts/site/work/zip";
import { claiming } from "./claimingZip";

/** Node 20 has the browsers' deflate since 20.12. */
const skip = (() => {
  try {
    return !new CompressionStream("deflate-raw");
  } catch {
    return "this Node has no CompressionStream for deflate-raw";
  }
})();

const bytes = (text: string) => new TextEncoder().encode(text);
const unpack = async (entries: ZipEntry[]) =>
  await unzip(new Uint8Array(await (await zip(entries)).arrayBuffer()));

test("any files come back as they were, in their order", { skip }, async () => {
  const content = fc.oneof(fc.uint8Array({ maxLength: 3000 }), fc.string().map(bytes));
  const name = fc.string({ unit: "grapheme", minLength: 1 }).filter((each) => !each.endsWith("/"));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.record({ name, content }), { maxLength: 6 }), async (entries) => {
      const plain = (all: ZipEntry[]) => all.map((each) => [each.name, [...each.content]]);
      assert.deepEqual(plain(await unpack(entries)), plain(entries));
    }),
    { numRuns: 60 },
  );
});

/** Made by Python's zipfile: a deflated file with a Russian name, a folder, a stored file, a comment. */
const FOREIGN =
  "UEsDBBQAAAgIAIMYIlzGnwvDLQAAAF8BAAAnAAAAZmlsZXMvaG9tZS9ub3RlYm9va3Mv0YHRh9Cw0YHRgtGM0LUudHh0uzDpYuOF" +
  "rQoXGy+2X9gAJJsu7L6w48Kmi91gwQtbL+y52HNhh8KFUWVkKQMAUEsDBBQAAAAIAIMYIlwAAAAAAgAAAAAAAAAHAAAAZm9sZGVyLwMA" +
  "UEsDBBQAAAAAAIMYIlyI4s7OEAAAABAAAAAFAAAAYS5iaW4AAQIDBAUGBwgJCgsMDQ4PUEsBAhQDFAAACAgAgxgiXMafC8MtAAAAXwEA" +
  "ACcAAAAAAAAAAAAAAIABAAAAAGZpbGVzL2hvbWUvbm90ZWJvb2tzL9GB0YfQsNGB0YLRjNC1LnR4dFBLAQIUAxQAAAAIAIMYIlwAAAAA" +
  "AgAAAAAAAAAHAAAAAAAAAAAAAACAAXIAAABmb2xkZXIvUEsBAhQDFAAAAAAAgxgiXIjizs4QAAAAEAAAAAUAAAAAAAAAAAAAAIABmQAA" +
  "AGEuYmluUEsFBgAAAAADAAMAvQAAAMwAAAAJAGEgY29tbWVudA==";

test("another program's ZIP file is read, and another program reads ours", { skip }, async (t) => {
  const read = await unzip(Uint8Array.from(Buffer.from(FOREIGN, "base64")));
  assert.deepEqual(read, [
    {
      name: "files/home/notebooks/счастье.txt",
      content: bytes("Все счастливые семьи ".repeat(9)),
    },
    { name: "a.bin", content: Uint8Array.from({ length: 16 }, (_, i) => i) },
  ]);
  assert.equal(crc32(bytes("123456789")), 0xcbf43926);
  const folder = mkdtempSync(join(tmpdir(), "zip-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "work.zip");
  writeFileSync(file, new Uint8Array(await (await zip(read)).arrayBuffer()));
  const code =
    "import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; print(ascii(z.namelist()))";
  const python = spawnSync("python3", ["-c", code, file], { encoding: "utf8" });
  if (python.error) {
    t.diagnostic("there is no python3 to ask");
    return;
  }
  const escaped = "\\u0441\\u0447\\u0430\\u0441\\u0442\\u044c\\u0435";
  assert.equal(
    python.stdout.trim(),
    `['files/home/notebooks/${escaped}.txt', 'a.bin']`,
    python.stderr,
  );
});

test("a bomb is refused before it is unpacked, one that lies about its size while it is", {
  skip,
}, async () => {
  const packed = deflateRawSync(Buffer.alloc(100_000_000));
  await assert.rejects(unzip(claiming(100_000_000, packed)), {
    message:
      /^it would unpack to 100 MB, and \d\.\d MB are the most that a file of its size may\.$/,
  });
  await assert.rejects(unzip(claiming(1000, packed)), {
    message: "it is damaged: a can't be unpacked.",
  });
  // What packs as well in a reader's own work comes back all the same.
  const zeros = [{ name: "a", content: new Uint8Array(3_000_000) }];
  assert.deepEqual(await unpack(zeros), zeros);
});

test("damage at any place is found, or does no harm", { skip }, async () => {
  const entries = [
    { name: "a", content: bytes("one and one and one and one is four") },
    { name: "b", content: Uint8Array.from([1, 2, 3]) },
  ];
  const whole = new Uint8Array(await (await zip(entries)).arrayBuffer());
  for (let length = 0; length < whole.length; length++) {
    await assert.rejects(unzip(whole.slice(0, length)), /^Error: it is .*\.$/, `${length} bytes`);
  }
  for (let at = 0; at < whole.length; at++) {
    const harmed = whole.slice();
    harmed[at] ^= 255;
    const read = await unzip(harmed).catch((error: Error) => error.message);
    if (typeof read === "string") {
      assert.match(read, /^it .*\.$/s);
    } else {
      // Times, versions and names have no checksum.
      const contents = entries.map(({ content }) => content);
      assert.ok(
        read.every(({ content }) => contents.some((own) => Buffer.compare(own, content) === 0)),
      );
    }
  }
});

const notebook = (source: string, metadata: object = {}, outputs: unknown[] = []) => ({
  nbformat: 4,
  nbformat_minor: 5,
  metadata: {},
  cells: [{ cell_type: "code", id: "a", source, metadata, outputs, execution_count: null }],
});
const onDrive = (path: string, content: object): DriveFile =>
  driveFile(path, { type: "notebook", format: "json", content, size: 1 });
const folderOnDrive = (path: string): DriveFile =>
  driveFile(path, { type: "directory", format: "json", content: null, size: 0 });
const standing = (right: boolean, attempts: number) => ({
  attempts,
  hints: 0,
  solution: false,
  right,
  time: "2027-01-02T03:04:05Z",
});
const progress = (exercises: Parameters<typeof progressText>[0]) => bytes(progressText(exercises));

const OWN = new Set(["00-welcome.ipynb", "ru"]);
const WORK: Work = {
  drive: [
    onDrive("00-welcome.ipynb", notebook("1 + 1", { trusted: true })),
    folderOnDrive("mine"),
    onDrive("mine/a.ipynb", notebook("2")),
    driveFile("table.csv", { type: "file", format: "text", content: "x\n1\n", size: 4 }),
    driveFile("b.png", { type: "file", format: "base64", content: "gICA", size: 3 }),
  ],
  files: [
    ["/home/notebooks/out.txt", bytes("out")],
    ["/home/notebooks/net/model.json", bytes("{}")],
    ["/home/notebooks/net/weights.bin", Uint8Array.from([1, 2])],
    ["/kept/progress.json", progress({ sine: standing(false, 3), moon: standing(true, 1) })],
  ],
};
const NOTHING: Work = { drive: [], files: [] };
const stepsOf = (entries: ZipEntry[], work: Work) =>
  planOf(entries, work, OWN).steps.map(({ name, what, detail }) => [name, what, detail]);
/** The work after a plan was carried out. */
function after(work: Work, { drive, files }: ReturnType<typeof planOf>): Work {
  const all = new Map<string, Uint8Array>([...work.files, ...files]);
  return { drive: [...work.drive, ...drive], files: [...all] };
}

test("all work comes back to an empty browser; where it is, nothing happens", () => {
  const entries = entriesOf(WORK);
  assert.deepEqual(
    entries.map(({ name }) => name),
    [
      "files/home/notebooks/net/model.json",
      "files/home/notebooks/net/weights.bin",
      "files/home/notebooks/out.txt",
      "notebooks/00-welcome.ipynb",
      "notebooks/b.png",
      "notebooks/mine/a.ipynb",
      "notebooks/table.csv",
      "progress.json",
    ],
  );
  const plan = planOf(entries, NOTHING, OWN);
  assert.deepEqual(
    plan.steps.map(({ what }) => what),
    [...Array(7).fill("new"), "merged"],
  );
  const back = after(NOTHING, plan);
  const paths = ({ drive }: Work) => drive.map(({ path }) => path).sort();
  assert.deepEqual(paths(back), paths(WORK));
  assert.deepEqual(entriesOf(back).slice(0, 3), entries.slice(0, 3));
  const welcome = back.drive.find(({ path }) => path === "00-welcome.ipynb");
  assert.deepEqual(welcome?.content, notebook("1 + 1"));
  for (const there of [WORK, back]) {
    assert.ok(planOf(entries, there, OWN).steps.every(({ what }) => what === "same"));
  }
});

test("what is there and different stays; the other comes beside it, and a second time not at all", () => {
  const other: Work = {
    drive: [
      onDrive("00-welcome.ipynb", notebook("1 + 2")),
      onDrive("mine/a.ipynb", notebook("2")),
      driveFile("table.csv", { type: "file", format: "text", content: "x\n2\n", size: 4 }),
    ],
    files: [
      ["/home/notebooks/out.txt", bytes("another")],
      ["/home/notebooks/net/model.json", bytes("{}")],
      ["/home/notebooks/net/weights.bin", Uint8Array.from([3, 4])],
      ["/kept/progress.json", progress({ sine: standing(true, 2), wave: standing(false, 1) })],
    ],
  };
  const entries = entriesOf(other);
  assert.deepEqual(stepsOf(entries, WORK), [
    ["files/home/notebooks/net/model.json", "beside", "/home/notebooks/net (2)/model.json"],
    ["files/home/notebooks/net/weights.bin", "beside", "/home/notebooks/net (2)/weights.bin"],
    ["files/home/notebooks/out.txt", "beside", "/home/notebooks/out (2).txt"],
    ["notebooks/00-welcome.ipynb", "beside", "00-welcome (2).ipynb"],
    ["notebooks/mine/a.ipynb", "same", undefined],
    ["notebooks/table.csv", "beside", "table (2).csv"],
    ["progress.json", "merged", undefined],
  ]);
  const plan = planOf(entries, WORK, OWN);
  const both = after(WORK, plan);
  const kept = new Map(both.files).get("/kept/progress.json");
  const { sine, moon, wave } = parseProgress(new TextDecoder().decode(kept));
  assert.deepEqual([sine, moon, wave], [standing(true, 3), standing(true, 1), standing(false, 1)]);
  for (const [path, content] of WORK.files.slice(0, 3)) {
    assert.equal(new Map(both.files).get(path), content);
  }
  assert.ok(planOf(entries, both, OWN).steps.every(({ what }) => what === "same"));
});

test("bringing back never replaces a file, and a second time changes nothing", () => {
  const path = fc.constantFrom(
    "/home/notebooks/a",
    "/home/notebooks/a (2)",
    "/home/notebooks/d/a",
    "/home/notebooks/d/b",
    "/data/a.b/c",
  );
  const files = fc
    .array(fc.tuple(path, fc.constantFrom("1", "2", "3").map(bytes)))
    .map((all): CellFile[] => [...new Map(all)]);
  const sources = fc.array(
    fc.tuple(fc.constantFrom("a.ipynb", "a (2).ipynb", "d/a.ipynb"), fc.constantFrom("1", "2")),
  );
  const drive = sources.map((all) =>
    [...new Map(all)].map(([name, source]) => onDrive(name, notebook(source))),
  );
  const work = fc.record({ files, drive });
  fc.assert(
    fc.property(work, work, (here, there) => {
      const entries = entriesOf(there);
      const plan = planOf(entries, here, OWN);
      const own = new Map(here.files);
      assert.ok(plan.files.every(([file]) => !own.has(file)));
      const names = [...here.drive, ...plan.drive].map((file) => file.path);
      assert.equal(new Set(names).size, names.length);
      assert.equal(plan.steps.length, entries.length);
      const again = planOf(entries, after(here, plan), OWN);
      assert.ok(again.steps.every(({ what }) => what === "same"));
    }),
  );
});

test("what leads elsewhere, is no work or can't be read is left out, with the reason", () => {
  const names = [
    "../../etc/passwd",
    "notebooks/../../a.ipynb",
    "notebooks//a.ipynb",
    "/notebooks/a.ipynb",
    "notebooks/a\\b.ipynb",
    "notebooks/%2e%2e/a.ipynb",
    "notebooks/a\u202E.ipynb",
    "files/home/notebooks/./a",
  ];
  const leads = "its name leads out of its folder";
  const entry = (name: string, text = "{}") => ({ name, content: bytes(text) });
  for (const name of names) {
    assert.deepEqual(stepsOf([entry(name)], WORK), [[name, "refused", leads]]);
  }
  for (const [name, text, reason] of [
    ["setup.exe", "", "it is no part of a reader's work"],
    ["files", "", "it is no part of a reader's work"],
    ["files/home/node_modules/karenina/index.js", "", "the site keeps no files of cells there"],
    ["files/kept/progress.json", "", "the site keeps no files of cells there"],
    ["files/karenina/models/x", "", "the site keeps no files of cells there"],
    ["notebooks/a.ipynb", "<html>", "it is not JSON"],
    ["notebooks/mine/a.ipynb/b.txt", "", "mine/a.ipynb is a file here"],
    ["progress.json", '{"a":1}', /^it does not begin with "format"/],
  ] as const) {
    const [[, what, detail]] = stepsOf([entry(name, text)], WORK);
    assert.equal(what, "refused", name);
    assert.match(detail as string, reason instanceof RegExp ? reason : new RegExp(`^${reason}$`));
  }
  const { drive } = planOf(
    [entry("notebooks/new/deep/a.txt", "x"), entry("notebooks/ru/b.txt", "x")],
    WORK,
    OWN,
  );
  assert.deepEqual(
    drive.map(({ path, type }) => [path, type]),
    [
      ["new", "directory"],
      ["new/deep", "directory"],
      ["new/deep/a.txt", "file"],
      ["ru/b.txt", "file"],
    ],
  );
});
