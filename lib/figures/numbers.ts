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
