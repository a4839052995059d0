import type { LayoutAxis } from "plotly.js";
import { requireWhole } from "../options";
import { FigureError } from "./figure";

/** A number for readers: four significant digits, no trailing zeros, 12,000 rather than 1.2e+4. */
export function formatNumber(value: number): string {
  return formatDigits(value, 4);
}

/** As `formatNumber`, with more significant digits, for a number beside others that differ by little. */
function formatDigits(value: number, digits: number): string {
  if (!Number.isFinite(value)) {
    return String(value);
  }
  const size = Math.abs(value);
  if (value !== 0 && (size < 1e-3 || size >= 1e15)) {
    // A power of ten stands beside it: three digits of an ordinary number are enough.
    return value.toExponential(digits > 4 ? digits - 1 : 2).replace(/\.?0+e/, "e");
  }
  if (Number.isInteger(value)) {
    return value.toLocaleString("en-US");
  }
  const maximumFractionDigits = Math.min(20, digits + 2);
  return Number(value.toPrecision(digits)).toLocaleString("en-US", { maximumFractionDigits });
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
    return `${typeof value} ${String(value)}`;
  }
  return "dataSync" in value ? "a tensor" : "an object";
}

/** A whole number from `least` up; else the message names the option. */
export function requireCount(name: string, value: number, least = 1): void {
  requireWhole({ [`\`${name}\``]: value }, least, { Thrown: FigureError });
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Doubles have no more significant digits than these; a number with more is stored as it is. */
const MOST_DIGITS = 15;

interface RoundingOptions {
  /** How many digits of the range are kept. Default 5. */
  rangeDigits?: number;
  /** How many of each value are kept at least, however small it is beside the range. Default 5. */
  digits?: number;
  /**
   * Whether values that differ must go on to differ, however close they are: for places along an axis.
   * Default false: what differs by less than a ten-thousandth of the range may become one.
   */
  distinct?: boolean;
}

/**
 * How numbers are stored in a figure: as short as can be without a difference that could be seen. What
 * is kept follows the range of the values, since an axis shows the range: five digits of it, so that
 * years and months, seconds since 1970 or 1013.2 hPa and a bit keep their places; and of small values
 * beside large ones five digits of each. Whole numbers stay as they are, and so do gaps (NaN).
 *
 * @param values all that share the axis, or one curve
 */
export function roundingOf(
  values: ArrayLike<number>,
  { rangeDigits = 5, digits = 5, distinct = false }: RoundingOptions = {},
): (value: number) => number {
  const { min, max } = extremes(values);
  let unit = exponentOf(max - min) - (rangeDigits - 1);
  if (distinct) {
    unit = Math.min(unit, exponentOf(leastGap(values)) - 1);
  }
  return (value) => {
    if (Number.isInteger(value) || !Number.isFinite(value)) {
      return value;
    }
    const kept = Math.max(digits, exponentOf(value) - unit + 1);
    return kept > MOST_DIGITS ? value : Number(value.toPrecision(kept));
  };
}

/**
 * How numbers are written for readers where others stand beside them: as by `formatNumber`, but with as
 * many digits as it takes to tell them apart over their range. 1013.25 among values from 1013.2 to
 * 1013.4 is "1,013.25", and alone "1,013".
 *
 * @param values those that share the axis or the column
 */
export function numberFormat(values: ArrayLike<number>): (value: number) => string {
  const { min, max } = extremes(values);
  const digits = Math.max(4, digitsApart({ min, max, parts: 3 }));
  return (value) => formatDigits(value, digits);
}

/**
 * Options of an axis with which its ticks, and a box at a point, show their numbers in full. Plotly itself
 * writes seven digits into a box, in which 1700000001.5 is 1.7B, and 1.700000005B at a tick. Empty where
 * seven are enough.
 */
export function hoverFormat(
  values: ArrayLike<number>,
): Pick<Partial<LayoutAxis>, "hoverformat" | "exponentformat" | "separatethousands"> {
  const format = hoverDigits(values);
  if (format === undefined) {
    return {};
  }
  return { hoverformat: format, exponentformat: "none", separatethousands: true };
}

/** As `hoverFormat`, for the values of a heat map or contour (`zhoverformat`). */
export function zHoverFormat(values: ArrayLike<number>): { zhoverformat?: string } {
  const format = hoverDigits(values);
  return format === undefined ? {} : { zhoverformat: format };
}

function hoverDigits(values: ArrayLike<number>): string | undefined {
  const { min, max } = extremes(values);
  if (digitsApart({ min, max, parts: 4 }) <= 7) {
    return undefined;
  }
  const decimals = Math.min(20, Math.max(0, 4 - exponentOf(max - min)));
  return `,.${decimals}~f`;
}

/** Significant digits of the larger end in which the range has `parts` of its own. */
function digitsApart({ min, max, parts }: { min: number; max: number; parts: number }): number {
  if (!(max > min)) {
    return 0;
  }
  const size = exponentOf(Math.max(Math.abs(min), Math.abs(max)));
  return Math.min(MOST_DIGITS, size - exponentOf(max - min) + parts);
}

/** The power of ten of the first digit; 0 of 0, which has none. */
function exponentOf(value: number): number {
  return value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)));
}

function extremes(values: ArrayLike<number>): { min: number; max: number } {
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value < min && value > Number.NEGATIVE_INFINITY) {
      min = value;
    }
    if (value > max && value < Number.POSITIVE_INFINITY) {
      max = value;
    }
  }
  return max >= min ? { min, max } : { min: 0, max: 0 };
}

/** The smallest distance of two values that differ; 0 where all are one. */
function leastGap(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).filter(Number.isFinite).sort();
  let least = Number.POSITIVE_INFINITY;
  for (let i = 1; i < sorted.length; i++) {
    const gap = sorted[i] - sorted[i - 1];
    if (gap > 0 && gap < least) {
      least = gap;
    }
  }
  return Number.isFinite(least) ? least : 0;
}
