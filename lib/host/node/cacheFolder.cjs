"use strict";
// The one rule for where downloads are kept. CommonJS with built-ins only, because the set-up
// scripts need it before anything is installed and the library needs it afterwards.
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");

/**
 * The folder in which this user's programs keep what can be downloaded again.
 *
 * @param {{ env: NodeJS.ProcessEnv, platform: NodeJS.Platform, home: string }} where
 * @returns {string | null} null when the system names no such folder
 */
function userCacheFolder({ env, platform, home }) {
  const at = platform === "win32" ? path.win32 : path.posix;
  if (platform === "win32") {
    if (env.LOCALAPPDATA) {
      return env.LOCALAPPDATA;
    }
    return home ? at.join(home, "AppData", "Local") : null;
  }
  if (platform === "darwin") {
    return home ? at.join(home, "Library", "Caches") : null;
  }
  // The XDG base directory specification: a relative path is to be ignored.
  if (env.XDG_CACHE_HOME && at.isAbsolute(env.XDG_CACHE_HOME)) {
    return env.XDG_CACHE_HOME;
  }
  return home ? at.join(home, ".cache") : null;
}

/**
 * Where Karenina keeps downloads by preference: KARENINA_CACHE, else `karenina` in the user's cache.
 *
 * @param {{ env?: NodeJS.ProcessEnv, platform?: NodeJS.Platform, home?: string }} [where]
 * @returns {string | null} an absolute path that need not exist yet; null when there is no home
 */
function preferredCacheFolder(where = {}) {
  const { env = process.env, platform = process.platform, home = homeFolder() } = where;
  if (env.KARENINA_CACHE) {
    return path.resolve(env.KARENINA_CACHE);
  }
  const base = userCacheFolder({ env, platform, home });
  if (base === null) {
    return null;
  }
  return (platform === "win32" ? path.win32 : path.posix).join(base, "karenina");
}

/**
 * The cache folder to use, made if missing. A preferred folder that cannot be written is replaced
 * by `build/cache` in the project, and `reason` then says why in one clause.
 *
 * @param {{ project: string, env?: NodeJS.ProcessEnv, platform?: NodeJS.Platform, home?: string }} options
 *   `project` is the project's root folder
 * @returns {{ folder: string, reason: string | null }}
 */
function cacheFolder({ project, ...where }) {
  const preferred = preferredCacheFolder(where);
  const fallback = path.join(project, "build", "cache");
  if (preferred === null) {
    fs.mkdirSync(fallback, { recursive: true });
    return { folder: fallback, reason: "this user has no home folder" };
  }
  const failure = whyNotWritable(preferred);
  if (failure === null) {
    return { folder: preferred, reason: null };
  }
  fs.mkdirSync(fallback, { recursive: true });
  return { folder: fallback, reason: `${preferred} cannot be written (${failure})` };
}

/**
 * Asked by really writing: permission bits say little for root, on network drives and on Windows.
 *
 * @param {string} folder
 * @returns {string | null} the system's error code, or null when a file could be written
 */
function whyNotWritable(folder) {
  try {
    fs.mkdirSync(folder, { recursive: true });
    fs.rmdirSync(fs.mkdtempSync(path.join(folder, ".writable-")));
    return null;
  } catch (error) {
    return error.code ?? error.message;
  }
}

/** os.homedir() throws for a user without an entry in the password file and without HOME. */
function homeFolder() {
  try {
    return os.homedir();
  } catch {
    return "";
  }
}

module.exports = { cacheFolder, preferredCacheFolder, whyNotWritable };
