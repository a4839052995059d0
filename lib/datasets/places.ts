import { host } from "../host/host";
import type { DataSettings } from "./dataOptions";
import type { DataSetEntry, FileEntry } from "./registry";

/** A file of a data set, verified. */
export interface ObtainedFile {
  name: string;
  /** Where it was found. */
  path: string;
  content: Uint8Array;
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

/** The folder of the cache that is a data set's. */
export function cacheFolderOf(name: string, settings: DataSettings): string {
  return host.store.resolve(settings.cacheFolder, "datasets", name);
}

/** What is wrong with a content, as the rest of a sentence; undefined where nothing is. */
export function problemWith(
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
export function findHere(
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
