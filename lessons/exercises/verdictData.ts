import { nameOf } from "./course";
import type { Exercise, Verdict } from "./judge";
import { changeStandings, runningCode } from "./progressBook";
import { blank } from "./standings";

/** The MIME type of a verdict as data, which stands beside what is shown. */
export const VERDICT_TYPE = "application/vnd.karenina.verdict+json";

/** A verdict as programs read it in a notebook's outputs. */
export interface VerdictData {
  /** Its name in `check`; of an exercise that the course does not know, its title. */
  exercise: string;
  /** The notebook's name, such as "00-welcome"; null where the course does not know the exercise. */
  lesson: string | null;
  verdict: Verdict["kind"];
  /** Answers that were checked so far, this one among them where it was not empty. */
  attempts: number;
  /** How many steps of the hints were seen before: 0 to 3. */
  hints: number;
  /** Whether `solution` had shown the course's own before. */
  solution: boolean;
  /** Whose answer it was: one between BEGIN SOLUTION and END SOLUTION is the lesson's. */
  by: "student" | "lesson";
  /** When: ISO 8601, in UTC. */
  time: string;
}

/** Counts an answer, unless it is the lesson's own, and says what is known of the exercise now. */
export function noteVerdict<A>(exercise: Exercise<A>, { kind }: Verdict): VerdictData {
  const name = nameOf(exercise);
  const time = new Date().toISOString();
  const isLessons = /^\s*\/\/ *BEGIN SOLUTION/m.test(runningCode() ?? "");
  const standings = changeStandings(
    (all) => {
      const before = all[name.exercise] ?? blank();
      if (isLessons || kind === "not tried") {
        return;
      }
      all[name.exercise] = {
        ...before,
        attempts: before.attempts + 1,
        right: before.right || kind === "right",
        time,
      };
    },
    { write: !isLessons && kind !== "not tried" },
  );
  const { attempts, hints, solution } = standings[name.exercise] ?? blank();
  const by = isLessons ? "lesson" : "student";
  return { ...name, verdict: kind, attempts, hints, solution, by, time };
}
