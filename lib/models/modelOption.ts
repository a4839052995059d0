import { KareninaError } from "../errors";
/** Thrown for options that make no network; the message names the option and its range. */
export class ModelOptionError extends KareninaError {
  override name = "ModelOptionError";
  readonly code = "bad-option";
}

/** @throws ModelOptionError naming the first option that is no whole number from the minimum up */
export function requireWhole(options: Record<string, number>, minimum: number): void {
  for (const [name, value] of Object.entries(options)) {
    if (!Number.isSafeInteger(value) || value < minimum) {
      throw new ModelOptionError(
        `${name} is ${value}, but must be a whole number from ${minimum} up.`,
      );
    }
  }
}
