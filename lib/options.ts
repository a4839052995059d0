import { KareninaError, nameOf } from "./errors";

/** Thrown for an option that cannot be what it is; the message names it, its value and what is expected. */
export class OptionError extends KareninaError {
  override name = "OptionError";
  readonly code = "bad-option";
}

/** What a refusal says and throws beside the usual. */
export interface Refusal {
  /** The end of the sentence: how to mend it. */
  remedy?: string;
  /** An error of its own where a room has one. Default {@link OptionError}. */
  Thrown?: new (
    message: string,
  ) => Error;
}

/** Options by their names; one that need not be there stands in the list with its default. */
type Options = Readonly<Record<string, unknown>>;

/**
 * Makes sure that options are what is expected of them.
 *
 * @param expected such as "a whole number from 1 up"
 * @throws OptionError, or another, naming the first option that is not
 */
export function requireOptions(
  options: Options,
  fits: (value: never) => boolean,
  expected: string,
  { remedy = "", Thrown = OptionError }: Refusal = {},
): void {
  for (const [name, value] of Object.entries(options)) {
    if (!fits(value as never)) {
      throw new Thrown(`${name} is ${shown(value)}, but must be ${expected}${remedy}.`);
    }
  }
}

function shown(value: unknown): string {
  if (typeof value === "number") {
    return String(value);
  }
  return typeof value === "string" ? JSON.stringify(value) : nameOf(value);
}

/** Those options that are not left out. */
export function given(options: Options): Options {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

/** Whole numbers from `least` up. @throws OptionError, or another, naming the first that is none */
export function requireWhole(options: Options, least = 1, refusal?: Refusal): void {
  const fits = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= least;
  requireOptions(options, fits, `a whole number from ${least} up`, refusal);
}

/** Finite numbers above 0. @throws OptionError, or another, naming the first that is none */
export function requirePositive(options: Options, refusal?: Refusal): void {
  const fits = (value: unknown) => Number.isFinite(value) && (value as number) > 0;
  requireOptions(options, fits, "a number above 0", refusal);
}

/** Finite numbers from 0 up. @throws OptionError, or another, naming the first that is none */
export function requireNotNegative(options: Options, refusal?: Refusal): void {
  const fits = (value: unknown) => Number.isFinite(value) && (value as number) >= 0;
  requireOptions(options, fits, "a number from 0 up", refusal);
}

/** Numbers from 0 to below 1. @throws OptionError, or another, naming the first that is none */
export function requireFraction(options: Options, refusal?: Refusal): void {
  const fits = (value: unknown) => typeof value === "number" && value >= 0 && value < 1;
  requireOptions(options, fits, "a fraction from 0 up to, not including, 1", refusal);
}

/** One of some names each. @throws OptionError, or another, naming the first that is none of them */
export function requireOneOf(options: Options, names: readonly string[], refusal?: Refusal): void {
  const quoted = names.map((name) => `"${name}"`);
  const expected = [quoted.slice(0, -1).join(", "), quoted.at(-1)].filter(Boolean).join(" or ");
  requireOptions(options, (value) => names.includes(value), expected, refusal);
}
