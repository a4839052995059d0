import { nameOf } from "../errors";
import { host } from "../host/host";
import { DataError, explainReadError, requireUtf8, textOf } from "../text/dataError";
import { type DataOptions, settle } from "./dataOptions";
import { loaderCall, obtainFiles } from "./obtain";
import { type DataSetEntry, findDataSet } from "./registry";

/** What the registry says of a data set. */
export interface DataSetSummary {
  name: string;
  title: string;
  description: string;
  kind: DataSetEntry["kind"];
  licence: string;
  citation: string;
  /** The data set to use where this one cannot be had. */
  standIn?: string;
  /** The length of all files together. */
  bytes: number;
  files: { name: string; bytes: number; sha256: string }[];
}

/** All data sets of the registry, without fetching anything. */
export function listDataSets(options: Pick<DataOptions, "registry"> = {}): DataSetSummary[] {
  const { registry } = settle(options);
  return Object.entries(registry.dataSets).map(([name, entry]) => ({
    name,
    title: entry.title,
    description: entry.description,
    kind: entry.kind,
    licence: entry.licence,
    citation: entry.citation,
    ...(entry.standIn ? { standIn: entry.standIn } : {}),
    bytes: entry.files.reduce((sum, file) => sum + file.bytes, 0),
    files: entry.files.map(({ name: fileName, bytes, sha256 }) => ({
      name: fileName,
      bytes,
      sha256,
    })),
  }));
}

/**
 * Makes sure that a data set is on this machine.
 *
 * @returns The path of each of its files, by name; the files are verified.
 * @throws {DataError} where it cannot be had.
 */
export async function fetchDataSet(
  name: string,
  options: DataOptions = {},
): Promise<Record<string, string>> {
  const files = await obtainFiles(name, options);
  return Object.fromEntries(files.map((file) => [file.name, file.path]));
}

/**
 * The verified bytes of one file of a data set.
 *
 * @throws {DataError} `unknown-file` with the names there are, or where it cannot be had.
 */
export async function loadFile(
  name: string,
  file: string,
  options: DataOptions = {},
): Promise<Uint8Array> {
  const [obtained] = await obtainFiles(name, options, [file]);
  return obtained.content;
}

/** A table as a CSV file: the first line has the column names. */
export interface TableFile {
  /** Where the file lies, for `readCSV` of danfojs. */
  path: string;
  /** Its content. */
  csv: string;
}

/**
 * Loads a table (`"penguins"`, `"auto-mpg"`, `"winequality-red"` and their stand-ins) as CSV.
 *
 * @throws {DataError} `wrong-kind` for another kind of data set, or where it cannot be had.
 */
export async function loadTable(name: string, options: DataOptions = {}): Promise<TableFile> {
  const entry = findDataSet(settle(options).registry, name);
  if (entry.kind !== "table") {
    throw new DataError(
      "wrong-kind",
      `The data set "${name}" is not a table (its kind is ${entry.kind}). Load it by ${loaderCall(entry.kind, name)}.`,
    );
  }
  const [file] = await obtainFiles(name, options);
  return { path: file.path, csv: textOf(file.content) };
}

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
  if (typeof source !== "string") {
    if (typeof source?.path !== "string") {
      throw new DataError(
        "not-found",
        `loadText was given ${nameOf(source)}, but loads a data set by its name, or a file: { path: "letters.txt" }.`,
      );
    }
    return readOwn(source.path);
  }
  if (/[./\\]/.test(source)) {
    return readOwn(source);
  }
  const entry = findDataSet(settle(options).registry, source);
  if (entry.kind !== "text" && entry.kind !== "table") {
    throw new DataError(
      "wrong-kind",
      `The data set "${source}" is not a text (its kind is ${entry.kind}). Load it by ${loaderCall(entry.kind, source)}.`,
    );
  }
  const [file] = await obtainFiles(source, options);
  return decode(file.content, file.path);
}
