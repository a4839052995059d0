import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { writeAtomically } from "../../runner/notebookFile";
import type { Grade } from "./gradeSubmission";

/** Points by exercise. Default of each: 1. */
export type Points = Readonly<Record<string, number>>;

const pointsOf = (points: Points, exercise: string) => points[exercise] ?? 1;

/** The points that a submission has earned, and those that it could have. */
export function totalOf({ outcomes }: Grade, points: Points): { score: number; max: number } {
  const names = Object.keys(outcomes);
  const sum = (of: readonly string[]) => of.reduce((all, name) => all + pointsOf(points, name), 0);
  return { score: sum(names.filter((name) => outcomes[name] === "right")), max: sum(names) };
}

/** The exercises that any of the submissions was marked for, each once. */
const exercisesOf = (grades: readonly Grade[]) => [
  ...new Set(grades.flatMap(({ outcomes }) => Object.keys(outcomes))),
];

/** A table with a row for each submission, as CSV (RFC 4180). */
export function marksCsv(grades: readonly Grade[], points: Points): string {
  const exercises = exercisesOf(grades);
  const head = ["student", "submission", "status", "late", "score", "max_score", "remarks"];
  const rows = grades.map((grade) => {
    const { submission, status, late, remarks, reason, outcomes } = grade;
    const { score, max } = totalOf(grade, points);
    const notes = [reason, ...remarks].filter(Boolean).join("; ");
    const marks = exercises.map((name) => markIn(outcomes[name], pointsOf(points, name)));
    return [
      submission.student,
      submission.name,
      status,
      late ? "late" : "",
      score,
      max,
      notes,
      ...marks,
    ];
  });
  return csv([[...head, ...exercises], ...rows]);
}

/** A submission's results.json, as Gradescope reads it: https://gradescope-autograders.readthedocs.io/en/latest/specs/. */
export function gradescopeResults(grade: Grade, points: Points): object {
  const { outcomes, status, reason, seconds } = grade;
  return {
    score: totalOf(grade, points).score,
    execution_time: Math.round(seconds),
    output: status === "graded" ? "" : `${status}${reason ? `: ${reason}` : ""}`,
    // Gradescope's default is HTML, and a reason may quote what a student has written.
    output_format: "text",
    tests: Object.entries(outcomes).map(([name, outcome]) => ({
      name,
      score: outcome === "right" ? pointsOf(points, name) : 0,
      max_score: pointsOf(points, name),
      status: outcome === "right" ? "passed" : "failed",
      output: outcome,
    })),
  };
}

/** What otter writes where a file would say how its grading went. */
const NOTHING_TO_SAY = "--";

/**
 * The table that `otter grade` of otter-grader 7 writes as final_grades.csv: the file, points by question
 * in the order of the alphabet, their sum and share, and how it went; first the points that there are.
 */
export function otterGrades(grades: readonly Grade[], points: Points): string {
  const exercises = exercisesOf(grades).sort();
  const rows = grades.map((grade) => {
    const { score, max } = totalOf(grade, points);
    const marks = exercises.map((name) => markIn(grade.outcomes[name], pointsOf(points, name)));
    const went = grade.status === "graded" ? "Completed" : grade.status;
    return [`${grade.submission.name}.ipynb`, ...marks, score, max === 0 ? 0 : score / max, went];
  });
  const possible = exercises.map((name) => pointsOf(points, name));
  const all = possible.reduce((a, b) => a + b, 0);
  return csv([
    ["file", ...exercises, "total_points_earned", "percent_correct", "grading_status"],
    ["points-per-question", ...possible, all, 1, NOTHING_TO_SAY],
    ...rows,
  ]);
}

/** Writes all three: the table, and beside it `final_grades.csv` and `gradescope/NAME/results.json`. */
export function writeMarks(file: string, grades: readonly Grade[], points: Points): void {
  const folder = dirname(file);
  mkdirSync(folder, { recursive: true });
  writeAtomically(file, marksCsv(grades, points));
  writeAtomically(join(folder, "final_grades.csv"), otterGrades(grades, points));
  for (const grade of grades) {
    const own = join(folder, "gradescope", ...grade.submission.name.split("/"));
    mkdirSync(own, { recursive: true });
    const text = JSON.stringify(gradescopeResults(grade, points), null, 2);
    writeAtomically(join(own, "results.json"), `${text}\n`);
  }
}

function markIn(outcome: string | undefined, points: number): number | string {
  return outcome === undefined ? "" : outcome === "right" ? points : 0;
}

/** A text that begins like a formula gets an apostrophe, or a spreadsheet would compute it. */
function csv(rows: readonly (readonly (string | number)[])[]): string {
  const field = (value: string | number) => {
    const isFormula =
      typeof value === "string" && /^[=+\-@\t\r]/.test(value) && value !== NOTHING_TO_SAY;
    const text = isFormula ? `'${value}` : `${value}`;
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return rows.map((row) => `${row.map(field).join(",")}\r\n`).join("");
}
