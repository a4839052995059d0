import type { Notebook } from "../../runner/notebookFile";
import { parseTranslation } from "./translation";
import { translationProblems } from "./translationProblems";

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
