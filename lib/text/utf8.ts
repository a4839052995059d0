import { DataError } from "./dataError";

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
    if (isUtf8(bytes.subarray(0, middle), true)) good = middle;
    else bad = middle;
  }
  while (!isUtf8(bytes.subarray(0, good))) good--;
  return good;
}

/** Where some bytes stand in a file. */
export interface BytePlace {
  /** Bytes before them. */
  offset: number;
  /** Line ends before them. */
  lines: number;
}

const START: BytePlace = { offset: 0, lines: 0 };

/** How many lines end within some bytes. */
export function countLines(bytes: Uint8Array): number {
  let lines = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) lines++;
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
  if (isUtf8(bytes)) return;
  const at = firstBadByte(bytes);
  const byte = bytes[at]!.toString(16).padStart(2, "0");
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
