// The glossary: docs/glossary.json holds the terms, the lessons say where each is introduced.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { type Notebook, readNotebook, sourceOf } from "../../runner/notebookFile";
import { translatedLesson } from "./translatedNotebook";
import { type Language, WORDS } from "./words";

/** A term in one language. */
interface TermWords {
  term: string;
  /** What stands in bold where the lesson introduces it (default: the term). */
  bold?: string;
  /** What it means, in a line. */
  gloss: string;
  unit?: string;
}

/** An entry of docs/glossary.json. */
export interface GlossaryTerm extends Record<Language, TermWords> {
  /** The lesson that introduces it, as its file is called, without the ending. */
  lesson: string;
  /** Markdown, mostly a formula. */
  symbol?: string;
}

/** All terms, in no order that matters. */
export const GLOSSARY: readonly GlossaryTerm[] = JSON.parse(
  readFileSync(resolve(__dirname, "../../docs/glossary.json"), "utf8"),
);

/** A glossary's file in the project, by language. Its links lead from docs/ to the lessons. */
export const glossaryFile = (language: Language): string =>
  language === "en" ? "docs/glossary.md" : `docs/glossary.${language}.md`;

/** What stands in bold in a piece of Markdown, in small letters, without a full stop or colon behind. */
export const boldIn = (text: string): string[] =>
  [...text.matchAll(/\*\*([^*]+)\*\*/g)].map(([, words]) =>
    words.replace(/[.:]$/, "").toLowerCase(),
  );

/** The words by which a lesson introduces a term. */
export const introducedAs = (term: GlossaryTerm, language: Language): string =>
  (term[language].bold ?? term[language].term).toLowerCase();

/**
 * The id of the first cell of the English lesson that has the term in bold.
 *
 * @throws Error where there is none, saying what to do
 */
export function introducingCell(term: GlossaryTerm, lesson: Notebook): string {
  const words = introducedAs(term, "en");
  const cell = lesson.cells.find(
    (each) => each.cell_type === "markdown" && boldIn(sourceOf(each)).includes(words),
  );
  if (cell?.id === undefined) {
    throw new Error(
      `docs/glossary.json says that ${term.lesson} introduces "${term.en.term}", but no prose there has ` +
        `**${words}** in bold. Write it in bold where the lesson explains it, or name another lesson.`,
    );
  }
  return cell.id;
}

/** The section in which a cell stands: its number or name, and its heading's name in links. */
function sectionOf(id: string, lesson: Notebook): { label: string; fragment: string } {
  let [label, heading] = ["", ""];
  for (const cell of lesson.cells) {
    const prose = cell.cell_type === "markdown" ? sourceOf(cell) : "";
    for (const [, level, text] of prose.matchAll(/^(##+) (.+)$/gm)) {
      heading = text;
      if (level === "##") {
        label = /^(\d+) · /.exec(text)?.[1] ?? text;
      }
    }
    if (cell.id === id) {
      break;
    }
  }
  // As nbconvert and JupyterLab name it; a bracket would end the link.
  const name = heading.replace(/[`*]/g, "").replaceAll(" ", "-");
  const fragment = name.replace(/[()]/g, (bracket) => (bracket === "(" ? "%28" : "%29"));
  return { label, fragment };
}

export interface GlossaryOptions {
  language: Language;
  /** A lesson in English, in which the terms are looked for; undefined where it is not there. */
  english: (name: string) => Notebook | undefined;
  /** The lesson that a link leads to, whose headings it names (default: `english`). */
  shown?: (name: string) => Notebook | undefined;
}

/**
 * The glossary as Markdown: a table in the order of the alphabet. Links lead from docs/ to lessons in
 * notebooks/; a term of a lesson that is not there has none.
 *
 * @throws Error where a lesson does not introduce its term
 */
export function glossaryText({ language, english, shown = english }: GlossaryOptions): string {
  const { glossary, glossaryAbout, glossaryHeads } = WORDS[language];
  const other: Language = language === "en" ? "ru" : "en";
  const collator = new Intl.Collator(language, { sensitivity: "base" });
  const rows = [...GLOSSARY]
    .sort((one, two) => collator.compare(one[language].term, two[language].term))
    .map((term) => {
      const place = placeOf(term, english(term.lesson), shown(term.lesson));
      const { term: name, gloss, unit } = term[language];
      const symbol = [term.symbol, unit].filter((each) => each !== undefined).join(", ");
      const translated = `<span lang="${other}">${term[other].term}</span>`;
      return `| **${name}** | ${gloss} | ${symbol} | ${translated} | ${place} |`;
    });
  const head = `| ${glossaryHeads.join(" | ")} |\n|${" --- |".repeat(glossaryHeads.length)}`;
  return [`# ${glossary}`, glossaryAbout, [head, ...rows].join("\n")].join("\n\n");
}

function placeOf(term: GlossaryTerm, english?: Notebook, shown?: Notebook): string {
  const number = term.lesson.slice(0, 2);
  if (english === undefined || shown === undefined) {
    return number;
  }
  const { label, fragment } = sectionOf(introducingCell(term, english), shown);
  const place = label === "" ? number : `${number} · ${label}`;
  const address = `../notebooks/${term.lesson}.ipynb${fragment === "" ? "" : `#${fragment}`}`;
  return `[${place}](${address})`;
}

/**
 * The glossary as it stands in a project's {@link glossaryFile}.
 *
 * @throws Error where a lesson does not introduce its term, or its translation is stale
 */
export function glossaryOf(root: string, language: Language): string {
  const pathOf = (name: string) => resolve(root, "notebooks", `${name}.ipynb`);
  const english = (name: string) => readNotebook(pathOf(name));
  const shown = (name: string) => {
    const translated = translatedLesson(english(name), pathOf(name), { root, language });
    if (translated !== undefined && "reason" in translated) {
      throw new Error(translated.reason);
    }
    return translated?.notebook;
  };
  const options = language === "en" ? { language, english } : { language, english, shown };
  return `${glossaryText(options)}\n`;
}
