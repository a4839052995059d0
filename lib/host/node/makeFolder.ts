import fs from "node:fs";
import * as path from "node:path";

/**
 * Makes a folder and those above it. Node's own way goes round for ever where no folder can be made
 * and the system answers that there is none, as in Linux's /proc.
 */
export function makeFolder(folder: string): void {
  if (fs.existsSync(folder)) return;
  const above = path.dirname(folder);
  if (above !== folder) makeFolder(above);
  try {
    fs.mkdirSync(folder);
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!fs.existsSync(folder)) throw error;
  }
}
