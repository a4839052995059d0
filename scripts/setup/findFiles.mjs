// Globs without a library: Node 20's test runner takes files, not patterns.
import fs from "node:fs";
import path from "node:path";

/**
 * @param {string} folder
 * @param {(relativePath: string) => boolean} accepts
 * @returns {string[]} paths relative to the folder, with "/" on every platform, sorted
 */
export function findFiles(folder, accepts) {
  if (!fs.existsSync(folder)) {
    return [];
  }
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath ?? entry.path, entry.name)))
    .map((file) => file.split(path.sep).join("/"))
    .filter((file) => !file.split("/").some((part) => part.startsWith(".")) && accepts(file))
    .sort();
}
