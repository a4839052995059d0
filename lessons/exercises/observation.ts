import { tf } from "karenina";
import { compare, formOf } from "./compare";
import { drawing } from "./draws";
import { asWritten, decides, type Exercise } from "./judge";
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
      return decides(exercise, given as A);
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

/**
 * A value as JSON: numbers that JSON lacks, tensors and typed arrays are wrapped. An instance of a class is
 * its members and getters; instances within it are left out, since they may be anything.
 */
export function encode(value: unknown): unknown {
  return encoded(value, false);
}

function encoded(value: unknown, withinInstance: boolean): unknown {
  const inner = (each: unknown) => encoded(each, withinInstance);
  if (typeof value === "number" && !(Number.isFinite(value) && !Object.is(value, -0))) {
    return { number: Object.is(value, -0) ? "-0" : String(value) };
  }
  if (value instanceof tf.Tensor) {
    const numbers = Array.from(value.dataSync(), inner);
    return { tensor: numbers, shape: value.shape, dtype: value.dtype };
  }
  if (Array.isArray(value)) {
    // Array.from: of places that hold nothing, too.
    return Array.from(value, inner);
  }
  if (ArrayBuffer.isView(value)) {
    return Array.from(value as unknown as ArrayLike<number>, inner);
  }
  if (value === null || ["number", "string", "boolean"].includes(typeof value)) {
    return value;
  }
  const isInstance = formOf(value) === "an object" && !isPlainObject(value);
  if (isPlainObject(value) || (isInstance && !withinInstance)) {
    const members = isInstance ? membersOf(value as object) : Object.entries(value as object);
    const entries = members.map(([name, each]) => [
      name,
      encoded(each, withinInstance || isInstance),
    ]);
    return { object: Object.fromEntries(entries) };
  }
  return { other: typeof value };
}

/** An instance's own properties, and what the getters of its classes give; one that throws is left out. */
function membersOf(instance: object): [string, unknown][] {
  const names = Object.keys(instance);
  for (
    let type = Object.getPrototypeOf(instance);
    type !== null && Object.getPrototypeOf(type) !== null;
    type = Object.getPrototypeOf(type)
  ) {
    const all = Object.entries(Object.getOwnPropertyDescriptors(type));
    names.push(...all.filter(([, { get }]) => get !== undefined).map(([name]) => name));
  }
  return names.flatMap((name): [string, unknown][] => {
    try {
      return [[name, Reflect.get(instance, name)]];
    } catch {
      return [];
    }
  });
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
