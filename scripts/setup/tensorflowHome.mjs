// Where a native TensorFlow lies: a folder in the user's cache with what tfjs-node expects in its
// own (`deps/lib` the libraries, `lib/napi-v8` the add-on), linked into node_modules. So `npm ci`,
// which empties node_modules, costs no download, and a second clone has it at once.

import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const { cacheFolder } = createRequire(import.meta.url)("../../lib/host/node/cacheFolder.cjs");

const PARTS = ["deps", "lib"];

/**
 * @param {import("./project.mjs").Project} project
 * @param {string} key names the library's source, version and platform
 * @returns {{ folder: string, reason: string | null }} reason: why it is not in the user's cache
 */
export function homeOf(project, key) {
  const { folder, reason } = cacheFolder({ project: project.root, env: project.env });
  return { folder: path.join(folder, "tensorflow", key), reason };
}

/** The add-on's file below a home or below tfjs-node's own folder. */
export function addOnIn(folder) {
  return path.join(folder, "lib", "napi-v8", "tfjs_binding.node");
}

/**
 * Fills a folder beside the home and renames it: a home is there whole or not at all.
 *
 * @param {string} home
 * @param {(folder: string) => Promise<void>} fill
 */
export async function makeHome(home, fill) {
  fs.mkdirSync(path.dirname(home), { recursive: true });
  sweep(home);
  const making = `${home}.making-${process.pid}`;
  try {
    fs.mkdirSync(making);
    await fill(making);
    fs.rmSync(home, { recursive: true, force: true });
    fs.renameSync(making, home);
  } finally {
    fs.rmSync(making, { recursive: true, force: true });
  }
}

/** Removes what set-ups that were killed left behind; the caller holds the lock. */
function sweep(home) {
  const begun = `${path.basename(home)}.making-`;
  for (const name of fs.readdirSync(path.dirname(home))) {
    if (!name.startsWith(begun)) {
      continue;
    }
    fs.rmSync(path.join(path.dirname(home), name), { recursive: true, force: true });
  }
}

/**
 * Links a home into tfjs-node's folder, in place of whatever is there.
 *
 * @param {import("./project.mjs").Project} project
 * @param {string} home
 */
export function linkHome(project, home) {
  unlinkHome(project);
  for (const part of PARTS) {
    // "junction" is what Windows allows everybody to make; other systems ignore the type.
    fs.symlinkSync(path.join(home, part), path.join(project.tfjsNode, part), "junction");
  }
}

/** Takes the native library out of tfjs-node's folder: a link is removed, never what it points to. */
export function unlinkHome(project) {
  for (const part of PARTS) {
    fs.rmSync(path.join(project.tfjsNode, part), { recursive: true, force: true });
  }
}
