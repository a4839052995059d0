import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { readNotebook, sourceOf } from "../../runner/notebookFile";
import { parseTranslation, proseCells } from "../../scripts/docs/translation";
import { translationProblems } from "../../scripts/docs/translationProblems";

const lessons = path.resolve(__dirname, "../../notebooks");
const folder = path.join(lessons, "ru");
const files = fs.existsSync(folder) ? fs.readdirSync(folder).sort() : [];

/**
 * What a translation keeps as it is: the level and number of headings, links, but for the glossary's,
 * which has an edition of its own, and displayed formulas but for the words in them.
 */
function frameOf(prose: string) {
  return {
    headings: [...prose.matchAll(/^(#+ (?:\d+ · )?)/gm)].map(([, heading]) => heading),
    links: [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target]) => target.replace("glossary.ru.md", "glossary.md"))
      .sort(),
    formulas: [...prose.matchAll(/\$\$([\s\S]*?)\$\$/g)].map(([, formula]) =>
      formula.trim().replace(/\\text\{[^}]*\}/g, "\\text{}"),
    ),
  };
}

test("every lesson has a Russian edition", () => {
  const english = fs.readdirSync(lessons).filter((name) => name.endsWith(".ipynb"));
  assert.ok(english.length > 10, "the lessons were found");
  assert.deepEqual(
    files,
    english.map((name) => name.replace(/\.ipynb$/, ".md")),
  );
});

for (const file of files) {
  const lesson = path.join(lessons, `${path.basename(file, ".md")}.ipynb`);
  const shown = `notebooks/ru/${file}`;
  const text = fs.readFileSync(path.join(folder, file), "utf8");

  test(`${shown} is complete and fresh`, () => {
    assert.ok(file.endsWith(".md") && fs.existsSync(lesson), `${shown} belongs to no lesson`);
    const problems = translationProblems(text, readNotebook(lesson), shown);
    assert.equal(problems.map(({ message }) => message).join("\n"), "");
  });

  test(`${shown} is Russian, with the headings, links and formulas of the lesson`, () => {
    const prose = new Map(parseTranslation(text, shown).map((own) => [own.id, own.text]));
    for (const cell of proseCells(readNotebook(lesson))) {
      const own = prose.get(cell.id!) ?? "";
      assert.match(own, /[а-яё]/i, `cell ${cell.id} is not translated`);
      assert.deepEqual(frameOf(own), frameOf(sourceOf(cell)), `cell ${cell.id}`);
    }
  });
}
