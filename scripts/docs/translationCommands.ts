import { existsSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { Command } from "commander";
import { findNotebooks } from "../../runner/findNotebooks";
import { readNotebook, writeAtomically } from "../../runner/notebookFile";
import { readTranslation, restamp, translationPath } from "./translation";
import { translationProblems } from "./translationProblems";

const ROOT = resolve(__dirname, "../..");
const shown = (path: string) => relative(ROOT, path);

function lessonAt(name: string): string {
  const path = join(ROOT, "notebooks", `${name}.ipynb`);
  if (existsSync(path)) {
    return path;
  }
  throw new Error(
    `There is no lesson ${name}. Name it as its file in notebooks/ without the ending, as in 01-autograd.`,
  );
}

/** What is to be done for a lesson's translation, one paragraph each. */
function openWork(lesson: string): string[] {
  const path = translationPath(lesson);
  const text = readTranslation(lesson);
  // A lesson nobody has begun is one task, not one for each of its cells.
  if (text === undefined) {
    return [`${shown(path)} is missing: ${shown(lesson)} is not translated.`];
  }
  return translationProblems(text, readNotebook(lesson), shown(path)).map(({ message }) => message);
}

/** `npm run docs -- stale`: fails where something is to be done. */
export function staleCommand(): Command {
  return new Command("stale")
    .description("Lists what the translations of the lessons lack, and what has changed since.")
    .argument("[lessons...]", "such as 01-autograd (default: all)")
    .action((names: string[]) => {
      const all = () => findNotebooks(["notebooks"], [ROOT]);
      const lessons = names.length > 0 ? names.map(lessonAt) : all();
      const work = lessons.flatMap(openWork);
      for (const message of work) {
        console.log(message);
      }
      if (work.length > 0) {
        process.exitCode = 1;
      } else {
        console.log(`The translations of ${lessons.length} lessons are complete and fresh.`);
      }
    });
}

/** `npm run docs -- restamp LESSON CELLS`. */
export function restampCommand(): Command {
  return new Command("restamp")
    .description("Notes that the translation of cells has been revised after the English changed.")
    .argument("<lesson>", "such as 01-autograd")
    .argument("<cells...>", "the cells' ids, which `npm run docs -- stale` names")
    .action((name: string, cells: string[]) => {
      const lesson = lessonAt(name);
      const path = translationPath(lesson);
      const text = readTranslation(lesson);
      if (text === undefined) {
        throw new Error(`${shown(path)} is missing: nothing to restamp.`);
      }
      writeAtomically(path, restamp(text, readNotebook(lesson), cells, shown(path)));
      console.log(`${shown(path)}: ${cells.join(", ")} restamped.`);
    });
}
