// How numbers are written and stored in figures.
import type { LayoutAxis } from "plotly.js";

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
