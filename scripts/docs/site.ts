import { mkdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import {
  type Notebook,
  notebookText,
  parseNotebook,
  writeAtomically,
} from "../../runner/notebookFile";
import { copyPaths } from "../../runner/store";
import { gradable } from "./gradable";
import { makeSlides } from "./slides";
import { studentVersion } from "./studentVersion";
import { translatedLesson } from "./translatedNotebook";
import { shownPath } from "./translation";
import type { Language } from "./words";

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

/** The lessons in one language. */
export interface Edition {
  language: Language;
  /** Where its folders student, solution and slides are. */
  folder: string;
  /** The lessons as students get them, by name, in reading order. */
  lessons: ReadonlyMap<string, Notebook>;
}

export interface Site {
  /** The files made. */
  files: string[];
  /** The English one, then those in other languages that have lessons. */
  editions: Edition[];
}

/**
 * Writes each lesson as student/NAME.ipynb, solution/NAME.ipynb and slides/NAME.html, and the same of
 * its translations below a folder named for the language, as in ru/student/NAME.ipynb. The students'
 * notebooks carry nbgrader's metadata.
 *
 * A translation that is incomplete or stale is left out, which standard error tells.
 *
 * @throws Error before anything is written where a lesson is no notebook or its marks do not fit
 */
export async function makeSite(options: SiteOptions): Promise<Site> {
  const { notebooks, root, folder, slides } = options;
  const names = copyPaths(notebooks, root, "").map((name) => basename(name, ".ipynb"));
  const lessons = notebooks.map((path, index): Lesson => {
    const text = readFileSync(path, "utf8");
    const notebook = parseNotebook(text, shownPath(path, root));
    const student = studentVersion(notebook, shownPath(path, root));
    // The source is the solution version, byte for byte.
    return { name: names[index], solution: text, student };
  });
  const russian = lessons.flatMap((lesson, index) => russianLesson(lesson, notebooks[index], root));
  const editions = [editionOf(lessons, "en", folder)];
  const written = [writeEdition(lessons, editions[0], slides)];
  if (russian.length > 0) {
    const edition = editionOf(russian, "ru", join(folder, "ru"));
    editions.push(edition);
    written.push(writeEdition(russian, edition, slides));
  }
  return { files: (await Promise.all(written)).flat(), editions };
}

function editionOf(lessons: Lesson[], language: Language, folder: string): Edition {
  return {
    language,
    folder,
    lessons: new Map(lessons.map(({ name, student }) => [name, student])),
  };
}

interface Lesson {
  name: string;
  /** The text of the notebook with solutions. */
  solution: string;
  student: Notebook;
}

function russianLesson({ name, solution }: Lesson, path: string, root: string): Lesson[] {
  const translated = translatedLesson(parseNotebook(solution, path), path, { root });
  if (translated === undefined) {
    return [];
  }
  const { shown } = translated;
  if ("reason" in translated) {
    console.error(`${shown} is left out:\n${translated.reason}`);
    return [];
  }
  const { notebook } = translated;
  return [{ name, solution: notebookText(notebook), student: studentVersion(notebook, shown) }];
}

/** Writes the lessons in one language. */
async function writeEdition(
  lessons: Lesson[],
  { language, folder, lessons: shows }: Edition,
  slides: boolean,
): Promise<string[]> {
  const made: string[] = [];
  const write = (kind: string, name: string, text: string) => {
    const file = join(folder, kind, `${name}.ipynb`);
    writeAtomically(file, text);
    made.push(file);
  };
  for (const kind of ["student", "solution"]) {
    mkdirSync(join(folder, kind), { recursive: true });
  }
  for (const { name, solution, student } of lessons) {
    write("student", name, notebookText(gradable(student)));
    write("solution", name, solution);
  }
  if (slides) {
    // A lecture does not give solutions away either.
    await makeSlides({ notebooks: shows, folder: join(folder, "slides"), language });
    made.push(...lessons.map(({ name }) => join(folder, "slides", `${name}.html`)));
  }
  return made;
}
