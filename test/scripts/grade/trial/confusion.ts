import type { ExerciseOutcome, Grade } from "../../../../scripts/grade/gradeSubmission";
import type { Expected } from "./submissions";

const OUTCOMES: readonly ExerciseOutcome[] = ["right", "wrong", "not tried"];

/** What came out against what was to come out. */
export interface Confusion {
  /** By what an answer is and what was said of it, how many exercises. */
  table: Record<ExerciseOutcome, Record<ExerciseOutcome, number>>;
  /** What is not as it should be, a line each. */
  faults: string[];
}

export function confusionOf(expected: readonly Expected[], grades: readonly Grade[]): Confusion {
  const row = () => ({ right: 0, wrong: 0, "not tried": 0 });
  const table = { right: row(), wrong: row(), "not tried": row() };
  const faults: string[] = [];
  const found = new Map(grades.map((grade) => [grade.submission.name, grade]));
  for (const { name, kind, statuses, outcomes, clean } of expected) {
    const grade = found.get(name);
    const said = grade ? `${grade.reason} ${grade.remarks.join("; ")}` : "";
    if (!grade || !statuses.includes(grade.status)) {
      faults.push(`${name} (${kind}): ${grade?.status ?? "no grade"}. ${said}`);
    }
    if (clean && grade && grade.remarks.length > 0) {
      faults.push(`${name} (${kind}): remarks. ${said}`);
    }
    for (const [exercise, outcome] of Object.entries(outcomes)) {
      const given = grade?.outcomes[exercise] ?? "not tried";
      table[outcome][given] += 1;
      if (given !== outcome) {
        faults.push(`${name} (${kind}): ${exercise} is ${outcome}, graded ${given}. ${said}`);
      }
    }
  }
  return { table, faults };
}

/** The table as text. */
export function confusionText({ table, faults }: Confusion): string {
  const line = (cells: readonly (string | number)[]) =>
    cells.map((each, i) => String(each)[i === 0 ? "padEnd" : "padStart"](16)).join("");
  const head = line(["answer is", ...OUTCOMES.map((each) => `said ${each}`)]);
  const rows = OUTCOMES.map((each) => line([each, ...OUTCOMES.map((said) => table[each][said])]));
  return [head, ...rows, ...faults].join("\n");
}
