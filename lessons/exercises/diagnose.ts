import { formatNumber } from "karenina";
import { type Comparison, closeNumbers, type Numbers } from "./compare";

/**
 * What is wrong with a result, as far as it can be seen without knowing the exercise: its form, its
 * shape, its sign, a factor, one too many. Never says the right values.
 */
export function diagnose(comparison: Comparison): string | undefined {
  return misfit(comparison) ?? inValues(comparison.pairs);
}

/** Says that the result is a text where a number is needed, and the like. */
export function wrongForm({ forms, missing }: Comparison): string | undefined {
  if (forms?.actual === "a promise") {
    return "The result is a promise: put `await` before what makes it, or leave `async` out.";
  }
  if (forms) {
    return `The result is ${forms.actual}, but should be ${forms.expected}.`;
  }
  return missing && `The result has no property \`${missing}\`.`;
}

function misfit(comparison: Comparison): string | undefined {
  const { shapes } = comparison;
  if (!shapes) {
    return wrongForm(comparison);
  }
  const { actual, expected, form } = shapes;
  if (form === "list" && actual.length === 1 && expected.length === 1) {
    return `The list has ${actual[0]} elements, but should have ${expected[0]}.`;
  }
  const words = `The shape is [${actual.join(", ")}], but should be [${expected.join(", ")}].`;
  if (actual.length > 1 && [...actual].reverse().join() === expected.join()) {
    return `${words} The axes are swapped: transpose, or work along the other axis.`;
  }
  if (actual.filter((d) => d !== 1).join() === expected.filter((d) => d !== 1).join()) {
    return `${words} Only axes of length 1 differ: keep or drop them (\`keepDims\`, \`reshape\`).`;
  }
  return actual.length === expected.length
    ? words
    : `${words} Look at the axis along which you work.`;
}

function inValues(pairs: Comparison["pairs"]): string | undefined {
  const actual = pairs.flatMap((pair) => Array.from(pair.actual.values));
  const expected = pairs.flatMap((pair) => Array.from(pair.expected.values));
  const all: Numbers = { form: "list", shape: [expected.length], values: expected };
  const fits = (values: number[]) =>
    closeNumbers({ ...all, values }, all).every(Boolean) && expected.some((value) => value !== 0);
  const bad = actual.findIndex((value, i) => !Number.isFinite(value) && value !== expected[i]);
  if (bad >= 0 && Number.isFinite(expected[bad])) {
    return `The result is not finite: ${actual[bad]} is among the values. Look for a division by zero, the logarithm of zero, or an overflow.`;
  }
  if (fits(actual.map((value) => -value))) {
    return "The size is right, but not the sign.";
  }
  if (pairs.some(({ actual: a, expected: e }) => isTransposed(a, e))) {
    return "The right values stand in the wrong places: rows and columns are swapped.";
  }
  return offByOne(actual, expected) ?? factor(actual, expected, fits) ?? share(pairs);
}

function isTransposed(actual: Numbers, expected: Numbers): boolean {
  const [rows, columns] = expected.shape;
  if (expected.shape.length !== 2 || rows !== columns) {
    return false;
  }
  const values = Array.from(actual.values, (_, i) => {
    return actual.values[(i % rows) * rows + Math.floor(i / rows)];
  });
  return (
    closeNumbers({ ...actual, values }, expected).every(Boolean) &&
    !closeNumbers(actual, expected).every(Boolean)
  );
}

function offByOne(actual: number[], expected: number[]): string | undefined {
  const differences = actual.map((value, i) => value - expected[i]);
  const whole = expected.every(Number.isInteger) && differences.every(Number.isInteger);
  const wrong = differences.filter((difference) => difference !== 0);
  if (!whole || wrong.length === 0) {
    return undefined;
  }
  if (wrong.every((difference) => difference === 1)) {
    return "Off by one: one too many.";
  }
  return wrong.every((difference) => difference === -1) ? "Off by one: one too few." : undefined;
}

/** A common factor shows only in several values; of one number it would tell the answer. */
function factor(
  actual: number[],
  expected: number[],
  fits: (values: number[]) => boolean,
): string | undefined {
  if (new Set(expected.filter((value) => value !== 0)).size < 2) {
    return undefined;
  }
  const largest = expected.reduce(
    (best, value, i) => (Math.abs(value) > Math.abs(expected[best]) ? i : best),
    0,
  );
  const ratio = actual[largest] / expected[largest];
  if (ratio === 0 || !Number.isFinite(ratio)) {
    return undefined;
  }
  return fits(actual.map((value) => value / ratio))
    ? `All values are ${formatNumber(ratio)} times what they should be.`
    : undefined;
}

function share(pairs: Comparison["pairs"]): string | undefined {
  const close = pairs.flatMap(({ actual, expected }) => closeNumbers(actual, expected));
  const right = close.filter(Boolean).length;
  return right > 0 && right < close.length
    ? `${right} of ${close.length} values are right.`
    : undefined;
}
