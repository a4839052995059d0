import { mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

/**
 * Makes a folder, in place of one of the same name, so that nobody finds it half made.
 *
 * @param parent the folder around it, which is made if it is missing
 * @param fill writes what belongs into it, into the folder that it is given
 * @returns its path
 */
export function replaceFolder(
  parent: string,
  name: string,
  fill: (folder: string) => void,
): string {
  mkdirSync(parent, { recursive: true });
  const folder = join(parent, name);
  const temporary = join(parent, `.${name}-${process.pid}`);
  rmSync(temporary, { recursive: true, force: true });
  // Not by mkdtemp, whose folders nobody but their owner may enter: an installation is often shared.
  mkdirSync(temporary);
  try {
    fill(temporary);
    rmSync(folder, { recursive: true, force: true });
    renameSync(temporary, folder);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  return folder;
}
