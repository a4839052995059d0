import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { relink, relinkHeadings } from "../../../scripts/docs/markdownLinks";

const pages: Record<string, string> = { "a.ipynb": "a.html", "b.svg": "assets/b.svg" };
const site = (target: string) => pages[target];

test("links to pages and pictures get their places on the site", () => {
  assert.equal(
    relink("See [A](a.ipynb#part) ![B](b.svg)", site),
    "See [A](a.html#part) ![B](assets/b.svg)",
  );
});

test("a link to what the site does not have becomes its text", () => {
  assert.equal(relink("[`lib/`](../lib) and [C](c.md)", site), "`lib/` and C");
  assert.equal(relink("![a [nested] label](none.png)", site), "a [nested] label");
});

test("other sites, places in the page and fenced code stay", () => {
  for (const text of [
    "[x](https://example.org/a.ipynb) [y](#a) [z](mailto:a@b.c)",
    "```ts\nf[0](a.ipynb)\n```\n",
  ]) {
    assert.equal(relink(text, site), text);
  }
});

test("prose without links stays as it is", () => {
  const prose = fc.string().filter((text) => !text.includes("]("));
  fc.assert(fc.property(prose, (text) => assert.equal(relink(text, site), text)));
});

test("links to headings take the names that nbconvert gives them", () => {
  const text =
    "[a](#when-cells-change) [b](#no-heading)\n\n## When `cells` change\n\n### C++, and *more*!\n\n[c](#c-and-more)";
  assert.equal(
    relinkHeadings(text),
    "[a](#When-cells-change) [b](#no-heading)\n\n## When `cells` change\n\n### C++, and *more*!\n\n[c](#C++,-and-more!)",
  );
});

test("a heading with an apostrophe is linked as nbconvert names it", () => {
  assert.equal(
    relink("[05 · 9](05.ipynb#9-·-Newton's-method) ![d](d.svg#it's)", (target) => `x-${target}`),
    `<a href="x-05.ipynb#9-%C2%B7-Newton's-method">05 · 9</a> ![d](x-d.svg#it's)`,
  );
});
