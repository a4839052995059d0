import { stat, utimes } from "node:fs/promises";
import * as path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { lock } from "proper-lockfile";
import { makeFolder } from "../host/node/makeFolder";
import { DataError } from "./dataError";
import type { DataSettings } from "./dataOptions";

/** A lock whose owner has not touched it for so long belongs to a dead process. */
const STALE_MS = 10_000;
const POLL_MS = 200;

const NOT_WRITABLE = new Set(["EACCES", "EPERM", "EROFS", "ENOTDIR", "EEXIST", "ENOSPC", "EDQUOT"]);

/** Says which folder cannot be written and how to choose another; other errors pass through. */
export function explainCacheError(error: unknown, folder: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (error instanceof DataError || !code) return error;
  if (!NOT_WRITABLE.has(code) && code !== "ENOENT") return error;
  return new DataError(
    "cache-not-writable",
    `The cache folder ${folder} cannot be written (${code}). Make room or give yourself the right to write there, or set KARENINA_CACHE to another folder.`,
    { cause: error },
  );
}

/**
 * Does some work while no other process works in the same folder, which is made if missing.
 *
 * @param work - Gets a signal that is aborted if the lock is lost (the machine was asleep).
 * @throws {DataError} `cache-not-writable`, or `lock-timeout` after `lockWaitSeconds`.
 */
export async function withCacheLock<T>(
  folder: string,
  dataSet: string,
  settings: DataSettings,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const lost = new AbortController();
  const release = await acquire(folder, dataSet, settings, () => lost.abort());
  try {
    return await work(lost.signal);
  } catch (error) {
    throw explainCacheError(error, folder);
  } finally {
    // A lost lock cannot be released; another process owns it now.
    await release().catch(() => {});
  }
}

/**
 * Whether a lock dates from a time that is still to come, since the clock was set back, and was left
 * alone for as long as none that is held is. Counted by a clock that nobody sets.
 */
function watchForDeadFromTheFuture(lockFile: string): () => Promise<boolean> {
  let touched: number | undefined;
  let since = 0;
  return async () => {
    const found = (await stat(lockFile).catch(() => undefined))?.mtimeMs;
    if (found === undefined || found !== touched) {
      touched = found;
      since = performance.now();
      return false;
    }
    return found > Date.now() + STALE_MS && performance.now() - since > STALE_MS;
  };
}

async function acquire(
  folder: string,
  dataSet: string,
  settings: DataSettings,
  onLost: () => void,
): Promise<() => Promise<void>> {
  const deadline = performance.now() + settings.lockWaitSeconds * 1000;
  try {
    makeFolder(path.resolve(folder));
  } catch (error) {
    throw explainCacheError(error, folder);
  }
  const lockFile = path.join(folder, ".lock");
  const isDead = watchForDeadFromTheFuture(lockFile);
  for (let waiting = false; ; waiting = true) {
    try {
      return await lock(folder, {
        lockfilePath: lockFile,
        realpath: false,
        stale: STALE_MS,
        onCompromised: onLost,
      });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ELOCKED") {
        throw explainCacheError(error, folder);
      }
    }
    // Made old, it is taken over like any other.
    if (await isDead()) await utimes(lockFile, 0, 0).catch(() => {});
    if (performance.now() > deadline) {
      throw new DataError(
        "lock-timeout",
        `Another process has kept the data set "${dataSet}" locked for ${settings.lockWaitSeconds} seconds. Wait until it has ended, or end it, and try again; if there is no such process, remove ${path.join(folder, ".lock")}.`,
      );
    }
    if (!waiting) settings.notify(`Another process is fetching "${dataSet}"; waiting for it.`);
    await pause(POLL_MS);
  }
}
