// What stands for Node's modules in a page, against Node's own.
import assert from "node:assert/strict";
import nodeFs, { mkdtempSync, rmSync } from "node:fs";
import { SourceMap } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import ts from "typescript";
import { layAnswer, Mailbox } from "../../../kernel/lite/mailbox";
import webFs from "../../../kernel/lite/web/fs";
import { isDeepStrictEqual as isDeepEqual } from "../../../kernel/lite/web/util";
import { PackedTexts } from "../../../kernel/lite/worker/files";
import { readSourceMap } from "../../../kernel/lite/worker/sourceMap";

test("values are equal where Node finds them so", () => {
  const circle = () => {
    const made: { self?: unknown; n: number } = { n: 1 };
    made.self = made;
    return made;
  };
  class Point {
    constructor(readonly x: number) {}
  }
  const plain = () => [0, -0, 1, Number.NaN, "1", true, null, undefined, 1n];
  const lists = () => [[], [1], [1, 2], [2, 1], [undefined], {}, { a: 1 }, { a: undefined }];
  const objects = () => [{ b: 1, a: 1 }, new Point(1), new Point(2), { x: 1 }, circle()];
  const maps = () => [new Map([[{ a: 1 }, 1]]), new Map([[{ a: 1 }, 2]]), new Map()];
  const sets = () => [new Set([1, 2]), new Set([2, 1]), new Set([[1], [2]]), new Set([[2], [1]])];
  const others = () => [new Date(1), new Date(2), /a/g, /a/i, new Error("a"), new Error("b")];
  const bytes = () => [new Uint8Array([1, 2]), new Uint8Array([1, 3]), new Float32Array([1, 2])];
  const kinds = [plain, lists, objects, maps, sets, others, bytes, () => [Object(1), Object("1")]];
  const make = (): unknown[] => kinds.flatMap((kind): unknown[] => kind());
  const [ones, twins] = [make(), make()];
  for (const [i, one] of ones.entries()) {
    for (const [j, other] of twins.entries()) {
      assert.equal(isDeepEqual(one, other), isDeepStrictEqual(one, other), `${i} and ${j}`);
    }
  }
});

test("places are found in a source map as Node finds them", () => {
  const source = Array.from({ length: 40 }, (_, i) =>
    i % 3 === 0
      ? `enum E${i} { A, B }`
      : `const f${i} = async <T>(x: T): Promise<T> => { for (const y of [x]) { await y; } return x; };`,
  ).join("\n");
  const { outputText, sourceMapText = "" } = ts.transpileModule(source, {
    compilerOptions: { target: ts.ScriptTarget.ES2015, sourceMap: true },
  });
  const node = new SourceMap(JSON.parse(sourceMapText));
  const own = readSourceMap(sourceMapText);
  let found = 0;
  for (const [line, text] of outputText.split("\n").entries()) {
    for (let column = 0; column <= text.length; column++) {
      const expected = node.findEntry(line, column);
      const place = own.find(line, column);
      if ("originalLine" in expected) {
        found++;
        assert.deepEqual(
          [place?.originalLine, place?.originalColumn],
          [expected.originalLine, expected.originalColumn],
          `${line}:${column}`,
        );
      }
    }
  }
  assert.ok(found > 1000, `${found} places`);
});

test("files are written, listed and refused as Node does", () => {
  const folder = mkdtempSync(join(tmpdir(), "files-"));
  try {
    const told = (fs: typeof nodeFs, root: string) => {
      const at = (name: string) => `${root}/${name}`;
      const attempt = (work: () => unknown) => {
        try {
          const value = work();
          return value instanceof Uint8Array ? [...value] : value;
        } catch (error) {
          return (error as { code?: string }).code;
        }
      };
      return [
        () => fs.mkdirSync(at("a")),
        () => fs.mkdirSync(at("a")),
        () => fs.mkdirSync(at("b/c")),
        () => fs.mkdirSync(at("b/c"), { recursive: true })?.replace(root, ""),
        () => fs.mkdirSync(at("b/c"), { recursive: true }),
        () => fs.writeFileSync(at("a/text"), "grüße"),
        () => fs.writeFileSync(at("none/text"), "x"),
        () => fs.writeFileSync(at("a"), "x"),
        () => fs.writeFileSync(at("a/text"), "x", { flag: "wx" }),
        () => fs.readFileSync(at("a/text")),
        () => fs.readFileSync(at("a/text"), "utf8"),
        () => fs.readFileSync(at("a/text"), { encoding: "latin1" }),
        () => fs.readFileSync(at("a")),
        () => fs.readFileSync(at("none")),
        () => fs.appendFileSync(at("a/text"), "!"),
        () => fs.writeFileSync(at("a/bytes"), new Uint8Array([1, 2, 3])),
        () => fs.copyFileSync(at("a/bytes"), at("b/bytes")),
        () => fs.renameSync(at("a/bytes"), at("b/c/bytes")),
        () => fs.readdirSync(at("a")),
        () => fs.readdirSync(at("b")),
        () => fs.readdirSync(at("none")),
        () => fs.readdirSync(at("a/text")),
        () => fs.readdirSync(at("b"), { withFileTypes: true }).map((each) => each.isDirectory()),
        () => fs.statSync(at("a/text")).size,
        () => fs.statSync(at("a")).isDirectory(),
        () => fs.statSync(at("none")),
        () => fs.statSync(at("none"), { throwIfNoEntry: false }),
        () => fs.existsSync(at("b/c/bytes")),
        () => fs.accessSync(at("none")),
        () => fs.rmdirSync(at("b")),
        () => fs.unlinkSync(at("none")),
        () => fs.unlinkSync(at("b/bytes")),
        () => fs.rmSync(at("none")),
        () => fs.rmSync(at("none"), { force: true }),
        () => fs.rmSync(at("b"), { recursive: true }),
        () => fs.existsSync(at("b/c/bytes")),
        () => fs.existsSync(at("b")),
      ].map((step) => [String(step), attempt(step)]);
    };
    const root = webFs.mkdtempSync("/tmp/files-");
    assert.deepEqual(told(webFs as never, root), told(nodeFs, folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("an answer is taken once, and one that is too long is refused", () => {
  const memory = new SharedArrayBuffer(64);
  const mailbox = new Mailbox(memory);
  assert.equal(mailbox.take(), undefined);
  assert.ok(layAnswer(memory, { id: 1, value: "Ä" }));
  assert.deepEqual(mailbox.take(), { id: 1, value: "Ä" });
  assert.equal(mailbox.take(), undefined);
  assert.equal(layAnswer(memory, { id: 2, value: "x".repeat(100) }), false);
  assert.equal(new Mailbox(undefined).take(), undefined);
});

test("packed texts have the folders that their paths name", () => {
  const texts = new PackedTexts({ "/a/b/c.d.ts": "c", "/a/d.d.ts": "d" });
  assert.equal(texts.read("/a/b/c.d.ts"), "c");
  assert.equal(texts.read("/a/b"), undefined);
  assert.equal(texts.read("constructor"), undefined);
  assert.deepEqual(texts.foldersIn("/"), ["a"]);
  assert.deepEqual(texts.foldersIn("/a/"), ["b"]);
  assert.ok(texts.hasFolder("/a/b/"));
  assert.ok(!texts.hasFolder("/a/d.d.ts"));
});
