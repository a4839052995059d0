import type { Notebook } from "../../runner/notebookFile";
import { parseTranslation, readTranslation, shownPath, translationPath } from "./translation";
import { translationProblems } from "./translationProblems";

/** A lesson in another language, or why its translation is not that of the lesson as it is now. */
export type Translated = { shown: string; notebook: Notebook } | { shown: string; reason: string };

/**
 * The lesson at a path in another language; undefined where nobody has begun to translate it.
 *
 * @param root the project: `shown` is the translation's path relative to it
 */
export function translatedLesson(
  lesson: Notebook,
  path: string,
  { root, language = "ru" }: { root: string; language?: string },
): Translated | undefined {
  const text = readTranslation(path, language);
  if (text === undefined) {
    return undefined;
  }
  const shown = shownPath(translationPath(path, language), root);
  try {
    return { shown, notebook: translateNotebook(lesson, text, shown) };
  } catch (error) {
    return { shown, reason: (error as Error).message };
  }
}

/**
 * The lesson in another language: its prose is the translation's, all else is shared.
 *
 * @param path the translation's, named in errors
 * @throws Error with all {@link translationProblems}, where there are some
 */
export function translateNotebook(lesson: Notebook, text: string, path: string): Notebook {
  const problems = translationProblems(text, lesson, path);
  if (problems.length > 0) {
    throw new Error(problems.map(({ message }) => message).join("\n"));
  }
  const texts = new Map(parseTranslation(text, path).map((own) => [own.id, own.text]));
  const cells = lesson.cells.map((cell) =>
    cell.cell_type === "markdown" ? { ...cell, source: texts.get(cell.id!)! } : cell,
  );
  return { ...lesson, cells };
}
