// What the arguments of measuring commands are checked by.
import { InvalidArgumentError } from "commander";

/** @throws InvalidArgumentError for what is no whole number from 1 up */
export function positiveInteger(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) {
    return value;
  }
  throw new InvalidArgumentError("It must be a positive integer.");
}

/** @throws InvalidArgumentError for what is no number from 0 up to, not including, 1 */
export function share(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value >= 0 && value < 1) {
    return value;
  }
  throw new InvalidArgumentError("It must be a number from 0 up to, not including, 1.");
}
