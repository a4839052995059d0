import { host } from "../host/host";
import { DataError, explainReadError, requireUtf8 } from "../text/dataError";
import { type DataOptions, settle } from "./dataOptions";
import { loaderCall, obtainFiles } from "./obtain";
import { findDataSet } from "./registry";

/** A text file of your own. */
export interface TextFile {
  /** Its path; relative paths start at the current folder. */
  path: string;
}

/** Decodes UTF-8 strictly, without a byte order mark. */
function decode(bytes: Uint8Array, origin: string): string {
  requireUtf8(bytes, origin);
  const text = new TextDecoder("utf-8").decode(bytes);
  if (text.length === 0) {
    throw new DataError("empty", `${origin} is empty. Give a file with some text in it.`);
  }
  return text;
}

function readOwn(file: string): string {
  const absolute = host.store.resolve(file);
  try {
    if (host.store.look(absolute)?.kind === "folder") {
      throw new DataError(
        "not-a-file",
        `${absolute} is a folder, but a text file is expected. Give the path of one file.`,
      );
    }
    return decode(host.store.read(absolute), absolute);
  } catch (error) {
    throw explainReadError(error, file);
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
