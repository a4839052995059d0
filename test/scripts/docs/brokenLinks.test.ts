import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { brokenLinks } from "../../../scripts/docs/brokenLinks";

function siteOf(t: TestContext, files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), "links-test-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

test("what leads somewhere is not broken", (t) => {
  const folder = siteOf(t, {
    "index.html":
      '<a href="sub/b.html#one two">x</a><a href=\'#here\'>y</a><h2 id="here">z</h2>' +
      '<a href="sub/b.html#one%20two">x</a><a href="https://example.org/none">w</a>' +
      '<img alt="a > b" src="data:image/png;base64,AA"><script src="s.js?v=1"></script>',
    "s.js": "",
    "sub/b.html":
      '<h1 id="one two"></h1><a href="../index.html#here">up</a><a href="c%20d.html#/2">v</a>' +
      '<!-- <a href="none.html"> --><script>const a = \'<a href="none.html">\';</script>',
    "sub/c d.html": "<p>",
  });
  assert.deepEqual(brokenLinks(folder), []);
});

test("each broken link is named with its page", (t) => {
  const folder = siteOf(t, {
    "index.html":
      '<a href="none.html">a</a><a href="sub/b.html#none">b</a><a href="../outside.html">c</a>' +
      '<a href="sub/">d</a><a class="x" href="a&amp;b.html">e</a>',
    "sub/b.html":
      '<script src="https://example.org/x.js"></script><link rel="stylesheet" href="//example.org/y.css">',
  });
  assert.deepEqual(brokenLinks(folder).sort(), [
    "index.html: ../outside.html",
    "index.html: a&b.html",
    "index.html: none.html",
    "index.html: sub/",
    "index.html: sub/b.html#none",
    "sub/b.html: //example.org/y.css",
    "sub/b.html: https://example.org/x.js",
  ]);
});
