/** Thrown for options that make no network; the message names the option and its range. */
export class ModelOptionError extends Error {
  override name = "ModelOptionError";
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
