import { nameOf as nameOfValue } from "../errors";
import { requireWhole } from "../options";
import { FigureError } from "./figure";
import { formatNumber } from "./numberFormat";

/**
 * Makes sure that there is something to draw and that all of it is numbers.
 *
 * @param what names the values in the message, in the singular: "loss", "probability"
 * @param nameOf names the value at an index: "at step 312"
 * @throws FigureError for no values, or one that is not finite
 */
export function requireNumbers(
  what: string,
  values: ArrayLike<number>,
  nameOf: (index: number) => string = (index) => `at index ${index}`,
): void {
  requireList(what, values);
  for (let i = 0; i < values.length; i++) {
    const value: unknown = values[i];
    if (typeof value !== "number" || !Number.isFinite(value)) {
      throw new FigureError(
        `The ${what} ${nameOf(i)} is ${value}, which cannot be drawn: a figure takes finite numbers. ` +
          "Leave that value out, or find out where it came from.",
      );
    }
  }
}

/** @throws FigureError for what is no list, or an empty one */
function requireList(what: string, values: ArrayLike<unknown>): void {
  if (typeof values?.length !== "number" || typeof values === "string") {
    throw new FigureError(
      `The ${what} to draw is no list of numbers, but ${describeValue(values)}. Pass an array or a typed ` +
        "array; of a tensor its values, `tensor.dataSync()`.",
    );
  }
  if (values.length === 0) {
    throw new FigureError(
      `There is no ${what} to draw: the list is empty. Pass at least one value.`,
    );
  }
}

/**
 * Makes sure that all values can stand on a logarithmic axis.
 *
 * @throws FigureError for a value that is not above zero
 */
export function requirePositive(
  what: string,
  values: ArrayLike<number>,
  nameOf: (index: number) => string = (index) => `at index ${index}`,
): void {
  for (let i = 0; i < values.length; i++) {
    if (values[i] <= 0) {
      throw new FigureError(
        `The ${what} ${nameOf(i)} is ${values[i]}, which has no place on a logarithmic axis. Leave it ` +
          'out, or take the scale "linear".',
      );
    }
  }
}

/** One list of numbers, or several by name. */
export type NamedNumbers = ArrayLike<number> | Readonly<Record<string, ArrayLike<number>>>;

/** Numbers of which some may be missing: NaN, null and undefined are gaps. */
export type NumbersWithGaps = ArrayLike<number | null | undefined>;

/** One list of numbers with gaps, or several by name. */
export type NamedNumbersWithGaps = NumbersWithGaps | Readonly<Record<string, NumbersWithGaps>>;

/**
 * Several lists by name, also where only one without a name was given.
 *
 * @throws FigureError for none, or a list that is empty or has a value that is not finite
 */
export function namedNumbers(
  numbers: NamedNumbers,
  nameOfOne: string,
): [name: string, values: ArrayLike<number>][] {
  const entries = namedLists(numbers, nameOfOne);
  for (const [name, values] of entries) {
    requireNumbers(name, values);
  }
  return entries;
}

/**
 * As `namedNumbers`, of lists that may have gaps, which come back as NaN.
 *
 * @throws FigureError for none, a list without a number, or one that has an infinite value
 */
export function namedNumbersWithGaps(
  numbers: NamedNumbersWithGaps,
  nameOfOne: string,
): [name: string, values: ArrayLike<number>][] {
  return namedLists<number | null | undefined>(numbers, nameOfOne).map(([name, values]) => [
    name,
    numbersWithGaps(name, values),
  ]);
}

function namedLists<T>(
  numbers: ArrayLike<T> | Readonly<Record<string, ArrayLike<T>>>,
  nameOfOne: string,
): [name: string, values: ArrayLike<T>][] {
  const entries: [string, ArrayLike<T>][] = isList<T>(numbers)
    ? [[nameOfOne, numbers]]
    : typeof numbers === "object" && numbers !== null && !("dataSync" in numbers)
      ? Object.entries(numbers)
      : // Not a list: requireNumbers says so.
        [[nameOfOne, numbers as unknown as ArrayLike<T>]];
  if (entries.length > 0) {
    return entries;
  }
  throw new FigureError(
    "There is nothing to draw: no list of numbers was given. Pass at least one by name, such as " +
      "{ loss: [4.9, 3.1] }.",
  );
}

/**
 * Numbers in which all that is missing is NaN.
 *
 * @param nameOf names the values at an index: "at step 312"
 * @throws FigureError for no number at all, or one that is infinite
 */
export function numbersWithGaps(
  what: string,
  values: NumbersWithGaps,
  nameOf: (index: number) => string = (index) => `at index ${index}`,
): ArrayLike<number> {
  requireList(what, values);
  let found = 0;
  let missing = 0;
  for (let i = 0; i < values.length; i++) {
    const value: unknown = values[i];
    if (isGap(value)) {
      missing += 1;
    } else if (typeof value === "number" && Number.isFinite(value)) {
      found += 1;
    } else {
      throw new FigureError(
        `The ${what} ${nameOf(i)} is ${value}, which cannot be drawn: a line takes finite numbers, and ` +
          "NaN, null or undefined for a gap. Put one of these in its place, or find out where it came from.",
      );
    }
  }
  if (found === 0) {
    throw new FigureError(
      `There is no ${what} to draw: all ${formatNumber(missing)} values are gaps (NaN, null or undefined). ` +
        "Pass at least one number.",
    );
  }
  // A list without null and undefined is taken as it is: it may have millions of values.
  return missing === 0 || ArrayBuffer.isView(values)
    ? (values as ArrayLike<number>)
    : Array.from(values, (value) => value ?? Number.NaN);
}

function isGap(value: unknown): boolean {
  return value === null || value === undefined || Number.isNaN(value);
}

function isList<T>(value: unknown): value is ArrayLike<T> {
  return Array.isArray(value) || ArrayBuffer.isView(value);
}

/** What was given in place of numbers, in a word or two. */
function describeValue(value: unknown): string {
  if (typeof value !== "object" || value === null) {
    return nameOfValue(value);
  }
  return "dataSync" in value ? "a tensor" : "an object";
}

/** A whole number from `least` up; else the message names the option. */
export function requireCount(name: string, value: number, least = 1): void {
  requireWhole({ [`\`${name}\``]: value }, least, { Thrown: FigureError });
}
