import { random, randomInteger } from "karenina";
import { engine } from "../../../../lib/engine/choice";
import {
  createFloat,
  type Handle,
  release,
  valuesOf,
} from "../../../../lib/engine/native/operations";
import { ownOperations } from "../../../../lib/engine/native/ownOperations";

// What tests of the library's own operations have in common.

/** Why a test cannot run here; undefined where it can. */
export function missing(): string | undefined {
  const has = engine().name === "native" && ownOperations() !== undefined;
  return has ? undefined : "there are no operations of the library's own here";
}

/** Numbers between -scale and scale. */
export const draw = (size: number, scale = 1): Float32Array =>
  Float32Array.from({ length: size }, () => (2 * random() - 1) * scale);

/** Sizes from 1 to each of the given ones. */
export const drawSizes = (...most: number[]): number[] =>
  most.map((each) => 1 + randomInteger(each));

/** Calls a function with what makes tensors, and reads what it returns. Frees both. */
export function onHandles<Name extends string>(
  body: (give: (values: Float32Array, ...shape: number[]) => Handle) => Record<Name, Handle>,
): Record<Name, Float32Array> {
  const made: Handle[] = [];
  const results = body((values, ...shape) => {
    const handle = createFloat(shape, values);
    made.push(handle);
    return handle;
  });
  const handles = Object.values(results) as Handle[];
  const read = Object.entries(results).map(([name, each]) => [name, valuesOf(each as Handle)]);
  release(...new Set([...made, ...handles]));
  return Object.fromEntries(read);
}

/**
 * The largest difference, in parts of the largest number; infinite where one is not a number.
 *
 * @param least what the largest number counts at least, where a sum may be small because its terms cancel
 */
export function apart(
  ones: ArrayLike<number>,
  others: ArrayLike<number>,
  least = Number.MIN_VALUE,
): number {
  let [difference, size] = [0, least];
  for (let k = 0; k < others.length; k++) {
    const each = Math.abs(ones[k] - others[k]);
    difference = Number.isNaN(each) ? Number.POSITIVE_INFINITY : Math.max(difference, each);
    size = Math.max(size, Math.abs(others[k]));
  }
  const fits = ones.length === others.length;
  return fits ? difference / size : Number.POSITIVE_INFINITY;
}
