// Links that open a notebook: packing, what a link asks for, and what of a notebook travels.
import assert from "node:assert/strict";
import { resolve } from "node:path";
import { test } from "node:test";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import fc from "fast-check";
import { findNotebooks } from "../../../runner/findNotebooks";
import { readNotebook, sourceOf } from "../../../runner/notebookFile";
import { LONGEST_LINK, linkTo, readFragment, TooLong } from "../../../scripts/site/share/link";
import {
  checkNotebook,
  factsOf,
  fileName,
  forTravel,
  LARGEST_NOTEBOOK,
  namesFor,
  plainlySeen,
} from "../../../scripts/site/share/notebook";
import { inflated, pack, unpack } from "../../../scripts/site/share/packing";

const ROOT = resolve(__dirname, "../../..");
const SITE = "https://host.example/a/course/";

/** Node 20 has the browsers' deflate since 20.12. */
const skip = (() => {
  try {
    return !new CompressionStream("deflate-raw");
  } catch {
    return "this Node has no CompressionStream for deflate-raw";
  }
})();

const fragmentOf = (link: string) => new URL(link).hash;

async function unpacked(link: string) {
  const request = readFragment(fragmentOf(link), SITE);
  assert.ok(request?.kind === "packed");
  return {
    name: request.name,
    notebook: checkNotebook(await unpack(request.packed, LARGEST_NOTEBOOK)),
  };
}

test("any text comes back as it was, through letters that addresses leave alone", {
  skip,
}, async () => {
  const texts = fc.oneof(fc.string({ unit: "grapheme" }), fc.string({ unit: "binary" }));
  await fc.assert(
    fc.asyncProperty(texts, async (text) => {
      const packed = await pack(text);
      assert.match(packed, /^[\w-]+$/);
      assert.equal(await unpack(packed, 1e6), Buffer.from(text).toString());
      const bytes = Buffer.from(packed, "base64url");
      assert.equal(inflateRawSync(bytes).toString(), Buffer.from(text).toString());
    }),
    { numRuns: 60 },
  );
});

test("no more is unpacked than the limit, and damage is put in words", { skip }, async () => {
  const zeros = deflateRawSync(Buffer.alloc(50_000_000));
  await assert.rejects(inflated(zeros, 1_000_000), /^RangeError: it is larger than 1 MB\.$/);
  const packed = await pack("a notebook's text, which is long enough to be cut somewhere");
  for (const wrong of [packed.slice(0, -9), `${packed.slice(0, -4)}AAAAAAAA`, "=", "a b", "A"]) {
    await assert.rejects(unpack(wrong, 1e6), /^Error: it is damaged: /, wrong);
  }
});

test("each lesson fits a link, and comes out of it cell by cell, without outputs", {
  skip,
}, async () => {
  const [first, ...more] = findNotebooks(["notebooks"], [ROOT]);
  assert.ok(more.length > 10);
  for (const file of [first, ...more]) {
    const original = readNotebook(file);
    const link = await linkTo(SITE, JSON.stringify(original), file);
    assert.ok(link.startsWith(`${SITE}open.html#`) && link.length <= LONGEST_LINK, file);
    const { name, notebook } = await unpacked(link);
    assert.ok(file.endsWith(name));
    assert.deepEqual(
      notebook.cells.map(({ cell_type, source, id }) => [id, cell_type, source]),
      original.cells.map((cell) => [cell.id, cell.cell_type, sourceOf(cell)]),
    );
    assert.ok(notebook.cells.every(({ outputs }) => !Array.isArray(outputs) || !outputs.length));
  }
});

test("a notebook that is too large for a link says how large", { skip }, async () => {
  const noise = Array.from({ length: 9000 }, (_, i) => Math.sin(i).toString(36)).join("\n");
  const cells = [{ cell_type: "code", source: noise }];
  const text = JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells });
  await assert.rejects(linkTo(SITE, text, "large.ipynb"), (error) => {
    assert.ok(error instanceof TooLong && error.length > LONGEST_LINK);
    assert.match(error.message, /would have [\d,]+ characters, .* 60,000 at most/);
    return true;
  });
});

test("what would run or be trusted by itself never travels", () => {
  const evil = {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec: { name: "evil", language: "Python" }, widgets: { state: {} } },
    cells: [
      {
        cell_type: "code",
        id: "a b",
        source: ["1 + 1\n", "2"],
        metadata: { trusted: true, tags: ["x", { y: 1 }], jupyter: { source_hidden: true, z: 1 } },
        outputs: [{ output_type: "display_data", data: { "text/html": "<script>1</script>" } }],
        execution_count: 7,
      },
      {
        cell_type: "markdown",
        source: "![x](attachment:a.svg) ![](https://elsewhere.example/x.png)",
        attachments: {
          "a.svg": { "image/svg+xml": "<svg onload='1'/>" },
          "b.png": { "image/png": "AAAA", "text/html": "<script>" },
        },
      },
    ],
  };
  const notebook = forTravel(checkNotebook(JSON.stringify(evil)));
  assert.deepEqual(notebook, {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {
      kernelspec: {
        name: "karenina",
        display_name: "TypeScript (Karenina)",
        language: "typescript",
      },
      language_info: { name: "typescript", file_extension: ".ts", mimetype: "text/typescript" },
    },
    cells: [
      {
        id: "cell-0",
        cell_type: "code",
        source: "1 + 1\n2",
        metadata: { tags: ["x"], jupyter: { source_hidden: true } },
        outputs: [],
        execution_count: null,
      },
      {
        id: "cell-1",
        cell_type: "markdown",
        source: evil.cells[1].source,
        metadata: {},
        attachments: { "b.png": { "image/png": "AAAA" } },
      },
    ],
  });
  const facts = factsOf(checkNotebook(JSON.stringify(evil)));
  const counts = { codeCells: 1, codeLines: 2, textCells: 1, outputs: 1 };
  assert.deepEqual(facts, {
    ...counts,
    title: undefined,
    language: "python",
    namesAddresses: true,
  });
});

test("any JSON is a notebook that can travel, or refused in one sentence", () => {
  const cell = fc.record(
    {
      cell_type: fc.oneof(fc.constantFrom("code", "markdown", "raw"), fc.jsonValue()),
      source: fc.oneof(fc.string(), fc.array(fc.string()), fc.jsonValue()),
      id: fc.oneof(fc.constant("same"), fc.jsonValue()),
      metadata: fc.jsonValue(),
      attachments: fc.jsonValue(),
      outputs: fc.jsonValue(),
    },
    { requiredKeys: [] },
  );
  const good = fc.record({
    cell_type: fc.constantFrom("code", "markdown", "raw"),
    source: fc.string(),
    id: fc.constant("same"),
    metadata: fc.jsonValue(),
  });
  const notebook = fc.record({
    nbformat: fc.constantFrom(4, 4, 3, "4"),
    metadata: fc.jsonValue(),
    cells: fc.oneof(fc.array(good), fc.array(cell), fc.jsonValue()),
  });
  const whole = fc.record({ nbformat: fc.constant(4), cells: fc.array(good) });
  let travelled = 0;
  fc.assert(
    fc.property(fc.oneof(whole, notebook, fc.jsonValue()), (value) => {
      let checked: ReturnType<typeof checkNotebook>;
      try {
        checked = checkNotebook(JSON.stringify(value));
      } catch (error) {
        assert.match((error as Error).message, /^it [^\n]+\.$/);
        return;
      }
      travelled++;
      const once = forTravel(checked);
      factsOf(checked);
      assert.equal(new Set(once.cells.map(({ id }) => id)).size, once.cells.length);
      assert.doesNotMatch(JSON.stringify(once.cells.map(({ metadata }) => metadata)), /"trusted":/);
      // Who opens it finds what was sent.
      assert.deepEqual(forTravel(checkNotebook(JSON.stringify(once))), once);
    }),
    { numRuns: 500 },
  );
  assert.ok(travelled > 50, `${travelled} travelled`);
});

test("what is no notebook is refused with the reason", () => {
  const cells = Array.from({ length: 2001 }, () => ({ cell_type: "raw", source: "" }));
  for (const [value, reason] of [
    ["{", "it is not JSON."],
    ["[]", 'it is no notebook: it has no "nbformat": 4 with a list of "cells".'],
    ["null", 'it is no notebook: it has no "nbformat": 4 with a list of "cells".'],
    ['{"nbformat":3}', "it is a notebook of format 3; format 4 is needed."],
    [JSON.stringify({ nbformat: 4, cells }), "it has 2001 cells; up to 2000 are taken."],
    [
      '{"nbformat":4,"cells":[{"cell_type":"raw","source":""},{"cell_type":"code","source":[1]}]}',
      "it is no notebook: its cell 2 is none of code, Markdown or text.",
    ],
  ]) {
    assert.throws(() => checkNotebook(value), { message: reason });
  }
});

test("a name from elsewhere leads nowhere and hides nothing", () => {
  for (const [name, expected] of [
    ["moons.ipynb", "moons.ipynb"],
    ["../../../etc/passwd", "passwd.ipynb"],
    ["..\\..\\boot.ini", "boot.ini.ipynb"],
    ["Лекция 3.IPYNB", "Лекция 3.ipynb"],
    ["..", "notebook.ipynb"],
    ["a%2f..%2fb.ipynb", "a2f..2fb.ipynb"],
    ["x\u202Ebnypi.\u0000\n?#.ipynb", "xbnypi.ipynb"],
    ["", "notebook.ipynb"],
    [undefined, "notebook.ipynb"],
  ] as const) {
    assert.equal(fileName(name), expected);
  }
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (name) => {
      const once = fileName(name);
      assert.match(once, /^[^./\\ ][^/\\\p{Cc}\p{Cf}%?#]*\.ipynb$/u);
      assert.equal(fileName(once), once);
    }),
  );
  const take = (path: string) =>
    [...Array(3)].map(
      (
        (names) => () =>
          names.next().value
      )(namesFor(path)),
    );
  assert.deepEqual(take("a.b/moons.json"), [
    "a.b/moons.json",
    "a.b/moons (2).json",
    "a.b/moons (3).json",
  ]);
  assert.deepEqual(take("a.b/moons").slice(0, 2), ["a.b/moons", "a.b/moons (2)"]);
});

test("characters that are not seen are written out, the others left as they are", () => {
  assert.equal(
    plainlySeen("if (a) {\u202E } \u2066// b\u0000\uFEFF"),
    "if (a) {⟨U+202E⟩ } ⟨U+2066⟩// b⟨U+0000⟩⟨U+FEFF⟩",
  );
  assert.equal(plainlySeen("счастье 😀\tÄ\r\nx\ry"), "счастье 😀\tÄ\nx\ny");
  assert.equal(plainlySeen("\u{E0041}"), "⟨U+E0041⟩");
});

test("an address is the site's own, or one of another site, for which the reader is asked", () => {
  const ask = (address: string) => readFragment(`#${new URLSearchParams({ address })}`, SITE);
  assert.deepEqual(ask("files/02-keras-layers.ipynb"), {
    kind: "address",
    address: `${SITE}files/02-keras-layers.ipynb`,
    own: true,
    name: "02-keras-layers.ipynb",
  });
  const raw = "https://raw.githubusercontent.com/o/r/main/a%20b/c.ipynb";
  assert.deepEqual(ask("https://github.com/o/r/blob/main/a%20b/c.ipynb#L3"), {
    kind: "address",
    address: raw,
    own: false,
    name: "c.ipynb",
  });
  assert.deepEqual(ask(raw), ask("https://github.com/o/r/blob/main/a%20b/c.ipynb"));
  const gist = ask("https://gist.github.com/o/0a1b");
  assert.ok(gist?.kind === "address");
  assert.equal(gist.address, "https://gist.githubusercontent.com/o/0a1b/raw");
  // Another project of the same host is another site.
  const beside = ask("../other/x.ipynb");
  assert.ok(beside?.kind === "address" && !beside.own);
  for (const wrong of [
    "http://elsewhere.example/x.ipynb",
    "javascript:alert(1)",
    "data:application/json,{}",
    "blob:https://host.example/1",
    "file:///etc/passwd",
    "https://me:secret@elsewhere.example/x.ipynb",
    "https://",
  ]) {
    assert.throws(() => ask(wrong), /^Error: The link names /, wrong);
  }
  assert.equal(readFragment("", SITE), undefined);
  assert.equal(readFragment("#found-title", SITE), undefined);
});
