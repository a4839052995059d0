import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative } from "node:path";
import { type Cell, type Notebook, sourceOf } from "../../runner/notebookFile";

/** The prose of one cell in another language. */
export interface TranslatedCell {
  id: string;
  /** The {@link proseHash} of the English prose that was translated. */
  hash: string;
  text: string;
  /** Where its mark stands in the file; counts from 1. */
  line: number;
}

const MARK = /^<!-- cell (\S+) ([\da-f]{8}) -->$/;
const NEARLY_MARK = /^\s*<!--\s*cell\b/i;

/** Where a lesson's translation lies: `notebooks/01-x.ipynb` and `notebooks/ru/01-x.md`. */
export function translationPath(notebookPath: string, language = "ru"): string {
  return join(dirname(notebookPath), language, `${basename(notebookPath, ".ipynb")}.md`);
}

/** A path as errors name it: relative to the project, where it lies in it. */
export function shownPath(path: string, root: string): string {
  const inside = relative(root, path);
  return inside.startsWith("..") || isAbsolute(inside) ? path : inside;
}

/** The translation of a lesson, or undefined where nobody has begun one. */
export function readTranslation(notebookPath: string, language = "ru"): string | undefined {
  try {
    return readFileSync(translationPath(notebookPath, language), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") {
      return undefined;
    }
    throw error;
  }
}

/** The first 8 hex digits of the SHA-256 of a cell's prose: another hash, other prose. */
export function proseHash(source: string): string {
  return createHash("sha256").update(source, "utf8").digest("hex").slice(0, 8);
}

/** The line before a cell's translation. */
export const markOf = (cell: Cell): string =>
  `<!-- cell ${cell.id} ${proseHash(sourceOf(cell))} -->`;

/** The cells that are translated. All others are shared by all languages. */
export const proseCells = (notebook: Notebook): Cell[] =>
  notebook.cells.filter((cell) => cell.cell_type === "markdown");

/**
 * Reads a translation: prose, each piece below the mark `<!-- cell ID HASH -->` of its cell.
 *
 * @param path named in errors
 * @throws Error for a mark that is not in this form, and for text before the first mark
 */
export function parseTranslation(text: string, path: string): TranslatedCell[] {
  const cells: (Omit<TranslatedCell, "text"> & { lines: string[] })[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const mark = MARK.exec(line.trimEnd());
    if (mark) {
      cells.push({ id: mark[1], hash: mark[2], lines: [], line: index + 1 });
    } else if (NEARLY_MARK.test(line)) {
      throw new Error(
        `${path}, line ${index + 1}: "${line.trim()}" is no mark of a cell. Write it as in ` +
          '"<!-- cell 1a2b3c4d 0123abcd -->": the cell\'s id, then 8 hex digits; ' +
          "`npm run docs -- stale` shows the marks that are missing.",
      );
    } else if (cells.length > 0) {
      cells.at(-1)!.lines.push(line);
    } else if (line.trim() !== "") {
      throw new Error(
        `${path}, line ${index + 1}: text stands before the first mark, so it belongs to no cell. ` +
          "Move it below the mark of its cell, or delete it.",
      );
    }
  }
  return cells.map(({ lines, ...cell }) => ({ ...cell, text: lines.join("\n").trim() }));
}

/**
 * A translation whose cells say that they were made of the prose that the lesson has now.
 *
 * @param ids the cells whose translation has been revised
 * @param path the translation's, named in errors
 * @throws Error where a cell is not in the lesson or not in the translation
 */
export function restamp(
  text: string,
  lesson: Notebook,
  ids: readonly string[],
  path: string,
): string {
  const lines = text.split("\n");
  const translated = parseTranslation(text, path);
  for (const id of ids) {
    const cell = proseCells(lesson).find((each) => each.id === id);
    const own = translated.filter((each) => each.id === id);
    if (!cell || own.length === 0) {
      const where = cell ? path : `the lesson of ${path}`;
      throw new Error(
        `There is no Markdown cell ${id} in ${where}. \`npm run docs -- stale\` names the cells that ` +
          "are not up to date.",
      );
    }
    for (const { line } of own) {
      lines[line - 1] = markOf(cell);
    }
  }
  return lines.join("\n");
}
