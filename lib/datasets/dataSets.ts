import { DataError, textOf } from "../text/dataError";
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
  return obtained!.content;
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
  return { path: file!.path, csv: textOf(file!.content) };
}
