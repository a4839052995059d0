import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { loadText } from "../../../lib/datasets/dataSets";
import { DataError } from "../../../lib/text/dataError";
import { temporaryFolder } from "./workspace";

test("a file of one's own is read by an object or by a string with a dot or a slash", async (t) => {
  const folder = temporaryFolder(t);
  const file = path.join(folder, "text");
  writeFileSync(file, "Привет, 🌍!\r\n");
  assert.equal(await loadText({ path: file }), "Привет, 🌍!\r\n");
  assert.equal(await loadText(file), "Привет, 🌍!\r\n");
  const relative = path.relative(process.cwd(), file);
  assert.equal(await loadText(relative), "Привет, 🌍!\r\n");
});

test("a byte order mark is dropped", async (t) => {
  const file = path.join(temporaryFolder(t), "marked.txt");
  writeFileSync(file, "\uFEFFtext");
  assert.equal(await loadText(file), "text");
});

test("a missing file, a folder, an empty file: each is reported", async (t) => {
  const folder = temporaryFolder(t);
  const missing = path.join(folder, "missing.txt");
  await assert.rejects(loadText(missing), (error) => {
    assert.ok(error instanceof DataError);
    assert.equal(error.code, "not-found");
    assert.ok(error.message.includes(missing));
    return true;
  });
  await assert.rejects(loadText({ path: folder }), { code: "not-a-file" });
  for (const [name, content] of [
    ["empty.txt", ""],
    ["only-a-mark.txt", "\uFEFF"],
  ] as const) {
    const file = path.join(folder, name);
    writeFileSync(file, content);
    await assert.rejects(loadText(file), { code: "empty", message: /is empty/ });
  }
  mkdirSync(path.join(folder, "file.txt"));
  await assert.rejects(loadText(path.join(folder, "file.txt", "inner.txt")), {
    code: "not-found",
  });
});

test("text in another encoding: the error gives the offset of the first wrong byte", async (t) => {
  const file = path.join(temporaryFolder(t), "text.txt");
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: "grapheme" }),
      // Bytes that start no character, a broken one, one that is too long, a cut one at the end.
      fc.constantFrom([0xff], [0xcf, 0x20], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xe2, 0x82]),
      async (text, wrong) => {
        const good = Buffer.from(text, "utf8");
        writeFileSync(file, Buffer.concat([good, Buffer.from(wrong)]));
        const byte = wrong[0].toString(16);
        await assert.rejects(loadText(file), {
          code: "not-utf8",
          message: new RegExp(`byte 0x${byte} at offset ${good.length} cannot stand there`),
        });
      },
    ),
    { numRuns: 50 },
  );
});

test("UTF-16 is recognised", async (t) => {
  const file = path.join(temporaryFolder(t), "text.txt");
  writeFileSync(file, Buffer.from("\uFEFFtext", "utf16le"));
  await assert.rejects(loadText(file), /offset 0 .*iconv -f UTF-16/);
});

test("an unknown data set: the nearest name and all names are given", async () => {
  await assert.rejects(loadText("ana-karenina"), (error) => {
    assert.ok(error instanceof DataError);
    assert.equal(error.code, "unknown-data-set");
    assert.match(error.message, /Did you mean "anna-karenina-ru"\?/);
    assert.match(error.message, /moby-dick, sotu, mnist, /);
    return true;
  });
  await assert.rejects(loadText("toString"), { code: "unknown-data-set" });
});

test("a data set that is no text names its loader", async () => {
  await assert.rejects(loadText("mnist"), {
    code: "wrong-kind",
    message: /loadMnist\(\{ name: "mnist" \}\)/,
  });
  await assert.rejects(loadText("sotu"), { code: "wrong-kind", message: /loadAddresses\(\)/ });
});

test("Anna Karenina where nothing can be reached: the stand-in is named, not used", async (t) => {
  const folder = temporaryFolder(t);
  const options = { offline: true, cacheFolder: folder, dataFolder: folder };
  await assert.rejects(loadText("anna-karenina-ru", options), {
    code: "offline",
    message: /Its stand-in is "moby-dick" \(Moby Dick\).*loadText\("moby-dick"\) uses it instead/,
  });
});

test("Anna Karenina has its known length and symbols", async (t) => {
  let text: string;
  try {
    text = await loadText("anna-karenina-ru", { offline: true, notify: () => {} });
  } catch (error) {
    if (!(error instanceof DataError) || error.code !== "offline") {
      throw error;
    }
    t.skip("the novel is not on this machine (KARENINA_DATA or the cache)");
    return;
  }
  assert.equal([...text].length, 1_707_618);
  assert.equal(new Set(text).size, 140);
  assert.ok(text.startsWith("ЧАСТЬ ПЕРВАЯ\n"));
});
