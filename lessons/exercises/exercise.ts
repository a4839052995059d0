import { display } from "karenina";
import { lessonMode } from "../mode";
import type { Check } from "./check";
import { type Exercise, judge, type Verdict } from "./judge";
import { noteVerdict, VERDICT_TYPE } from "./verdictData";
import { detailsOf, judgementBundle, verdictBundle } from "./verdictView";

export type { Check };

/** The head of the note that the lesson goes on with an answer of its own. */
const borrowed = { icon: "○", words: "The lesson's own answer", color: "#808080" };

const marked = { icon: "✓", words: "Full marks", color: "#009E73" };
const unmarked = { icon: "○", words: "No marks yet", color: "#808080" };

/** A verdict that ends a run whose purpose is to find faults in lessons. */
export class ExerciseError extends Error {
  override name = "ExerciseError";
}

/**
 * Makes the check of an exercise. It says whether an answer is right, what to look at where it is not,
 * or that there is none yet: NaN, undefined, null, an empty text or list, `yourCode()` in a function.
 * A function that throws, returns the wrong thing, changes its arguments or leaves tensors behind gets
 * a hint about that. The check returns nothing. Beside the text the output holds the verdict as data
 * (see VerdictData), which front ends pass over.
 *
 * In fast mode, in which lessons are tested, a check **throws an ExerciseError** where the answer is
 * wrong, and where an exercise has no answer at its second or any later check: the first is in the
 * student's cell, the second in the solution. In the other modes no answer is an error.
 *
 * @throws TypeError for a function as the answer without `observe` and `right`, or without a mistake
 *
 * @example
 * export const clip = exercise<(x: number, max: number) => number>({
 *   title: "Clipping",
 *   answer: (x, max) => Math.max(-max, Math.min(max, x)),
 *   observe: (clip) => [clip(3, 5), clip(7, 5), clip(-7, 5)],
 *   mistakes: [{ answer: (x, max) => Math.min(max, x), hint: "What happens to -7?" }],
 *   hint: "What lies within the bounds stays as it is.",
 * });
 *
 * @example
 * // By the gradient: observe: (op) => tf.grad((x) => op(x).sum())(tf.tensor1d([-1, 0.5, 2]))
 */
export function exercise<Answer>(definition: Exercise<Answer>): Check<Answer> {
  const { title, answer, observe, right, mistakes } = definition;
  if (typeof answer === "function" && !observe && !right) {
    throw new TypeError(
      `The answer to the exercise "${title}" is a function, which cannot be compared. Say by observe ` +
        "what to look at: observe: (f) => [f(1), f(2)].",
    );
  }
  if (mistakes.length === 0) {
    throw new TypeError(
      `The exercise "${title}" knows no mistake. Give it a typical wrong answer with a hint, or three.`,
    );
  }
  let checks = 0;
  const check = (given: Answer) => {
    const verdict = judge(definition, given);
    checks += 1;
    const data = { [VERDICT_TYPE]: noteVerdict(definition, verdict) };
    display({ ...verdictBundle(title, verdict), ...data });
    if (lessonMode() === "fast") {
      requireRight(title, verdict, checks);
    }
  };
  const use = (given: Answer): Answer => {
    if (judge(definition, given).kind === "right") {
      return given;
    }
    display(judgementBundle(borrowed, title, ["Cells below use it until yours is right."]));
    return answer;
  };
  const mark = (given: Answer): 0 | undefined => {
    const isRight = judge(definition, given).kind === "right";
    display(judgementBundle(isRight ? marked : unmarked, title, []));
    return isRight ? undefined : 0;
  };
  return Object.assign(check, { exercise: definition, use, mark });
}

function requireRight(title: string, verdict: Verdict, checks: number): void {
  if (verdict.kind === "right") {
    return;
  }
  if (verdict.kind === "not tried" && checks === 1) {
    return;
  }
  const what = verdict.kind === "wrong" ? "is wrong" : "is missing in the solution";
  throw new ExerciseError(
    `The answer to "${title}" ${what}. ${detailsOf(verdict).join(" ")} This is an error in fast mode ` +
      "only, in which lessons are tested (KARENINA_MODE=fast).",
  );
}
