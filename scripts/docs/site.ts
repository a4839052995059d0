import { mkdirSync, readFileSync } from "node:fs";
import { basename, isAbsolute, join, relative } from "node:path";
import {
  type Notebook,
  notebookText,
  parseNotebook,
  writeAtomically,
} from "../../kernel/runner/notebook-file";
import { copyPaths } from "../../kernel/runner/store";
import { makeSlides } from "./slides";
import { studentVersion } from "./studentVersion";
import { translateNotebook } from "./translatedNotebook";
import { readTranslation, translationPath } from "./translation";

export interface SiteOptions {
  /** Absolute paths of the lessons. */
  notebooks: readonly string[];
  /** The project: errors name paths relative to it. */
  root: string;
  /** Where the folders student, solution, slides, and those of the translations go. */
  folder: string;
  /** Whether slides are made, too. */
  slides: boolean;
}

/**
 * Writes each lesson as student/NAME.ipynb, solution/NAME.ipynb and slides/NAME.html, and the same of
 * its translations below a folder named for the language, as in ru/student/NAME.ipynb.
 *
 * A translation that is incomplete or stale is left out, which standard error tells.
 *
 * @returns the files made
 * @throws Error before anything is written where a lesson is no notebook or its marks do not fit
 */
export async function makeSite(options: SiteOptions): Promise<string[]> {
  const { notebooks, root, folder, slides } = options;
  const names = copyPaths(notebooks, root, "").map((name) => basename(name, ".ipynb"));
  const lessons = notebooks.map((path, index): Lesson => {
    const text = readFileSync(path, "utf8");
    const notebook = parseNotebook(text, shownPath(path, root));
    const student = studentVersion(notebook, shownPath(path, root));
    // The source is the solution version, byte for byte.
    return { name: names[index]!, solution: text, student };
  });
  const russian = lessons.flatMap((lesson, index) =>
    russianLesson(lesson, notebooks[index]!, root),
  );
  const made = await writeEdition(lessons, folder, slides, "en");
  if (russian.length === 0) return made;
  return [...made, ...(await writeEdition(russian, join(folder, "ru"), slides, "ru"))];
}

interface Lesson {
  name: string;
  /** The text of the notebook with solutions. */
  solution: string;
  student: Notebook;
}

function shownPath(path: string, root: string): string {
  const inside = relative(root, path);
  return inside.startsWith("..") || isAbsolute(inside) ? path : inside;
}

function russianLesson({ name, solution }: Lesson, path: string, root: string): Lesson[] {
  const text = readTranslation(path);
  if (text === undefined) return [];
  const shown = shownPath(translationPath(path), root);
  let notebook: Notebook;
  try {
    notebook = translateNotebook(parseNotebook(solution, path), text, shown);
  } catch (error) {
    console.error(`${shown} is left out:\n${(error as Error).message}`);
    return [];
  }
  return [{ name, solution: notebookText(notebook), student: studentVersion(notebook, shown) }];
}

/** Writes the lessons in one language. */
async function writeEdition(
  lessons: Lesson[],
  folder: string,
  slides: boolean,
  language: string,
): Promise<string[]> {
  const made: string[] = [];
  const write = (kind: string, name: string, text: string) => {
    const file = join(folder, kind, `${name}.ipynb`);
    writeAtomically(file, text);
    made.push(file);
  };
  for (const kind of ["student", "solution"]) mkdirSync(join(folder, kind), { recursive: true });
  for (const { name, solution, student } of lessons) {
    write("student", name, notebookText(student));
    write("solution", name, solution);
  }
  if (slides) {
    // A lecture does not give solutions away either.
    const shows = new Map(lessons.map(({ name, student }) => [name, student]));
    await makeSlides({ notebooks: shows, folder: join(folder, "slides"), language });
    made.push(...lessons.map(({ name }) => join(folder, "slides", `${name}.html`)));
  }
  return made;
}
