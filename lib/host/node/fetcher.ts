import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Fetcher } from "../host";
import { fetchFromMirrors } from "../mirrors";
import { preferredCacheFolder } from "./cacheFolder.cjs";
import { npmFiles } from "./npmPackage";

/** Mirrors, npm, and a folder in the user's cache. */
export const nodeFetcher: Fetcher = {
  registry() {
    const origin = registryPath();
    return { text: readFileSync(origin, "utf8"), origin };
  },
  cacheFolder: () => preferredCacheFolder() ?? undefined,
  fetch: (wanted, options) => fetchFromMirrors(wanted, options, unusedProxy),
  npmFiles,
};

/**
 * Where the registry lies: in the repository beside lib/, in an installed package beside its
 * package.json.
 */
function registryPath(): string {
  const library = path.resolve(__dirname, "..", "..");
  const candidates = [library, path.dirname(library)].map((folder) =>
    path.join(folder, "datasets", "registry.json"),
  );
  const found = candidates.find((candidate) => existsSync(candidate));
  if (found) return found;
  throw new Error(
    `The registry of data sets is missing; looked at ${candidates.join(" and ")}. Restore datasets/registry.json from the project's repository, or install the package again.`,
  );
}

/** Node's fetch passes a proxy by, which npm does not. */
function unusedProxy(): string {
  const { HTTPS_PROXY, https_proxy, NODE_USE_ENV_PROXY } = process.env;
  if (!(HTTPS_PROXY ?? https_proxy) || NODE_USE_ENV_PROXY) return "";
  return " (HTTPS_PROXY is set, but Node.js uses it only from version 24 on and with NODE_USE_ENV_PROXY=1)";
}
