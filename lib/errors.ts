/**
 * What every error of this library is, so that one `catch` tells them from faults of a program:
 * the message is a paragraph that names the value, what was expected, and how to mend it.
 *
 * @example
 * try {
 *   await loadText("moby-dick");
 * } catch (error) {
 *   if (error instanceof KareninaError && error.code === "offline") useAnotherText();
 *   else throw error;
 * }
 */
export class KareninaError extends Error {
  override name = "KareninaError";
  /** The kind of failure, in small letters with hyphens, for programs that react to it. */
  readonly code: string;

  constructor(message: string, options: { code: string; cause?: unknown }) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.code = options.code;
  }
}

/** Thrown before any work is done for an option or an argument that makes no sense: code `bad-option`. */
export class OptionError extends KareninaError {
  override name = "OptionError";

  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, { ...options, code: "bad-option" });
  }
}
