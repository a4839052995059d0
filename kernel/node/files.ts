import { existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Files, Paths } from "../session/host";

/** The file system of Node.js, for sessions. */
export const nodeFiles: Files = {
  status(file) {
    const stats = statSync(file, { throwIfNoEntry: false });
    return stats && { modified: stats.mtimeMs, size: stats.size };
  },
  read: (file) => readFileSync(file, "utf8"),
  realPath: (path) => (existsSync(path) ? realpathSync.native(path) : path),
};

/** How Node.js writes paths on this machine. */
export const nodePaths: Paths = {
  join,
  dirname,
  basename,
  relative,
  isAbsolute,
  toUrl: (path) => pathToFileURL(path).href,
  fromUrl: (url) => fileURLToPath(url),
};
