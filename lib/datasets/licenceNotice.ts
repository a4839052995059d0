import { access, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { makeFolder } from "../host/node/makeFolder";
import type { DataSettings } from "./dataOptions";
import type { DataSetEntry } from "./registry";

/** For caches that cannot be written: once a process at least. */
const shown = new Set<string>();

/** Says licence and citation when a data set is first used; the cache remembers it. */
export async function showLicenceOnce(
  name: string,
  entry: DataSetEntry,
  settings: DataSettings,
): Promise<void> {
  const folder = path.join(settings.cacheFolder, "datasets", name);
  const marker = path.join(folder, ".licence-shown");
  if (shown.has(marker)) return;
  shown.add(marker);
  const known = await access(marker).then(
    () => true,
    () => false,
  );
  if (known) return;
  const line = `${entry.title}. Licence: ${entry.licence}. Cite: ${entry.citation}`;
  settings.notify(line);
  try {
    makeFolder(path.resolve(folder));
    await writeFile(marker, `${line}\n`);
  } catch {
    // Reading works without a writable cache; the line then comes again in the next process.
  }
}
