import { notice } from "../display/display";
import { host } from "../host/host";
import { requireNotNegative } from "../options";
import { DataError } from "../text/dataError";
import {
  type DataSetEntry,
  type FileEntry,
  findDataSet,
  type Registry,
  shippedRegistry,
} from "./registry";

/** Where data may come from; every loader takes these options. */
export interface DataOptions {
  /**
   * A folder that is looked at first, laid out as `<data set>/<file>`, tables as `tabular/<file>`,
   * too; the environment variable KARENINA_DATA by default. The `datasets` folder of a cache is one.
   * What is found there is verified too.
   */
  dataFolder?: string;
  /**
   * Where downloads are kept (in `datasets/<data set>/`); by default KARENINA_CACHE, else
   * `karenina` in the user's cache folder.
   */
  cacheFolder?: string;
  /** Never use the network, but fail at once; true where KARENINA_OFFLINE=1. */
  offline?: boolean;
  /** Give a mirror up after so many seconds without a byte; 30 by default. */
  stallSeconds?: number;
  /** The pause before a second try at the same mirror, in seconds; 0.5 by default. */
  retryDelaySeconds?: number;
  /** The data sets known by name; those of datasets/registry.json by default. */
  registry?: Registry;
  /**
   * Takes the few lines said along the way (licences, warnings). Default: plain output in a notebook,
   * standard error elsewhere.
   */
  notify?: (line: string) => void;
}

/** The options with every default filled in. */
export interface DataSettings {
  dataFolder: string | undefined;
  cacheFolder: string;
  offline: boolean;
  stallSeconds: number;
  retryDelaySeconds: number;
  registry: Registry;
  notify: (line: string) => void;
}

function offlineByEnvironment(): boolean {
  const value = host.process.environment.KARENINA_OFFLINE ?? "";
  return !["", "0", "false"].includes(value.toLowerCase());
}

/** The user's options, else what the environment says, else the defaults. */
export function settle(options: DataOptions = {}): DataSettings {
  const dataFolder = options.dataFolder ?? host.process.environment.KARENINA_DATA;
  const cacheFolder = options.cacheFolder ?? host.fetcher.cacheFolder();
  if (!cacheFolder) {
    throw new DataError(
      "cache-not-writable",
      "There is no folder to keep data sets in, because this user has no home folder. Set KARENINA_CACHE to a folder that can be written.",
    );
  }
  const { stallSeconds = 30, retryDelaySeconds = 0.5 } = options;
  requireNotNegative({ stallSeconds, retryDelaySeconds });
  return {
    dataFolder: dataFolder ? host.store.resolve(dataFolder) : undefined,
    cacheFolder: host.store.resolve(cacheFolder),
    offline: options.offline ?? offlineByEnvironment(),
    stallSeconds,
    retryDelaySeconds,
    registry: options.registry ?? shippedRegistry(),
    notify: options.notify ?? notice,
  };
}

/** A file of a data set, verified. */
export interface ObtainedFile {
  name: string;
  /** Where it was found. */
  path: string;
  content: Uint8Array;
}

/** A place where a file may lie. */
interface Place {
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
  if (content.length !== bytes) {
    return `has ${content.length} bytes where ${bytes} are expected`;
  }
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
    if (code === "ENOENT" || code === "ENOTDIR") {
      return { state: "missing", why: "not there" };
    }
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

/**
 * Looks for each file of a data set in all places on this machine where it may lie, and fetches nothing.
 *
 * @returns by file, in the registry's order, the places in the order of search
 * @throws {DataError} where the registry has no such data set
 */
export function lookForDataSet(
  name: string,
  options: DataOptions = {},
): (Place & { look: Look })[][] {
  const settings = settle(options);
  const entry = findDataSet(settings.registry, name);
  return entry.files.map((file) =>
    placesOf(name, entry, file, settings).map((place) => ({
      ...place,
      look: readVerified(place.path, file),
    })),
  );
}
