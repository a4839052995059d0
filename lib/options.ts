import { OptionError } from "./errors";

/** The value of an option as an error names it: "3" is a text, and 3 a number. */
const shown = (value: unknown) => (typeof value === "string" ? JSON.stringify(value) : `${value}`);

function refuseUnless(value: unknown, name: string, fits: boolean, expected: string): void {
  if (!fits) throw new OptionError(`${name} is ${shown(value)}, but must be ${expected}.`);
}

/**
 * Checks that an option is a whole number.
 *
 * @param from the least that is allowed
 * @param unit what is counted, such as "steps", for the message
 * @throws OptionError naming the option, its value and the least one
 */
export function requireWhole(value: unknown, name: string, from: number, unit?: string): void {
  const fits = Number.isSafeInteger(value) && (value as number) >= from;
  refuseUnless(value, name, fits, `a whole number ${unit ? `of ${unit} ` : ""}from ${from} up`);
}

/** Checks that an option is a finite number above 0. @throws OptionError naming it and its value */
export function requirePositive(value: unknown, name: string): void {
  refuseUnless(value, name, Number.isFinite(value) && (value as number) > 0, "a number above 0");
}

/** Checks that an option is a finite number from 0 up. @throws OptionError naming it and its value */
export function requireFromZero(value: unknown, name: string, such = ""): void {
  const expected = `a number from 0 up${such ? `, such as ${such}` : ""}`;
  refuseUnless(value, name, Number.isFinite(value) && (value as number) >= 0, expected);
}

/** Checks that an option is a number from 0 up to, but not including, 1. @throws OptionError */
export function requireFraction(value: unknown, name: string): void {
  const fits = Number.isFinite(value) && (value as number) >= 0 && (value as number) < 1;
  refuseUnless(value, name, fits, "a number from 0 up to, but not including, 1");
}
