import assert from "node:assert/strict";
import { test } from "node:test";
import { searchDocuments } from "../../../scripts/docs/searchDocuments";

test("a page is found by its sections, without outputs and navigation", () => {
  const html =
    '<nav>Site</nav><main><p class="files">Slides</p><h1 id="t">Title<a class="anchor-link">¶</a></h1>' +
    '<p>Intro <b>bold</b>.</p><h2 id="s">Section</h2><pre><span>let</span> <span>a</span>;</pre>' +
    '<div class="output_wrapper">42</div><h3>Below</h3></main>';
  assert.deepEqual(searchDocuments([{ url: "p.html", html, language: "ru" }], []), [
    { id: 0, title: "Title", place: "", url: "p.html", text: "Intro bold.", language: "ru" },
    {
      id: 1,
      title: "Section",
      place: "Title",
      url: "p.html#s",
      text: "let a; Below",
      language: "ru",
    },
  ]);
});

test("formulas are marked in prose, dollars in code are not", () => {
  const html =
    "<main><h1>T</h1><ul><li>With $a &lt; b$ and <em>c</em>, $$\n\\frac{a}{b}\n$$</li><li>5 $ or 6 $</li></ul>" +
    "<p><code>$x$</code></p><pre>$a + $b</pre></main>";
  const [{ text } = { text: "" }] = searchDocuments([{ url: "p.html", html, language: "en" }], []);
  assert.equal(
    text,
    "With \u{E000}a < b\u{E001} and c, \u{E000}\\frac{a}{b}\u{E001} 5 $ or 6 $ $x$ $a + $b",
  );
});

test("what is exported is found in the reference", () => {
  const entry = {
    name: "train",
    kind: "function",
    summary: "Trains.",
    url: "functions/train.html",
  };
  assert.deepEqual(searchDocuments([], [entry]), [
    {
      id: 0,
      title: "train",
      place: "API: function",
      url: "api/functions/train.html",
      text: "Trains.",
    },
  ]);
});
