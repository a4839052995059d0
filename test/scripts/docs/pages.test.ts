import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Notebook } from "../../../runner/notebookFile";
import { pagesOf } from "../../../scripts/docs/pages";
import type { Edition } from "../../../scripts/docs/site";
import { hostileText, NASTY } from "../../lib/hostile/hostileText";

const lesson = (title: string, links = ""): Notebook => ({
  cells: [
    { cell_type: "markdown", id: "a", metadata: {}, source: `# ${title}\n\nAbout it.\n\n${links}` },
  ],
  metadata: {},
  nbformat: 4,
  nbformat_minor: 5,
});
const english = (lessons: [string, Notebook][]): Edition => ({
  language: "en",
  folder: "/nowhere",
  lessons: new Map(lessons),
});
const russian = (lessons: [string, Notebook][]): Edition => ({
  language: "ru",
  folder: "/nowhere/ru",
  lessons: new Map(lessons),
});

interface PageData {
  root: string;
  translations: { language: string; url: string }[];
  previous?: { url: string };
  next?: { url: string };
}
const dataOf = (page: Notebook | undefined) => page!.metadata.page as unknown as PageData;

test("a lesson that is translated leads to its translation, and that back", () => {
  const en = english([
    ["00-a", lesson("A")],
    ["01-b", lesson("B")],
  ]);
  const ru = russian([["01-b", lesson("Б")]]);
  const pages = pagesOf(en, [ru]);
  const theirs = pagesOf(ru, [en]);
  assert.deepEqual(dataOf(pages.get("00-a")).translations, []);
  const [there] = dataOf(pages.get("01-b")).translations;
  assert.deepEqual([there.language, there.url], ["ru", "ru/01-b.html"]);
  const [back] = dataOf(theirs.get("01-b")).translations;
  assert.deepEqual([back.language, back.url], ["en", "../01-b.html"]);
  assert.equal(dataOf(theirs.get("01-b")).root, "../");
  assert.equal(dataOf(theirs.get("01-b")).previous, undefined);
  assert.deepEqual(
    [...theirs.keys()],
    ["index", "01-b", "glossary", "search"],
    "guides are in English only",
  );
});

test("links lead to the lesson in the page's language, and to English where there is none", () => {
  const links =
    "[b](01-b.ipynb#x) [a](00-a.ipynb) [kernel](../kernel/README.md) [none](nowhere.md)";
  const en = english([
    ["00-a", lesson("A")],
    ["01-b", lesson("B")],
  ]);
  const ru = russian([["01-b", lesson("Б", links)]]);
  const { source } = pagesOf(ru, [en]).get("01-b")!.cells[0];
  assert.match(
    String(source),
    /\[b\]\(01-b\.html#x\) \[a\]\(\.\.\/00-a\.html\) \[kernel\]\(\.\.\/kernel\.html\) none$/,
  );
});

test("a lesson's name, whatever it holds, stays within its addresses", () => {
  // What a file may be called: no slash, no NUL, and valid UTF-8.
  const fileName = hostileText
    .map((text) => text.replace(/[/\0]|\p{Cs}/gu, ""))
    .filter((text) => text !== "" && !["index", "glossary", "search"].includes(text));
  const plain = NASTY.map((text) => text.replace(/[/\0]|\p{Cs}/gu, ""));
  fc.assert(
    fc.property(fileName, (name) => {
      const lessons: [string, Notebook][] = [
        ["first", lesson("A")],
        [name, lesson("B")],
      ];
      const pages = pagesOf(english(lessons), [russian(lessons)]);
      const address = /^(ru\/)?([\w.!~*'%-]+)\.html$/;
      const { next } = dataOf(pages.get("first"));
      const [there] = dataOf(pages.get(name)).translations;
      for (const url of [next!.url, there.url]) {
        assert.equal(decodeURIComponent(address.exec(url)![2]), name);
      }
      const home = String(pages.get("index")!.cells[0].source);
      const [, target] = /\| \[B\]\(([^()\s]+)\) \|/.exec(home)!;
      assert.equal(target, next!.url);
    }),
    { seed: 8, numRuns: 50, examples: plain.map((text): [string] => [text]) },
  );
});

test("guides keep what they say of comments, and lose their own", () => {
  const pages = pagesOf(english([]), []);
  const text = (name: string) => String(pages.get(name)!.cells[0].source);
  assert.match(text("contributing"), /below a line `<!-- cell ID HASH -->`/);
  for (const [name, page] of pages) {
    assert.doesNotMatch(String(page.cells[0].source), /^<!--/m, name);
  }
});

test("a page's title names the page and the course, each once", () => {
  const pages = pagesOf(english([["00-a", lesson("A")]]), []);
  assert.equal(pages.get("index")!.metadata.title, "Karenina");
  assert.equal(pages.get("00-a")!.metadata.title, "A · Karenina");
  assert.equal(pages.get("kernel")!.metadata.title, "The kernel · Karenina");
});
