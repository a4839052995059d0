// The glossary against the lessons: each term is introduced, in bold, where it says.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { findNotebooks } from "../../runner/findNotebooks";
import { type Notebook, readNotebook, sourceOf } from "../../runner/notebookFile";
import {
  boldIn,
  GLOSSARY,
  type GlossaryTerm,
  glossaryFile,
  glossaryOf,
  glossaryText,
  introducedAs,
  introducingCell,
} from "../../scripts/docs/glossary";
import { translatedLesson } from "../../scripts/docs/translatedNotebook";

const ROOT = resolve(__dirname, "../..");
const pathOf = (lesson: string) => join(ROOT, "notebooks", `${lesson}.ipynb`);
const lessons = new Map(
  [...new Set(GLOSSARY.map(({ lesson }) => lesson))].map((name) => [
    name,
    readNotebook(pathOf(name)),
  ]),
);

/** The cells of prose in which a reader could meet a term: without code, formulas, headings, titles. */
function readProse(lesson: Notebook): { id: string; text: string }[] {
  return lesson.cells.flatMap((cell, index) => {
    if (cell.cell_type !== "markdown") {
      return [];
    }
    const text = sourceOf(cell)
      .replace(/\*\*Further reading\.\*\*[\s\S]*/, "")
      .replace(/`{3}[\s\S]*?`{3}|(`+)[\s\S]*?\1(?!`)/g, " ")
      .replace(/\$\$[\s\S]*?\$\$|\$[^$\n]*\$/g, " ")
      .replace(/^#.*$/gm, "")
      .replace(/\]\([^)]*\)/g, "]");
    // A lesson's first cell names what is to come: there only what is in bold is introduced.
    return [{ id: cell.id!, text: index > 0 ? text : (text.match(/\*\*[^*]+\*\*/g) ?? []).join() }];
  });
}

/** Where the words stand first, and whether in bold there. */
function firstMention(words: string, lesson: Notebook): { id: string; bold: boolean } | undefined {
  const escaped = words.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const mention = new RegExp(`(?<![\\w-])${escaped}(?:s|es)?(?![\\w-])`, "i");
  for (const { id, text } of readProse(lesson)) {
    const found = mention.exec(text);
    if (found) {
      const marks = text.slice(0, found.index).split("**").length - 1;
      return { id, bold: marks % 2 === 1 };
    }
  }
  return undefined;
}

test("the glossary has the terms that papers use, each once, with a line in both languages", () => {
  const terms = (language: "en" | "ru") => GLOSSARY.map((each) => each[language].term);
  assert.ok(GLOSSARY.length >= 80, `${GLOSSARY.length} terms`);
  for (const language of ["en", "ru"] as const) {
    assert.equal(new Set(terms(language)).size, GLOSSARY.length, "each term once");
    for (const { [language]: words } of GLOSSARY) {
      assert.match(words.gloss, /^[A-ZА-ЯЁ].*[.)]$/, `${words.term}: one line that is a sentence`);
      assert.ok(words.gloss.length <= 140, `${words.term}: ${words.gloss.length} characters`);
    }
  }
  const needed =
    "backpropagation, nonlinearity, regularisation, generalisation, logit, Xavier initialisation, " +
    "softmax, cross-entropy, overfitting, underfitting, dropout, early stopping, hyperparameter, " +
    "embedding, perplexity, vanishing gradient, gradient clipping, recurrent network, baseline";
  for (const term of needed.split(", ")) {
    assert.ok(terms("en").includes(term), `${term} is missing`);
  }
});

test("each term is in bold at its first mention in the lesson that the glossary names", () => {
  const wrong = GLOSSARY.flatMap((term) => {
    const lesson = lessons.get(term.lesson)!;
    const cell = introducingCell(term, lesson);
    const first = firstMention(introducedAs(term, "en"), lesson);
    const right = first?.bold === true && first.id === cell;
    return right ? [] : [`${term.en.term}: ${term.lesson}, cell ${cell}, but first ${first?.id}`];
  });
  assert.deepEqual(wrong, []);
});

test("the Russian lesson has each term in bold in the same cell", () => {
  const wrong = GLOSSARY.flatMap((term) => {
    const lesson = lessons.get(term.lesson)!;
    const translated = translatedLesson(lesson, pathOf(term.lesson), { root: ROOT });
    assert.ok(translated && "notebook" in translated, `${term.lesson} is translated`);
    const id = introducingCell(term, lesson);
    const bold = boldIn(sourceOf(translated.notebook.cells.find((cell) => cell.id === id)!));
    const words = introducedAs(term, "ru");
    return bold.includes(words) ? [] : [`${term.lesson}, cell ${id}: ${words}, not in ${bold}`];
  });
  assert.deepEqual(wrong, []);
});

test("a term is not introduced in bold in a lesson before the one that the glossary names", () => {
  const numbered = findNotebooks(["notebooks/0*.ipynb", "notebooks/1*.ipynb"], [ROOT]);
  assert.equal(numbered.length, 11);
  const wrong = GLOSSARY.flatMap(({ en, lesson }) =>
    numbered
      .filter((path) => path < pathOf(lesson))
      .filter((path) =>
        readNotebook(path).cells.some(
          (cell) =>
            cell.cell_type === "markdown" && boldIn(sourceOf(cell)).includes(en.term.toLowerCase()),
        ),
      )
      .map((path) => `${en.term}: ${path}, before ${lesson}`),
  );
  assert.deepEqual(wrong, []);
});

test("the pages in docs/ are those of the file and the lessons", () => {
  for (const language of ["en", "ru"] as const) {
    const file = glossaryFile(language);
    const page = readFileSync(join(ROOT, file), "utf8");
    assert.equal(page, glossaryOf(ROOT, language), `${file}: run \`npm run docs -- glossary\``);
  }
});

test("a term without a lesson has no link; one that its lesson does not introduce is refused", () => {
  const text = glossaryText({ language: "en", english: () => undefined });
  assert.match(text, /\| \*\*logit\*\* \| .* \| 01 \|/);
  assert.doesNotMatch(text, /\]\(/);
  const [term] = GLOSSARY as [GlossaryTerm];
  const empty = { cells: [], metadata: {}, nbformat: 4, nbformat_minor: 5 };
  assert.throws(() => introducingCell(term, empty), /no prose there has \*\*.+\*\* in bold/);
});

test("a mention is found wherever a reader meets it, in bold or not", () => {
  const lesson = (...prose: string[]): Notebook => ({
    cells: prose.map((source, i) => ({
      cell_type: "markdown",
      id: `${i}`,
      metadata: {},
      source,
    })),
    metadata: {},
    nbformat: 4,
    nbformat_minor: 5,
  });
  const first = (...prose: string[]) => firstMention("loss", lesson("# Loss\n\n* loss", ...prose));
  assert.deepEqual(first("`loss` $loss$ [x](loss) lossless", "a **loss**"), {
    id: "2",
    bold: true,
  });
  assert.deepEqual(first("**The** loss, then **loss**"), { id: "1", bold: false });
  assert.deepEqual(first("**Losses.**"), { id: "1", bold: true });
  assert.equal(first("## Loss"), undefined);
});
