import { tf } from "karenina";
import { compare } from "./compare";
import { drawing } from "./draws";
import { asWritten, type Exercise } from "./judge";
import { isPlainObject, isUntried, NotTried } from "./notTried";
import type { Observation } from "./observationData";
import { judgingOperations } from "./operationFaults";
import { errorText, isStop, watch } from "./watch";

/** What an observation needs of an exercise. */
type Observable<A> = Pick<Exercise<A>, "observe">;

/** Looks at an answer by the exercise's inputs, and by others drawn from a seed. Knows no right answer. */
export function observeAnswer<A>({ observe }: Observable<A>, answer: A, seed: string): Observation {
  if (isUntried(answer)) {
    return { kind: "not tried" };
  }
  return tidily((): Observation => {
    try {
      const { answer: watched, habits } = watch(answer);
      // By the inputs as they stand, too: some are chosen for what only they bring to light.
      const look = (by: NonNullable<typeof observe>) =>
        judgingOperations(() => [by(watched), drawing(seed, () => by(watched))]);
      const observed = encode(observe ? look(observe) : answer);
      const { changesArguments, leaks = 0 } = habits;
      return { kind: "seen", observed, changesArguments, leaks };
    } catch (error) {
      if (isStop(error)) {
        throw error;
      }
      return error instanceof NotTried
        ? { kind: "not tried" }
        : { kind: "fault", message: errorText(error).slice(0, 500) };
    }
  });
}

/** Whether what was seen is as right as the exercise's own answer, by the same seed. */
export function isRight<A>(exercise: Exercise<A>, seen: Observation, seed: string): boolean {
  const { answer, right, alternatives = [], tolerance, mustTidy } = exercise;
  if (seen.kind !== "seen") {
    return false;
  }
  return tidily(() => {
    const observed = decode(seen.observed);
    // Without `observe` it is the answer itself.
    const given = exercise.observe ? observed : asWritten(exercise, observed as A);
    if (right) {
      return right(given as A);
    }
    return [answer, ...alternatives].some((each) => {
      const own = observeAnswer(exercise, each, seed);
      if (own.kind !== "seen") {
        throw new Error(`The own answer to "${exercise.title}" fails: ${JSON.stringify(own)}`);
      }
      const isClean = own.changesArguments || !seen.changesArguments;
      const isTidy = !mustTidy || seen.leaks <= own.leaks;
      const { equal } = compare(given, decode(own.observed), tolerance);
      return isClean && isTidy && equal;
    });
  });
}

/** Disposes of all tensors that `act` makes; what it returns holds none. */
function tidily<T>(act: () => T): T {
  let result: T | undefined;
  tf.tidy(() => {
    result = act();
  });
  return result as T;
}

/** A value as JSON: numbers that JSON lacks, tensors and typed arrays are wrapped. */
export function encode(value: unknown): unknown {
  if (typeof value === "number" && !(Number.isFinite(value) && !Object.is(value, -0))) {
    return { number: Object.is(value, -0) ? "-0" : String(value) };
  }
  if (value instanceof tf.Tensor) {
    return { tensor: encode(Array.from(value.dataSync())), shape: value.shape, dtype: value.dtype };
  }
  if (Array.isArray(value)) {
    return value.map(encode);
  }
  if (ArrayBuffer.isView(value)) {
    return Array.from(value as unknown as ArrayLike<number>, encode);
  }
  if (isPlainObject(value)) {
    const entries = Object.entries(value).map(([name, each]) => [name, encode(each)]);
    return { object: Object.fromEntries(entries) };
  }
  if (value === null || ["number", "string", "boolean"].includes(typeof value)) {
    return value;
  }
  return { other: typeof value };
}

/** The value of what `encode` has made; what it could not say becomes undefined. */
export function decode(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(decode);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const wrapped = value as Record<string, unknown>;
  if (typeof wrapped.number === "string") {
    return Number(wrapped.number);
  }
  if (Array.isArray(wrapped.tensor)) {
    const numbers = wrapped.tensor.map(decode) as number[];
    return tf.tensor(numbers, wrapped.shape as number[], wrapped.dtype as "float32");
  }
  if (isPlainObject(wrapped.object)) {
    const entries = Object.entries(wrapped.object).map(([name, each]) => [name, decode(each)]);
    return Object.fromEntries(entries);
  }
  return undefined;
}
