import { FigureError } from "./figure";

/** A number for readers: four significant digits, no trailing zeros, 12,000 rather than 1.2e+4. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (value !== 0 && (size < 1e-3 || size >= 1e15)) {
    return value.toExponential(2).replace(/\.?0+e/, "e");
  }
  if (Number.isInteger(value)) return value.toLocaleString("en-US");
  return Number(value.toPrecision(4)).toLocaleString("en-US", { maximumFractionDigits: 6 });
}

/** A number as a figure stores it: five significant digits are more than a screen can show. */
export function compact(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(5));
}

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
    if (values[i]! <= 0) {
      throw new FigureError(
        `The ${what} ${nameOf(i)} is ${values[i]}, which has no place on a logarithmic axis. Leave it ` +
          'out, or take the scale "linear".',
      );
    }
  }
}

/** One list of numbers, or several by name. */
export type NamedNumbers = ArrayLike<number> | Readonly<Record<string, ArrayLike<number>>>;

/**
 * Several lists by name, also where only one without a name was given.
 *
 * @throws FigureError for none, or a list that is empty or has a value that is not finite
 */
export function namedNumbers(
  numbers: NamedNumbers,
  nameOfOne: string,
): [name: string, values: ArrayLike<number>][] {
  const entries: [string, ArrayLike<number>][] = isList(numbers)
    ? [[nameOfOne, numbers]]
    : typeof numbers === "object" && numbers !== null && !("dataSync" in numbers)
      ? Object.entries(numbers)
      : // Not a list: requireNumbers says so.
        [[nameOfOne, numbers as unknown as ArrayLike<number>]];
  if (entries.length === 0) {
    throw new FigureError(
      "There is nothing to draw: no list of numbers was given. Pass at least one by name, such as " +
        "{ loss: [4.9, 3.1] }.",
    );
  }
  for (const [name, values] of entries) requireNumbers(name, values);
  return entries;
}

function isList(value: unknown): value is ArrayLike<number> {
  return Array.isArray(value) || ArrayBuffer.isView(value);
}

/** What was given in place of numbers, in a word or two. */
function describeValue(value: unknown): string {
  if (typeof value !== "object" || value === null) return `${typeof value} ${String(value)}`;
  return "dataSync" in value ? "a tensor" : "an object";
}

/** A whole number from `least` up; else the message names the option. */
export function requireCount(name: string, value: number, least = 1): void {
  if (!Number.isInteger(value) || value < least) {
    throw new FigureError(`\`${name}\` is ${value}, but must be a whole number from ${least} up.`);
  }
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
