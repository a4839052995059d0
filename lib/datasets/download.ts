import { readFile, rename, rm } from "node:fs/promises";
import * as path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { DataError } from "./dataError";
import type { DataSettings } from "./dataOptions";
import { PartialFile } from "./partialFile";
import { startProgress } from "./progress";
import type { FileEntry } from "./registry";
import { checkHash, TransferError, transfer } from "./transfer";
import { applyTransform } from "./transforms";
import { problemWith, writeWhole } from "./verifiedFile";

const TRIES_PER_MIRROR = 2;

/** Tries the mirrors in order; each continues what the one before left. */
async function fetchFromMirrors(
  file: FileEntry,
  partial: PartialFile,
  settings: DataSettings,
  signal: AbortSignal,
): Promise<void> {
  const { bytes, sha256 } = file.raw ?? file;
  const failures: string[] = [];
  const progress = startProgress(file.name, bytes);
  const job = { bytes, sha256, stallSeconds: settings.stallSeconds, signal, ...progress };
  try {
    if (partial.bytes === bytes) {
      // An earlier process was killed between the last byte and the renaming.
      const whole = await checkHash(partial, job, true).then(
        () => true,
        () => false,
      );
      if (whole) return;
    }
    for (const url of file.mirrors) {
      for (let attempt = 1; attempt <= TRIES_PER_MIRROR; attempt++) {
        if (attempt > 1) await pause(settings.retryDelaySeconds * 1000);
        try {
          await transfer(url, partial, job);
          return;
        } catch (error) {
          if (!(error instanceof TransferError)) throw error;
          const failure = `${url}: ${error.message}`;
          if (failures.at(-1) === failure) failures[failures.length - 1] += " (twice)";
          else failures.push(failure);
          if (!error.passing || signal.aborted) break;
        }
      }
      if (signal.aborted) break;
    }
  } finally {
    progress.stop();
  }
  throw new DataError("download-failed", failures.join("; "));
}

/**
 * Downloads one file into a folder of the cache: to a temporary name, verified, then renamed. The
 * caller holds the lock of the folder.
 *
 * @throws {DataError} `download-failed`, naming every address and what was wrong with it.
 */
export async function downloadFile(
  file: FileEntry,
  folder: string,
  settings: DataSettings,
  signal: AbortSignal,
): Promise<void> {
  const target = path.join(folder, file.name);
  const partial = await PartialFile.open(`${target}.part`, (file.raw ?? file).bytes);
  try {
    await fetchFromMirrors(file, partial, settings, signal);
  } catch (error) {
    await partial.discard();
    throw error;
  }
  await partial.finish();
  if (!file.raw) {
    await rename(partial.path, target);
    return;
  }
  const content = applyTransform(await readFile(partial.path), file.raw.transform);
  const problem = problemWith(content, file);
  if (problem) {
    await rm(partial.path, { force: true });
    throw new DataError(
      "download-failed",
      `the download is right, but what is made of it by ${file.raw.transform.kind} ${problem}; the registry and this version of Karenina do not fit together`,
    );
  }
  // Before, not after: of a process that is killed in between nothing stays, and on a full disk there
  // is room for one of the two.
  await rm(partial.path, { force: true });
  await writeWhole(target, content);
}
