import { isUtf8 } from "node:buffer";
import { readFile, stat } from "node:fs/promises";
import * as path from "node:path";
import { DataError } from "./dataError";
import { type DataOptions, settle } from "./dataOptions";
import { obtainFiles } from "./obtain";
import { loaderCall } from "./obtainError";
import { findDataSet } from "./registry";

/** A text file of your own. */
export interface TextFile {
  /** Its path; relative paths start at the current folder. */
  path: string;
}

/** The offset at which bytes stop being UTF-8: that of the first byte of the broken character. */
function firstBadByte(bytes: Buffer): number {
  const holds = (length: number) => {
    try {
      // Streaming accepts a prefix that ends inside a character.
      new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, length), { stream: true });
      return true;
    } catch {
      return false;
    }
  };
  let good = 0;
  let bad = bytes.length + 1;
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (holds(middle)) good = middle;
    else bad = middle;
  }
  while (!isUtf8(bytes.subarray(0, good))) good--;
  return good;
}

/** Decodes UTF-8 strictly, without a byte order mark. */
function decode(bytes: Buffer, origin: string): string {
  if (!isUtf8(bytes)) {
    const offset = firstBadByte(bytes);
    const byte = bytes[offset]!.toString(16).padStart(2, "0");
    const utf16 =
      (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
    const from = utf16 ? "UTF-16" : "WINDOWS-1251";
    throw new DataError(
      "not-utf8",
      `${origin} is not UTF-8 text: byte 0x${byte} at offset ${offset} cannot stand there. Save the file as UTF-8, for example with "iconv -f ${from} -t UTF-8 IN > OUT" (give the encoding that it really has).`,
    );
  }
  const text = new TextDecoder("utf-8").decode(bytes);
  if (text.length === 0) {
    throw new DataError("empty", `${origin} is empty. Give a file with some text in it.`);
  }
  return text;
}

async function readOwn(file: string): Promise<string> {
  const absolute = path.resolve(file);
  try {
    if ((await stat(absolute)).isDirectory()) {
      throw new DataError(
        "not-a-file",
        `${absolute} is a folder, but a text file is expected. Give the path of one file.`,
      );
    }
    return decode(await readFile(absolute), absolute);
  } catch (error) {
    if (error instanceof DataError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") {
      throw new DataError(
        "not-found",
        `There is no file ${absolute} ("${file}" seen from ${process.cwd()}). Check the path; a data set is named without dots and slashes.`,
        { cause: error },
      );
    }
    throw new DataError(
      "unreadable",
      `${absolute} cannot be read (${code ?? message}). Check that you may read it.`,
      { cause: error },
    );
  }
}

/**
 * Loads a text: a data set by its name, or a UTF-8 file of your own by its path (a string with a
 * dot or a slash in it is a path, since no data set's name has one). Of a table, its CSV.
 *
 * A byte order mark is dropped; line ends stay as they are.
 *
 * @example
 * const novel = await loadText("anna-karenina-ru");
 * const mine = await loadText({ path: "letters.txt" });
 *
 * @throws {DataError} `not-found`, `not-a-file`, `empty`, `not-utf8`, `unreadable` for a file of
 *   your own; `unknown-data-set`, `wrong-kind`, `offline`, `download-failed` and so on for a data
 *   set. Where Anna Karenina cannot be had, the error names the stand-in; it is never swapped in
 *   silently.
 */
export async function loadText(
  source: string | TextFile,
  options: DataOptions = {},
): Promise<string> {
  if (typeof source !== "string") return readOwn(source.path);
  if (/[./\\]/.test(source)) return readOwn(source);
  const entry = findDataSet(settle(options).registry, source);
  if (entry.kind !== "text" && entry.kind !== "table") {
    throw new DataError(
      "wrong-kind",
      `The data set "${source}" is not a text (its kind is ${entry.kind}). Load it by ${loaderCall(entry.kind, source)}.`,
    );
  }
  const [file] = await obtainFiles(source, options);
  return decode(file!.content, file!.path);
}
