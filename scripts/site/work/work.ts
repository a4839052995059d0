// All that a reader has made on the site, as the files of one ZIP file.
import { bytesOfBase64 } from "../../../lib/formats/bytes";
import type { CellFile } from "../kept/cellFiles";
import type { DriveFile } from "../kept/drive";
import { PROGRESS_FILE } from "../page/progressFile";
import type { ZipEntry } from "./zip";

/** Before the names of JupyterLite's files in the ZIP file. */
export const NOTEBOOKS = "notebooks/";

/** Before the names of files that cells have written; the rest is their whole path. */
export const FILES = "files";

export const PROGRESS = "progress.json";

/** What the browser keeps of a reader's. */
export interface Work {
  drive: readonly DriveFile[];
  files: readonly CellFile[];
}

/** The files of a reader's work, by name. */
export function entriesOf({ drive, files }: Work): ZipEntry[] {
  const notebooks = drive
    .filter(({ type }) => type !== "directory")
    .map((file) => ({ name: NOTEBOOKS + file.path, content: bytesOf(file) }));
  const others = files.map(([path, content]) => ({
    name: path === PROGRESS_FILE ? PROGRESS : FILES + path,
    content,
  }));
  return [...notebooks, ...others].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The bytes of a file as it lies on a disk. */
function bytesOf({ format, content }: DriveFile): Uint8Array {
  if (format === "base64") {
    return bytesOfBase64(content as string);
  }
  const isText = format === "text" || typeof content === "string";
  const text = isText ? (content as string) : `${JSON.stringify(content, null, 1)}\n`;
  return new TextEncoder().encode(text);
}
