import { basename } from "node:path";
import { type Cell, type Notebook, sourceOf } from "../../runner/notebookFile";
import { regionsOf } from "./regions";
import {
  markOf,
  parseTranslation,
  proseCells,
  proseHash,
  type TranslatedCell,
} from "./translation";

/** What keeps a translation from being the lesson in another language. */
export interface TranslationProblem {
  kind: "missing" | "stale" | "unknown" | "repeated" | "misplaced" | "empty" | "solution" | "form";
  /** The cell's id; none where the file cannot be read. */
  cell?: string;
  /** Names file and cell, and says how to mend it. */
  message: string;
}

/**
 * Compares a translation with its lesson: every Markdown cell should be there once, in the lesson's
 * order, made of the prose that the lesson has now.
 *
 * @param path the translation's, named in the problems
 * @returns nothing where the translation is complete and fresh
 */
export function translationProblems(
  text: string,
  lesson: Notebook,
  path: string,
): TranslationProblem[] {
  let translated: TranslatedCell[];
  try {
    translated = parseTranslation(text, path);
  } catch (error) {
    return [{ kind: "form", message: (error as Error).message }];
  }
  const prose = proseCells(lesson);
  const places = new Map(prose.map((cell, index) => [cell.id, index]));
  const problems: TranslationProblem[] = [];
  const met = new Set<string>();
  let last: TranslatedCell | undefined;
  for (const own of translated) {
    const report = (kind: TranslationProblem["kind"], what: string) =>
      problems.push({
        kind,
        cell: own.id,
        message: `${path}, line ${own.line}, cell ${own.id}: ${what}.`,
      });
    const place = places.get(own.id);
    if (place === undefined) {
      report("unknown", "the lesson has no Markdown cell with this id; delete the translation");
    } else if (met.has(own.id)) {
      report("repeated", "it is translated a second time; delete one of the two");
    } else {
      if (last && places.get(last.id)! > place) {
        report("misplaced", `the lesson has it before cell ${last.id}; move it there`);
      } else {
        last = own;
      }
      met.add(own.id);
      problems.push(...cellProblems(own, prose[place], path));
    }
  }
  return [...problems, ...missingCells(prose, met, path)];
}

function cellProblems(own: TranslatedCell, cell: Cell, path: string): TranslationProblem[] {
  const problem = (kind: TranslationProblem["kind"], what: string): TranslationProblem[] => [
    { kind, cell: own.id, message: `${path}, line ${own.line}, cell ${own.id}: ${what}.` },
  ];
  if (own.text === "" && sourceOf(cell).trim() !== "") {
    return problem("empty", `nothing stands below its mark; translate "${beginningOf(cell)}"`);
  }
  if (solutionsIn(own.text) !== solutionsIn(sourceOf(cell))) {
    return problem(
      "solution",
      "its marks BEGIN SOLUTION and END SOLUTION are not those of the English cell; copy them from there",
    );
  }
  if (own.hash === proseHash(sourceOf(cell))) {
    return [];
  }
  const lesson = basename(path, ".md");
  return problem(
    "stale",
    `the English cell, which begins "${beginningOf(cell)}", has changed since it was translated. ` +
      `Revise the translation, then type \`npm run docs -- restamp ${lesson} ${own.id}\``,
  );
}

function missingCells(prose: Cell[], met: ReadonlySet<string>, path: string): TranslationProblem[] {
  return prose.flatMap((cell, index): TranslationProblem[] => {
    if (met.has(cell.id!)) {
      return [];
    }
    const place = index === 0 ? "at the beginning" : `after cell ${prose[index - 1].id}`;
    const message =
      `${path}, cell ${cell.id}: no translation of "${beginningOf(cell)}". Write it ${place}, ` +
      `below a line ${markOf(cell)}.`;
    return [{ kind: "missing", cell: cell.id!, message }];
  });
}

/** Text whose marks do not fit together has no number of solutions, so it equals nothing. */
function solutionsIn(text: string): number {
  try {
    return regionsOf(text, "markdown").filter(({ solution }) => solution).length;
  } catch {
    return Number.NaN;
  }
}

function beginningOf(cell: Cell): string {
  const line = sourceOf(cell).trim().split("\n")[0];
  return line.length <= 60 ? line : `${line.slice(0, 57)}...`;
}
