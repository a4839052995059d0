/** What initializers draw by. tfjs draws again and again until a number fits, and with these none may. */
const NUMBERS = ["mean", "stddev", "minval", "maxval", "scale", "value", "gain"];
const NOT_NEGATIVE = ["stddev", "scale"];

/**
 * Checks the initializers in a model's description, so that nothing foreign keeps tfjs drawing for
 * ever when it builds the model.
 *
 * @param topology what tfjs wrote of a model, or a part of it
 * @throws Error that names the option, its value and what it must be
 */
export function checkInitializers(topology: unknown, place = ""): void {
  if (typeof topology !== "object" || topology === null) return;
  for (const [key, inside] of Object.entries(topology)) {
    if (/initializer$/i.test(key)) checkOptions(inside, `${place}${key}`);
    checkInitializers(inside, `${place}${key}.`);
  }
}

function checkOptions(initializer: unknown, place: string): void {
  const config = (initializer as { config?: Record<string, unknown> } | null)?.config ?? {};
  for (const name of NUMBERS) {
    const value = config[name];
    const least = NOT_NEGATIVE.includes(name) ? 0 : -Infinity;
    if (value === undefined || (Number.isFinite(value) && (value as number) >= least)) continue;
    throw new Error(
      `${place}.config.${name} is ${JSON.stringify(value)}, but must be a finite number` +
        `${least === 0 ? " from 0 up" : ""}.`,
    );
  }
}
