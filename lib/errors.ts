/**
 * What every error of this library is, so that one `catch` tells them from faults of a program: the
 * message is a paragraph that names the value, what was expected, and how to mend it.
 *
 * @example
 * try {
 *   await loadText("moby-dick");
 * } catch (error) {
 *   if (error instanceof KareninaError && error.code === "offline") useAnotherText();
 *   else throw error;
 * }
 */
export abstract class KareninaError extends Error {
  /** The kind of failure, in small letters with hyphens, for programs that react to it. */
  abstract readonly code: string;
}

/** What a value is, in two words, for an error. */
export function nameOf(value: unknown): string {
  if (value === null || value === undefined) {
    return String(value);
  }
  if (typeof value === "number" || typeof value === "boolean") {
    return `the ${typeof value} ${value}`;
  }
  if (typeof value === "string") {
    return `the text ${JSON.stringify(value)}`;
  }
  if (typeof value === "function") {
    return "a function";
  }
  const name = (value as object).constructor?.name ?? "object";
  return `${/^([AEIO]|U(?!int))/i.test(name) ? "an" : "a"} ${name}`;
}
