import { mkdirSync, readFileSync } from "node:fs";
import { basename, isAbsolute, join, relative } from "node:path";
import { notebookText, parseNotebook, writeAtomically } from "../../kernel/runner/notebook-file";
import { copyPaths } from "../../kernel/runner/store";
import { makeSlides } from "./slides";
import { studentVersion } from "./studentVersion";

export interface SiteOptions {
  /** Absolute paths of the lessons. */
  notebooks: readonly string[];
  /** The project: errors name paths relative to it. */
  root: string;
  /** Where the folders student, solution and slides go. */
  folder: string;
  /** Whether slides are made, too. */
  slides: boolean;
}

/**
 * Writes each lesson as student/NAME.ipynb, solution/NAME.ipynb and slides/NAME.html.
 *
 * @returns the files made
 * @throws Error before anything is written where a lesson is no notebook or its marks do not fit
 */
export async function makeSite(options: SiteOptions): Promise<string[]> {
  const { notebooks, root, folder, slides } = options;
  const lessons = copyPaths(notebooks, root, "").map((name, index) => {
    const path = notebooks[index]!;
    const inside = relative(root, path);
    const shownPath = inside.startsWith("..") || isAbsolute(inside) ? path : inside;
    const text = readFileSync(path, "utf8");
    const student = studentVersion(parseNotebook(text, shownPath), shownPath);
    return { name: basename(name, ".ipynb"), text, student };
  });
  const made: string[] = [];
  const write = (kind: string, name: string, text: string) => {
    const file = join(folder, kind, `${name}.ipynb`);
    writeAtomically(file, text);
    made.push(file);
  };
  for (const kind of ["student", "solution"]) mkdirSync(join(folder, kind), { recursive: true });
  for (const { name, text, student } of lessons) {
    write("student", name, notebookText(student));
    // The source is the solution version, byte for byte.
    write("solution", name, text);
  }
  if (slides) {
    // A lecture does not give solutions away either.
    const shows = new Map(lessons.map(({ name, student }) => [name, student]));
    await makeSlides({ notebooks: shows, folder: join(folder, "slides") });
    made.push(...lessons.map(({ name }) => join(folder, "slides", `${name}.html`)));
  }
  return made;
}
