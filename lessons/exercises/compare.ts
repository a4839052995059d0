import { isDeepStrictEqual } from "node:util";
import { tf } from "karenina";
import { isPlainObject } from "./notTried";

/** Numbers in one of the forms that answers have, row by row. */
export interface Numbers {
  form: "number" | "list" | "tensor";
  shape: readonly number[];
  values: ArrayLike<number>;
}

/** The numbers in a number, a tensor, a typed array or a rectangular array; undefined for all else. */
export function numbersOf(value: unknown): Numbers | undefined {
  if (typeof value === "number") {
    return { form: "number", shape: [], values: [value] };
  }
  if (value instanceof tf.Tensor) {
    if (value.dtype === "string" || value.dtype === "complex64") {
      return undefined;
    }
    return { form: "tensor", shape: value.shape, values: value.dataSync() };
  }
  if (ArrayBuffer.isView(value)) {
    const values = value as unknown as ArrayLike<unknown>;
    if (typeof values[0] !== "number" && values.length !== 0) {
      return undefined;
    }
    return { form: "list", shape: [values.length], values: values as ArrayLike<number> };
  }
  return Array.isArray(value) ? numbersInRows(value) : undefined;
}

function numbersInRows(rows: readonly unknown[]): Numbers | undefined {
  if (rows.every((row): row is number => typeof row === "number")) {
    return { form: "list", shape: [rows.length], values: rows };
  }
  const parts: Numbers[] = [];
  for (const row of rows) {
    const part = numbersOf(row);
    if (part?.form !== "list" || part.shape.join() !== (parts[0] ?? part).shape.join()) {
      return undefined;
    }
    parts.push(part);
  }
  const values = parts.flatMap((part) => Array.from(part.values));
  return { form: "list", shape: [rows.length, ...parts[0].shape], values };
}

/** What something is, in words: "a number", "a tensor", "a list", "undefined", "a promise". */
export function formOf(value: unknown): string {
  if (value === undefined || value === null) {
    return String(value);
  }
  if (value instanceof tf.Tensor) {
    return "a tensor";
  }
  if (Array.isArray(value) || ArrayBuffer.isView(value)) {
    return "a list";
  }
  if (typeof value === "string") {
    return "a text";
  }
  if (typeof value === "boolean") {
    return "true or false";
  }
  if (typeof value !== "object") {
    return `a ${typeof value}`;
  }
  return typeof (value as { then?: unknown }).then === "function" ? "a promise" : "an object";
}

/** Where an answer is not even of the right form or shape; the numbers of both where it is. */
export interface Comparison {
  equal: boolean;
  /** The first place where the forms differ, such as a number and a tensor. */
  forms?: { actual: string; expected: string };
  /** The first place where the shapes differ. */
  shapes?: { actual: readonly number[]; expected: readonly number[]; form: Numbers["form"] };
  /** A name that an object lacks. */
  missing?: string;
  /** All numbers whose shapes fit. */
  pairs: { actual: Numbers; expected: Numbers }[];
}

/** Compares deeply; see {@link closeTo} for the tolerance. */
export function compare(actual: unknown, expected: unknown, tolerance?: number): Comparison {
  const result: Comparison = { equal: true, pairs: [] };
  walk(actual, expected, tolerance, result);
  return result;
}

function walk(actual: unknown, expected: unknown, tolerance: number | undefined, into: Comparison) {
  const [a, e] = [numbersOf(actual), numbersOf(expected)];
  if (a && e && a.form === e.form) {
    if (a.shape.join() === e.shape.join()) {
      into.pairs.push({ actual: a, expected: e });
      into.equal &&= closeNumbers(a, e, tolerance).every(Boolean);
      return;
    }
    into.shapes ??= { actual: a.shape, expected: e.shape, form: a.form };
    into.equal = false;
  } else if (Array.isArray(actual) && Array.isArray(expected)) {
    if (actual.length !== expected.length) {
      into.shapes ??= { actual: [actual.length], expected: [expected.length], form: "list" };
      into.equal = false;
    } else {
      actual.forEach((element, i) => {
        walk(element, expected[i], tolerance, into);
      });
    }
  } else if (formOf(actual) !== formOf(expected)) {
    into.forms ??= { actual: formOf(actual), expected: formOf(expected) };
    into.equal = false;
  } else if (isObject(actual) && isPlainObject(expected)) {
    // An instance of the student's own class counts by its members, too.
    for (const [name, value] of Object.entries(expected)) {
      if (name in actual) {
        walk(actual[name], value, tolerance, into);
      } else {
        into.missing ??= name;
      }
    }
    into.equal &&= into.missing === undefined;
  } else {
    into.equal &&= isDeepStrictEqual(actual, expected);
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  formOf(value) === "an object";

/** Of each number, whether it is near enough to the expected one. */
export function closeNumbers(actual: Numbers, expected: Numbers, tolerance?: number): boolean[] {
  const wanted = Array.from(expected.values);
  const sizes = wanted.map(Math.abs).filter(Number.isFinite);
  const scale = sizes.reduce((a, b) => Math.max(a, b), 0) || 1;
  return wanted.map((e, i) => {
    const a = actual.values[i];
    if (Object.is(a, e) || a === e) {
      return true;
    }
    return Math.abs(a - e) <= allowance(e, scale, tolerance);
  });
}

function allowance(expected: number, scale: number, tolerance?: number): number {
  const rounding = 1e-6 * scale;
  if (tolerance !== undefined) {
    return tolerance * Math.abs(expected) + rounding;
  }
  // A count must be exact, but 4 may have been computed in float32.
  if (Number.isInteger(expected)) {
    return Math.min(0.25, 1e-4 * Math.abs(expected) + rounding);
  }
  return 1e-3 * Math.abs(expected) + rounding;
}

/**
 * Whether two things are the same but for rounding: numbers, tensors, (nested, typed) arrays, and
 * objects and arrays of such. Forms and shapes must be the same; a typed array counts as an array.
 *
 * @param tolerance the largest relative error of a number. Default 0.001; whole numbers then must be
 *   exact, but for the rounding of float32. In a list or tensor, 1e-6 of the largest size is allowed
 *   too, so that a zero may be computed
 *
 * @example
 * closeTo(tf.grad(student)(x), tf.grad(solution)(x));
 */
export function closeTo(
  actual: unknown,
  expected: unknown,
  { tolerance }: { tolerance?: number } = {},
): boolean {
  return compare(actual, expected, tolerance).equal;
}

/** Whether two numbers, tensors or rectangular arrays have the same shape; a number's is []. */
export function sameShape(actual: unknown, expected: unknown): boolean {
  const [a, e] = [numbersOf(actual), numbersOf(expected)];
  return a !== undefined && e !== undefined && a.shape.join() === e.shape.join();
}
