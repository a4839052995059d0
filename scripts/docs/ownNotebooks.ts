// The lessons in another language as notebooks that a student runs and changes.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync } from "node:fs";
import { basename, join } from "node:path";
import {
  type Notebook,
  notebookText,
  readNotebook,
  sourceOf,
  writeAtomically,
} from "../../runner/notebookFile";
import { translatedLesson } from "./translatedNotebook";
import type { Language } from "./words";

export interface OwnNotebook {
  file: string;
  /**
   * - `written`: it was not there, or the lesson has changed and the student had not touched it;
   * - `same`: the lesson is as it was when it was written;
   * - `kept`: the lesson has changed, but so has the student's notebook, which stays;
   * - `left out`: the translation is not that of the lesson as it is now.
   */
  state: "written" | "same" | "kept" | "left out";
  /** What a translation that is left out lacks. */
  reason?: string;
}

/**
 * Writes the lessons in a language into a folder that lies as deep in the project as `notebooks/`, so
 * that what they load is found. What a student has changed there is never written over.
 *
 * @param lessons absolute paths of the English lessons; those without a translation are none of them
 */
export function writeOwnNotebooks({
  lessons,
  language,
  folder,
  root,
}: {
  lessons: readonly string[];
  language: Language;
  folder: string;
  root: string;
}): OwnNotebook[] {
  return lessons.flatMap((path): OwnNotebook[] => {
    const translated = translatedLesson(readNotebook(path), path, { root, language });
    if (translated === undefined) {
      return [];
    }
    const file = join(folder, basename(path));
    if ("reason" in translated) {
      return [{ file, state: "left out", reason: translated.reason }];
    }
    const notebook = withoutOutputs(translated.notebook);
    const made = sourcesHash(notebook);
    const state = existsSync(file) ? stateOf(readNotebook(file), made) : "written";
    if (state === "written") {
      mkdirSync(folder, { recursive: true });
      const metadata = { ...notebook.metadata, karenina: { made } };
      writeAtomically(file, notebookText({ ...notebook, metadata }));
    }
    return [{ file, state }];
  });
}

function stateOf(own: Notebook, made: string): OwnNotebook["state"] {
  const { karenina } = own.metadata as { karenina?: { made?: string } };
  if (karenina?.made === made) {
    return "same";
  }
  return karenina?.made === sourcesHash(own) ? "written" : "kept";
}

/** What was printed is in the language that the lesson was run in, and is made again by running it. */
function withoutOutputs(notebook: Notebook): Notebook {
  const cells = notebook.cells.map((cell) =>
    cell.cell_type === "code" ? { ...cell, outputs: [], execution_count: null } : cell,
  );
  return { ...notebook, cells };
}

/** A name for what stands in the cells, however a front end writes the file. */
function sourcesHash({ cells }: Notebook): string {
  const sources = cells.map((cell) => [cell.cell_type, sourceOf(cell)]);
  return createHash("sha256").update(JSON.stringify(sources)).digest("hex").slice(0, 16);
}
