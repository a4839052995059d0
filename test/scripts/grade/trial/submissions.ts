import { mkdirSync, truncateSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { course, type Lesson } from "../../../../lessons/exercises/course";
import { solutions } from "../../../../lessons/exercises/solutions";
import {
  type Cell,
  notebookText,
  readNotebook,
  sourceOf,
  tagsOf,
} from "../../../../runner/notebookFile";
import type { ExerciseOutcome, Status } from "../../../../scripts/grade/gradeSubmission";
import { type Answer, type Form, forms, mutants, readAnswer } from "./forms";
import { endless, greedy, prying } from "./hostile";
import { exerciseOf, tableOf, verdictOn } from "./oracle";

const NOTEBOOKS = resolve(__dirname, "../../../../notebooks");

/** A submission of the trial, and what is to come out. */
export interface Expected {
  name: string;
  /** What it is: "right, by a name", "wrong", "endless". */
  kind: string;
  statuses: readonly Status[];
  outcomes: Record<string, ExerciseOutcome>;
  /** Is there nothing in it that may be remarked on? */
  clean?: boolean;
}

/** The parts of a submission, by exercise: the cells that hand in an answer, or none. */
type Cells = Record<string, string[]>;

/** Writes `size` submissions into a folder, of all kinds and all lessons in turn. */
export function writeSubmissions(folder: string, size: number, port: number): Expected[] {
  const written: Expected[] = [];
  const add = (
    lesson: Lesson,
    kind: string,
    cells: Cells,
    more: Partial<Expected> & { extra?: string[] } = {},
  ) => {
    const name = `s${String(written.length + 1).padStart(3, "0")}/${lesson.lesson}`;
    const { extra = [], ...rest } = more;
    write(folder, name, lesson, cells, extra);
    const outcomes = Object.fromEntries(
      lesson.exercises.map((each) => [each, "not tried" as const]),
    );
    written.push({ name, kind, statuses: ["graded"], outcomes, ...rest });
  };
  for (let turn = 0; written.length < size; turn++) {
    // Of 20: 8 right, 6 wrong, 1 empty, 1 endless, 1 greedy, 2 prying, 1 broken.
    const lesson = course[(turn * 7 + Math.floor(turn / 20)) % course.length];
    const kind = turn % 20;
    if (kind < 8) {
      const names = Object.keys(forms);
      const form = names[(kind + turn) % names.length];
      add(lesson, `right, ${form}`, rightCells(lesson, forms[form]), {
        outcomes: all(lesson, "right"),
      });
    } else if (kind < 14) {
      const { cells, outcomes, kind: what } = wrongCells(lesson, turn);
      add(lesson, what, cells, { outcomes });
    } else if (kind === 14) {
      add(lesson, "empty", {}, { statuses: ["empty"] });
    } else if (kind < 17) {
      const [what, code, statuses] =
        kind === 15
          ? ([
              "endless",
              endless[Math.floor(turn / 20) % endless.length],
              ["time limit", "died"],
            ] as const)
          : (["greedy", greedy[Math.floor(turn / 20) % greedy.length], ["memory limit"]] as const);
      add(lesson, what, rightCells(lesson, forms.plainly), {
        statuses,
        outcomes: all(lesson, "right"),
        extra: [code],
      });
    } else if (kind < 19) {
      pry(turn);
    } else {
      broken(turn);
    }
  }
  return written;

  function pry(turn: number): void {
    const [welcome] = course;
    const ways = Object.entries(prying("cellRunThrice", port));
    const [way, code] = ways[(Math.floor(turn / 20) * 2 + (turn % 20) - 17) % ways.length];
    const outcomes = all(welcome, "not tried");
    const wrong = ["writes to the grader", "bends the language", "guesses on and on"];
    add(
      welcome,
      `prying: ${way}`,
      {},
      {
        extra: [code],
        statuses: ["graded", "empty", "died", "time limit"],
        outcomes: wrong.includes(way) ? { ...outcomes, cellRunThrice: "wrong" } : outcomes,
      },
    );
  }

  function broken(turn: number): void {
    const name = `s${String(written.length + 1).padStart(3, "0")}/00-welcome`;
    const file = join(folder, `${name}.ipynb`);
    mkdirSync(join(file, ".."), { recursive: true });
    const texts = [
      '{"cells": [',
      "",
      '{"nbformat": 3}',
      '{"nbformat":4,"nbformat_minor":5,"metadata":{},"cells":null}',
    ];
    const which = Math.floor(turn / 20) % (texts.length + 1);
    writeFileSync(file, texts[which] ?? "");
    if (which === texts.length) {
      // Two gigabytes, of which the disk keeps nothing.
      truncateSync(file, 2e9);
    }
    written.push({ name, kind: "broken", statuses: ["broken"], outcomes: {} });
  }
}

function all(lesson: Lesson, outcome: ExerciseOutcome): Record<string, ExerciseOutcome> {
  return Object.fromEntries(lesson.exercises.map((each) => [each, outcome]));
}

const answerTo = (exercise: string): Answer => readAnswer(exercise, solutions[exercise]);

function rightCells(lesson: Lesson, form: Form): Cells {
  return Object.fromEntries(lesson.exercises.map((each, own) => [each, form(answerTo(each), own)]));
}

/** Wrong answers of three sources: typical mistakes that are values, changed solutions, and tables. */
function wrongCells(
  lesson: Lesson,
  turn: number,
): { kind: string; cells: Cells; outcomes: Expected["outcomes"] } {
  const outcomes = all(lesson, "not tried");
  const cells: Cells = {};
  for (const [own, exercise] of lesson.exercises.entries()) {
    const candidates = [...mistakesOf(exercise), ...changedOf(exercise), ...tablesOf(exercise)];
    if (candidates.length > 0) {
      cells[exercise] = forms.plainly(candidates[(turn + own) % candidates.length], own);
      outcomes[exercise] = "wrong";
    }
  }
  return { kind: "wrong", cells, outcomes };
}

function mistakesOf(exercise: string): Answer[] {
  return exerciseOf(exercise).mistakes.flatMap(({ answer }) => {
    const isPlain = ["number", "string"].includes(typeof [answer].flat()[0]);
    return isPlain ? [{ exercise, before: "", value: `${JSON.stringify(answer)} as never` }] : [];
  });
}

function changedOf(exercise: string): Answer[] {
  const changed = mutants(answerTo(exercise));
  return changed.filter((each) => verdictOn(each) === "wrong");
}

function tablesOf(exercise: string): Answer[] {
  const value = tableOf(exercise);
  return value === undefined ? [] : [{ exercise, before: "", value }];
}

function write(
  folder: string,
  name: string,
  { lesson }: Lesson,
  cells: Cells,
  extra: string[],
): void {
  const notebook = readNotebook(join(NOTEBOOKS, `${lesson}.ipynb`));
  const code = (source: string): Cell => ({
    cell_type: "code",
    metadata: {},
    source,
    execution_count: 1,
    // Pasted from somebody who was right.
    outputs: [{ output_type: "stream", name: "stdout", text: "✓ Right" }],
  });
  const given = notebook.cells.filter((cell) => !tagsOf(cell).includes("solution"));
  const answered = given.flatMap((cell) => {
    const [, exercise] =
      /^check\.(\w+)\(/m.exec(cell.cell_type === "code" ? sourceOf(cell) : "") ?? [];
    return [cell, ...(cells[exercise ?? ""] ?? []).map(code)];
  });
  // Before the answers, so that what they end is seen to leave these alone.
  const at = answered.findIndex((cell) => /from "karenina-lessons"/.test(sourceOf(cell))) + 1;
  answered.splice(at, 0, ...extra.map(code));
  const file = join(folder, `${name}.ipynb`);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, notebookText({ ...notebook, cells: answered }));
}
