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
