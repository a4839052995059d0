import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Notebook } from "../../../runner/notebookFile";
import { translateNotebook } from "../../../scripts/docs/translatedNotebook";
import {
  markOf,
  parseTranslation,
  proseCells,
  proseHash,
  restamp,
} from "../../../scripts/docs/translation";
import { translationProblems } from "../../../scripts/docs/translationProblems";

const markdown = (id: string, source: string | string[]) => ({
  cell_type: "markdown",
  id,
  metadata: { slideshow: { slide_type: "slide" } },
  source,
});
const lesson: Notebook = {
  cells: [
    markdown("title", "# 01 · Title"),
    {
      cell_type: "code",
      id: "code",
      metadata: {},
      source: "1 + 1",
      outputs: [],
      execution_count: 1,
    },
    markdown("text", ["Two\n", "lines."]),
    markdown("end", "## Summary"),
  ],
  metadata: { kernelspec: { name: "karenina" } },
  nbformat: 4,
  nbformat_minor: 5,
};
const PATH = "notebooks/ru/01-title.md";
const [title, text, end] = proseCells(lesson).map(markOf) as [string, string, string];
const whole = `${title}\n# 01 · Заголовок\n\n${text}\n\nДве\n\nстроки.\n\n${end}\n## Итоги\n`;
const kinds = (translation: string) =>
  translationProblems(translation, lesson, PATH).map(({ kind, cell }) => [kind, cell]);

test("the hash is the beginning of the SHA-256 of the joined lines", () => {
  // printf abc | sha256sum
  assert.equal(proseHash("abc"), "ba7816bf");
  assert.equal(text, `<!-- cell text ${proseHash("Two\nlines.")} -->`);
});

test("a translation is read cell by cell, without the blank lines around", () => {
  assert.deepEqual(
    parseTranslation(whole, PATH).map(({ id, text, line }) => [id, text, line]),
    [
      ["title", "# 01 · Заголовок", 1],
      ["text", "Две\n\nстроки.", 4],
      ["end", "## Итоги", 10],
    ],
  );
  const windows = parseTranslation(whole.replaceAll("\n", "\r\n"), PATH);
  assert.deepEqual(windows, parseTranslation(whole, PATH));
});

test("whatever prose is written below the marks comes back", () => {
  const prose = fc
    .array(fc.string({ unit: "grapheme" }))
    .map((lines) => lines.join("\n").replaceAll("\r", ""))
    .filter((each) => !/^\s*<!--\s*cell\b/im.test(each));
  fc.assert(
    fc.property(prose, prose, (one, two) => {
      const read = parseTranslation(`${title}\n${one}\n${text}\n${two}`, PATH);
      assert.deepEqual(
        read.map((own) => own.text),
        [one.trim(), two.trim()],
      );
    }),
  );
});

test("a mark in another form and text before the first mark are errors that name the line", () => {
  assert.throws(
    () => parseTranslation(`${title}\nA\n<!-- cell x -->\n`, PATH),
    /md, line 3: "<!--/,
  );
  assert.throws(
    () => parseTranslation(`\nFirst\n${title}\n`, PATH),
    /md, line 2: text stands before/,
  );
  assert.deepEqual(kinds("First"), [["form", undefined]]);
});

test("the Russian notebook has the English cells with other prose", () => {
  assert.deepEqual(translationProblems(whole, lesson, PATH), []);
  const russian = translateNotebook(lesson, whole, PATH);
  assert.deepEqual(
    russian.cells.map(({ source }) => source),
    ["# 01 · Заголовок", "1 + 1", "Две\n\nстроки.", "## Итоги"],
  );
  const frame = ({ cells, ...rest }: Notebook) => ({
    ...rest,
    cells: cells.map(({ source: _, ...cell }) => cell),
  });
  assert.deepEqual(frame(russian), frame(lesson));
});

test("a cell whose English changed is stale until it is restamped", () => {
  const changed = structuredClone(lesson);
  changed.cells[2].source = "Three lines.";
  const [problem, ...others] = translationProblems(whole, changed, PATH);
  assert.deepEqual([problem.kind, problem.cell, others.length], ["stale", "text", 0]);
  assert.match(problem.message, /ru\/01-title\.md, line 4, cell text: .*restamp 01-title text/);
  assert.throws(() => translateNotebook(changed, whole, PATH), /has changed/);
  const fresh = restamp(whole, changed, ["text"], PATH);
  assert.deepEqual(translationProblems(fresh, changed, PATH), []);
  assert.equal(fresh.replace(proseHash("Three lines."), proseHash("Two\nlines.")), whole);
});

test("a missing cell is named with the line to write", () => {
  const without = `${title}\n# 01\n\n${end}\n## Итоги\n`;
  const [problem] = translationProblems(without, lesson, PATH);
  assert.deepEqual(kinds(without), [["missing", "text"]]);
  assert.ok(problem.message.includes(`after cell title, below a line ${text}`), problem.message);
  assert.equal(kinds("").length, 3);
});

test("unknown, repeated, misplaced and empty cells are found", () => {
  assert.deepEqual(kinds(`${whole}<!-- cell code 01234567 -->\nЧто?\n`), [["unknown", "code"]]);
  assert.deepEqual(kinds(`${whole}${end}\nЕщё.\n`), [["repeated", "end"]]);
  assert.deepEqual(kinds(`${text}\nДве.\n${title}\n# 01\n${end}\n## Итоги\n`), [
    ["misplaced", "title"],
  ]);
  assert.deepEqual(kinds(whole.replace("## Итоги", "")), [["empty", "end"]]);
});

test("a solution within prose keeps its marks", () => {
  const marked = "A\n<!-- BEGIN SOLUTION -->\nB\n<!-- END SOLUTION -->";
  const open = { ...lesson, cells: [markdown("x", marked)] };
  const mark = markOf(open.cells[0]);
  const found = (prose: string) => translationProblems(`${mark}\n${prose}`, open, PATH);
  assert.deepEqual(found("А\n<!-- BEGIN SOLUTION -->\nБ\n<!-- END SOLUTION -->"), []);
  for (const prose of ["А\nБ", "А\n<!-- BEGIN SOLUTION -->\nБ"]) {
    assert.deepEqual(
      found(prose).map(({ kind }) => kind),
      ["solution"],
    );
  }
});

test("only cells of the lesson and the translation can be restamped", () => {
  assert.throws(
    () => restamp(whole, lesson, ["code"], PATH),
    /no Markdown cell code in the lesson/,
  );
  assert.throws(
    () => restamp(`${title}\nА`, lesson, ["end"], PATH),
    /no Markdown cell end in note/,
  );
});
