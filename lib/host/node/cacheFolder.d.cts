/** Where to look for the preferred folder; every part defaults to this process's own. */
export interface CachePlace {
  env?: NodeJS.ProcessEnv;
  platform?: NodeJS.Platform;
  /** The user's home folder, or "" for none. */
  home?: string;
}

/**
 * Where Karenina keeps downloads by preference: KARENINA_CACHE, else `karenina` in the user's cache
 * (XDG_CACHE_HOME or ~/.cache, ~/Library/Caches, %LOCALAPPDATA%). The path is absolute and need not
 * exist yet; null when the user has no home folder.
 */
export function preferredCacheFolder(where?: CachePlace): string | null;

/**
 * The cache folder to use, made if missing. A preferred folder that cannot be written is replaced
 * by `build/cache` under `project` (the project's root folder); `reason` then says why in one
 * clause, else it is null.
 */
export function cacheFolder(options: CachePlace & { project: string }): {
  folder: string;
  reason: string | null;
};

/** The system's error code when no file can be written in the folder (made if missing), or null. */
export function whyNotWritable(folder: string): string | null;
