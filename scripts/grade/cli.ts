// npm run grade -- FOLDER: marks for the notebooks that students have handed in.
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { relative, resolve } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { course } from "../../lessons/exercises/course";
import type { Grade } from "./gradeSubmission";
import { gradeAll } from "./markers";
import { type Points, totalOf, writeMarks } from "./report";
import { whyNoSandbox } from "./sandbox";
import { findInHomes, findSubmissions, type Submission, withoutNotebook } from "./submissions";

/** What named files are relative to: npm runs in the project's folder, INIT_CWD is the user's. */
const here = (file: string) => resolve(process.env.INIT_CWD ?? process.cwd(), file);

interface CliOptions {
  points?: string;
  out: string;
  due?: Date;
  jobs: number;
  cellSeconds: number;
  seconds: number;
  megabytes: number;
  sandbox: boolean;
  hub?: string;
}

async function run(folder: string, options: CliOptions): Promise<void> {
  const enclosed = options.sandbox && requireSandbox();
  if (!enclosed) {
    process.stderr.write(`${OPEN}\n`);
  }
  const submissions = submissionsIn(here(folder), options.hub);
  const points = options.points === undefined ? {} : readPoints(here(options.points));
  const grades = await gradeAll(submissions, {
    enclosed,
    jobs: options.jobs,
    limits: {
      cell: options.cellSeconds,
      notebook: options.seconds,
      memory: options.megabytes * 2 ** 20,
    },
    due: options.due,
    onGrade: (grade) => console.log(lineFor(grade, points)),
  });
  writeMarks(here(options.out), grades, points);
  console.log(relative(process.cwd(), here(options.out)));
}

function submissionsIn(folder: string, lesson: string | undefined): Submission[] {
  if (lesson === undefined) {
    const submissions = findSubmissions(folder);
    for (const { student, files } of withoutNotebook(folder, submissions)) {
      const what = files.length === 0 ? "nothing" : files.join(", ");
      process.stderr.write(`${student} has handed in no notebook: there is ${what}.\n`);
    }
    if (submissions.length === 0) {
      throw new Error(
        `There is no notebook in ${folder} or below it. Name the folder of submissions.`,
      );
    }
    return submissions;
  }
  if (!course.some((each) => each.lesson === lesson)) {
    const lessons = course.map((each) => each.lesson).join(", ");
    throw new Error(`There is no lesson "${lesson}". The lessons are ${lessons}.`);
  }
  const { submissions, links } = findInHomes(folder, lesson);
  for (const link of links) {
    process.stderr.write(`${link} is a link, or behind one, and is left out.\n`);
  }
  if (submissions.length === 0) {
    throw new Error(
      `No home in ${folder} has a karenina/notebooks/${lesson}.ipynb that can be read.`,
    );
  }
  return submissions;
}

/** What is not kept out where there is no sandbox. */
const OPEN =
  "Submissions run without a sandbox. Time and memory are limited, and no package that they load knows an " +
  "answer. Nothing else is kept out: their code can read and change what you can, the course's answers and " +
  "other submissions among it, and can use the network.";

function requireSandbox(): true {
  const reason = whyNoSandbox();
  if (reason !== undefined) {
    throw new Error(
      `There is no sandbox on this machine: ${reason}. It takes Linux, the programs unshare and setpriv ` +
        "(util-linux), and a user who may make namespaces. Nothing was run. With --no-sandbox submissions " +
        "are run all the same, which is for a class that you trust.",
    );
  }
  return true;
}

function lineFor(grade: Grade, points: Points): string {
  const { score, max } = totalOf(grade, points);
  const late = grade.late ? "  late" : "";
  const notes = [grade.reason, ...grade.remarks].filter(Boolean);
  return [
    `${grade.status.padEnd(12)} ${score} of ${max}  ${grade.submission.name}${late}`,
    ...notes.map((each) => `             ${each}`),
  ].join("\n");
}

function readPoints(file: string): Points {
  const value = JSON.parse(readFileSync(file, "utf8")) as Points;
  const known = new Set(course.flatMap(({ exercises }) => exercises));
  for (const [name, points] of Object.entries(value)) {
    if (!known.has(name) || typeof points !== "number" || !(points >= 0)) {
      throw new Error(
        `${file} gives ${JSON.stringify(points)} points for "${name}". It must be an object such as ` +
          '{"neuron": 2}: names of exercises, and numbers from 0.',
      );
    }
  }
  return value;
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) {
    throw new InvalidArgumentError("A number above 0 is needed.");
  }
  return value;
}

function date(text: string): Date {
  const value = new Date(text);
  if (Number.isNaN(value.getTime())) {
    throw new InvalidArgumentError("A time is needed, such as 2027-03-01T18:00.");
  }
  return value;
}

new Command("grade")
  .description(
    "Runs submissions, each in a sandbox of its own, and writes marks: a table, Gradescope's " +
      "results.json of each, and otter's final_grades.csv.",
  )
  .argument("<folder>", "STUDENT/…/LESSON.ipynb, or STUDENT-LESSON.ipynb")
  .option("--points <file>", 'JSON, such as {"neuron": 2} (default: 1 for each exercise)')
  .option("--out <file>", "the table; the others go beside it", "marks.csv")
  .option("--due <time>", "later is late, such as 2027-03-01T18:00", date)
  .option("--jobs <n>", "submissions at once", positive, Math.min(4, availableParallelism()))
  .option("--cell-seconds <n>", "processor time for a cell", positive, 10)
  .option("--seconds <n>", "processor time for a submission", positive, 60)
  .option("--megabytes <n>", "memory for a submission", positive, 1500)
  .option(
    "--hub <lesson>",
    "FOLDER holds the homes of a class on JupyterHub: grades their 00-welcome",
  )
  .option("--no-sandbox", "run them as your own programs are run: for a class that you trust")
  .action(run)
  .parseAsync()
  .catch((error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
