import { tf } from "karenina";
import { compare, formOf } from "./compare";
import { diagnose, wrongForm } from "./diagnose";
import { isUntried, NotTried } from "./notTried";
import { judgingOperations } from "./operationFaults";
import { AnswerFault, errorText, type Habits, isStop, watch } from "./watch";

/** What goes wrong often. */
export interface Mistake<Answer> {
  /** A wrong answer that is given often. Whatever behaves, or fails, as it does gets the hint. */
  answer: Answer;
  /** Which answers get the hint, this one among them, where more do than those that behave like it. */
  when?: (answer: Answer) => boolean;
  /** What to look at. It must not give the answer away. Code stands between backticks. */
  hint: string;
}

/** A question whose answers a program can judge. */
export interface Exercise<Answer> {
  /** A few words, which stand in the verdict: "Parameters of an LSTM". */
  title: string;
  /** A right answer: a value, or a function or class that does the right thing. */
  answer: Answer;
  /**
   * What to look at in an answer: an answer is right where as much is seen in it as in `answer`,
   * compared as by `closeTo`. Needed for functions: call them on inputs that the student does not see,
   * and return values, shapes, gradients, as a list or an object. Fresh tensors are disposed of by the
   * check. Default: the answer itself.
   */
  observe?: (answer: Answer) => unknown;
  /** Other right answers, which behave differently: an answer is right where it behaves like one of all. */
  alternatives?: readonly Answer[];
  /** Decides alone which value is right, where more than one is. Default: comparison with `answer`. */
  right?: (answer: Answer) => boolean;
  /** Typical mistakes; the first that fits gives its hint. */
  mistakes: readonly Mistake<Answer>[];
  /**
   * The first step of the hints: a question that says where to look, and no more. Code stands between
   * backticks. Default: none, and the hint is the first step.
   */
  nudge?: string;
  /** For all other mistakes, after what can be said of any: sign, shape, factor, off by one. */
  hint: string;
  /** Shown with a right answer: why it is so, and where it leads. */
  because?: string;
  /** Largest relative error of a number. Default: as in `closeTo`, 0.001, and whole numbers exactly. */
  tolerance?: number;
  /**
   * A function that leaves more tensors in memory than `answer` is wrong. Default false: it is right,
   * with a remark.
   */
  mustTidy?: boolean;
}

/** What a check says of an answer. */
export type Verdict =
  | { kind: "right"; because?: string; remark?: string }
  | { kind: "wrong"; hint: string }
  | { kind: "not tried" };

/** What is seen of an answer, and what its calls did besides. */
interface Seen<A> {
  answer: A;
  observed: unknown;
  habits: Habits;
}

/**
 * Judges an answer by its behaviour, and a word by its letters, small or capital. Faults of the answer become hints, never errors; tensors made on
 * the way are disposed of.
 *
 * @throws Error where the exercise's own right answer fails
 */
export function judge<A>(exercise: Exercise<A>, answer: A): Verdict {
  if (isUntried(answer)) {
    return { kind: "not tried" };
  }
  return tf.tidy(() => {
    const reference = look(exercise, exercise.answer);
    try {
      const given = asWritten(exercise, answer);
      const seen = look(exercise, given, reference.habits);
      return compared(exercise, seen, reference);
    } catch (error) {
      if (isStop(error)) {
        throw error;
      }
      if (error instanceof NotTried) {
        return { kind: "not tried" };
      }
      if (error instanceof AnswerFault) {
        return { kind: "wrong", hint: hintForFault(exercise, error) };
      }
      const hint = `Your answer cannot be checked, because this happens: ${errorText(error)} ${exercise.hint}`;
      return { kind: "wrong", hint };
    }
  });
}

/** An answer as it is judged: where the right one is a word, or a list of words, in plain letters. */
export function asWritten<A>(exercise: Pick<Exercise<A>, "answer">, answer: A): A {
  return isWords(exercise.answer) ? inPlainWords(answer) : answer;
}

/** Whether an answer is a word, or a list of words. */
const isWords = (answer: unknown): boolean =>
  [answer].flat().every((each) => typeof each === "string");

/** A word is the same with a capital, or with a blank too many: "Too large " is "too large". */
function inPlainWords<A>(answer: A): A {
  const plain = (word: unknown) =>
    typeof word === "string" ? word.trim().replace(/\s+/g, " ").toLowerCase() : word;
  return (Array.isArray(answer) ? answer.map(plain) : plain(answer)) as A;
}

/** What `right` says of an answer, which has to be of the form of the exercise's own: "77" is not 77. */
export function decides<A>({ answer, right }: Pick<Exercise<A>, "answer" | "right">, given: A) {
  return formOf(given) === formOf(answer) && right?.(given) === true;
}

function look<A>(exercise: Exercise<A>, answer: A, reference?: Habits): Seen<A> {
  const { observe } = exercise;
  const watched = watch(answer, reference);
  return {
    ...watched,
    observed: observe ? judgingOperations(() => observe(watched.answer)) : answer,
  };
}

function compared<A>(exercise: Exercise<A>, seen: Seen<A>, reference: Seen<A>): Verdict {
  const { tolerance, right, because } = exercise;
  const comparison = compare(seen.observed, reference.observed, tolerance);
  const isAlternative = () =>
    (exercise.alternatives ?? []).some(
      (each) => compare(seen.observed, look(exercise, each).observed, tolerance).equal,
    );
  if (right ? decides(exercise, seen.answer) : comparison.equal || isAlternative()) {
    const remark = leakRemark(seen.habits, reference.habits);
    if (remark && exercise.mustTidy) {
      return { kind: "wrong", hint: remark };
    }
    return { kind: "right", ...(because ? { because } : {}), ...(remark ? { remark } : {}) };
  }
  // An answer of another form would only confuse what the exercise knows of mistakes.
  const form = wrongForm(comparison);
  if (form) {
    return { kind: "wrong", hint: form };
  }
  const known = exercise.mistakes.find((mistake) => {
    if (mistake.when) {
      return holds(mistake.when, seen.answer);
    }
    const mistaken = lookAtMistake(exercise, mistake.answer);
    if (mistaken instanceof AnswerFault) {
      return false;
    }
    return compare(seen.observed, mistaken.observed, tolerance).equal;
  });
  if (known) {
    return { kind: "wrong", hint: known.hint };
  }
  const seenWrong = right ? undefined : diagnose(comparison);
  return { kind: "wrong", hint: seenWrong ? `${seenWrong} ${exercise.hint}` : exercise.hint };
}

/** A typical mistake that fails in the same way tells more than the failure. */
function hintForFault<A>(exercise: Exercise<A>, fault: AnswerFault): string {
  const known = exercise.mistakes.find(({ answer }) => {
    const mistaken = lookAtMistake(exercise, answer);
    return mistaken instanceof AnswerFault && mistaken.sameAs === fault.sameAs;
  });
  return known?.hint ?? fault.message;
}

/** What is seen of a typical mistake, or how it fails. */
function lookAtMistake<A>(exercise: Exercise<A>, answer: A): Seen<A> | AnswerFault {
  try {
    return look(exercise, answer);
  } catch (error) {
    if (error instanceof AnswerFault) {
      return error;
    }
    throw error;
  }
}

/** A question that makes no sense for an answer is answered with no. */
function holds<A>(when: (answer: A) => boolean, answer: A): boolean {
  try {
    return when(answer);
  } catch (error) {
    if (error instanceof AnswerFault || error instanceof NotTried || isStop(error)) {
      throw error;
    }
    return false;
  }
}

function leakRemark(habits: Habits, reference: Habits): string | undefined {
  const more = (habits.leaks ?? 0) - (reference.leaks ?? 0);
  if (more <= 0) {
    return undefined;
  }
  const tensors = habits.leaks === 1 ? "one tensor" : `${habits.leaks} tensors`;
  return (
    `Each call leaves ${tensors} behind in memory; in a training loop they pile up. Wrap the computation ` +
    "in `tf.tidy(() => ...)`: it disposes of all but what you return."
  );
}
