import { randomBytes } from "node:crypto";
import { check } from "../../lessons/exercises";
import type { Exercise } from "../../lessons/exercises/judge";
import { isRight } from "../../lessons/exercises/observation";
import type { Observation } from "../../lessons/exercises/observationData";
import { Apart, type Limits, type Loss, Lost } from "./apart";
import type { CellsCompiler } from "./cells";
import { neededCode } from "./needed";
import type { Packages } from "./packages";
import { givenCells, openSubmission, remarksOn, type Submission } from "./submissions";

/** How a submission went; in all but `graded` and `empty` a part of it counts, or nothing. */
export type Status = "graded" | "empty" | "broken" | Loss;

export type ExerciseOutcome = "right" | "wrong" | "not tried";

export interface Grade {
  submission: Submission;
  status: Status;
  /** What happened, in plain words; empty where nothing did. */
  reason: string;
  /** Whether it was handed in after the time that was due. */
  late: boolean;
  /** What a teacher should look at: errors in the student's cells, and code that is after the checker. */
  remarks: string[];
  /** By exercise, in the lesson's order; none of a broken submission. */
  outcomes: Record<string, ExerciseOutcome>;
  /** By the clock. */
  seconds: number;
  /** Seconds of processor time, all processes together, where the system tells. */
  work: number;
}

export interface GradeOptions {
  packages: Packages;
  compiler: CellsCompiler;
  limits: Limits;
  /** Later than this is late. */
  due?: Date | undefined;
  /** Folders that submissions may read: those of data sets. */
  readable: readonly string[];
  /** Is there a sandbox? */
  enclosed: boolean;
}

/** How often a submission is run: so many cells may end the process that they run in before it is given up. */
export const MOST_RUNS = 3;

/**
 * Runs a submission in a process of its own and judges what was seen there, here. Inputs of functions are
 * drawn again for each run. The last answer to an exercise counts, unless a cell before it has been handed
 * the lesson's own (`check.x.use`). A cell that ends its process, or has to be ended, is left out, and the
 * others are run again without it.
 */
export async function gradeSubmission(
  submission: Submission,
  options: GradeOptions,
): Promise<Grade> {
  const begun = performance.now();
  const before = process.cpuUsage();
  let apart = 0;
  const work = () => {
    const { user, system } = process.cpuUsage(before);
    return apart + (user + system) / 1e6;
  };
  const { due } = options;
  const late = due !== undefined && submission.time > due;
  const opened = openSubmission(submission);
  const grade = (part: Pick<Grade, "status" | "reason" | "remarks" | "outcomes">): Grade => ({
    submission,
    late,
    seconds: (performance.now() - begun) / 1000,
    work: work(),
    ...part,
  });
  if ("broken" in opened) {
    return grade({ status: "broken", reason: opened.broken, remarks: [], outcomes: {} });
  }
  const { codes, lesson } = opened;
  let needed: ReturnType<typeof neededCode>;
  try {
    needed = neededCode(codes, givenCells(lesson));
  } catch (error) {
    // The compiler gives up where code is nested too deeply.
    const reason = `its code cannot be read: ${(error as Error).message}`;
    return grade({ status: "broken", reason, remarks: [], outcomes: {} });
  }
  const answers = new Answers();
  const losses: { index: number; lost: Lost }[] = [];
  let errors: string[] = [];
  for (let again = true; again; ) {
    const run = await runApart(needed, answers, options);
    errors = run.errors;
    apart += run.work;
    again = run.lost !== undefined && losses.length + 1 < MOST_RUNS;
    if (run.lost) {
      losses.push({ index: run.index, lost: run.lost });
      needed[run.index].code = "";
    }
  }
  const outcomes = Object.fromEntries(
    lesson.exercises.map((name) => [name, outcomeOf(name, answers.last(name))]),
  );
  const isEmpty = Object.values(outcomes).every((outcome) => outcome === "not tried");
  const [first] = losses;
  return grade({
    status: first ? first.lost.loss : isEmpty ? "empty" : "graded",
    reason: losses.map(({ index, lost }) => `cell ${index + 1} ${lost.why}`).join("; "),
    remarks: [...errors, ...remarksOn(needed.flatMap(({ own }, i) => (own ? [codes[i]] : [])))],
    outcomes,
  });
}

interface Answer {
  index: number;
  seed: string;
  observation: Observation;
}

/** What was handed in, over all runs of a submission. */
class Answers {
  private readonly given = new Map<string, Answer[]>();
  /** By exercise, the cell before which its answer was laid open. */
  private readonly closed = new Map<string, number>();

  add(exercise: string, answer: Answer): void {
    const { observation } = answer;
    if (
      observation?.kind !== "not tried" &&
      answer.index < (this.closed.get(exercise) ?? Infinity)
    ) {
      // Of a cell only the last counts, of which a loop may hand in thousands.
      const others = (this.given.get(exercise) ?? []).filter(({ index }) => index !== answer.index);
      this.given.set(exercise, [...others, answer]);
    }
  }

  close(exercise: string, index: number): void {
    this.closed.set(exercise, Math.min(index, this.closed.get(exercise) ?? index));
  }

  /** What counts: the answer of the last cell that gave one. */
  last(exercise: string): Answer | undefined {
    return [...(this.given.get(exercise) ?? [])].sort((a, b) => a.index - b.index).at(-1);
  }
}

/** How the cells of a submission went; `index` is the cell that was run when the process was lost. */
interface Run {
  index: number;
  lost?: Lost;
  errors: string[];
  /** Seconds of processor time of the process that ran them. */
  work: number;
}

async function runApart(
  needed: readonly { code: string; own: boolean }[],
  answers: Answers,
  { packages, compiler, limits, readable, enclosed }: GradeOptions,
): Promise<Run> {
  const seed = randomBytes(8).toString("hex");
  const run: Run = { index: 0, errors: [], work: 0 };
  const apart = new Apart({
    packages,
    limits,
    seed,
    readable,
    enclosed,
    seen: (exercise, observation) => {
      answers.add(exercise, { index: run.index, seed, observation });
    },
  });
  const codes = needed.map(({ code }) => code);
  const cells = compiler.begin(codes, packages.run);
  try {
    await apart.ready();
    for (const [index, { code, own }] of needed.entries()) {
      run.index = index;
      for (const [, name] of code.matchAll(/\bcheck\s*\.\s*(\w+)\s*\.\s*use\b/g)) {
        const javascript = packages.answers.get(name);
        if (javascript !== undefined) {
          answers.close(name, index);
          await apart.open(name, javascript);
        }
      }
      const error = code === "" ? undefined : await runCell(cells, apart, index);
      if (error !== undefined && own) {
        run.errors.push(`cell ${index + 1}: ${error}`);
      }
    }
  } catch (error) {
    if (!(error instanceof Lost)) {
      throw error;
    }
    run.lost = error;
  } finally {
    await apart.close();
    run.work = apart.seconds;
  }
  return run;
}

/** Compiles a cell and runs it; gives the first line of its error, be it of types or of running. */
async function runCell(
  cells: ReturnType<CellsCompiler["begin"]>,
  apart: Apart,
  index: number,
): Promise<string | undefined> {
  let made: ReturnType<typeof cells.compile>;
  try {
    made = cells.compile(index);
  } catch (error) {
    return (error as Error).message.split("\n", 1)[0];
  }
  const { given, error } = await apart.run(made.cell);
  cells.commit(made.compiled, Array.isArray(given) ? given : []);
  return typeof error === "string" ? error : undefined;
}

function outcomeOf(name: string, answer: Answer | undefined): ExerciseOutcome {
  if (answer === undefined) {
    return "not tried";
  }
  const { exercise } = check[name as keyof typeof check] as unknown as {
    exercise: Exercise<unknown>;
  };
  try {
    return isRight(exercise, answer.observation, `${answer.seed} ${name}`) ? "right" : "wrong";
  } catch {
    // Whoever forges what was seen may write anything there.
    return "wrong";
  }
}
