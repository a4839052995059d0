import { randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";

/**
 * Writes a file under a temporary name beside it and renames it when it is complete, so that nobody
 * ever sees half a file, whatever stops the process. Makes missing folders.
 *
 * @throws Error naming the file, the cause and the remedy; an older file of that name is untouched
 */
export function writeAtomically(file: string, contents: Uint8Array | string): void {
  const temporary = `${file}.${process.pid}-${randomBytes(4).toString("hex")}.part`;
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    const handle = fs.openSync(temporary, "wx");
    try {
      fs.writeFileSync(handle, contents);
      fs.fsyncSync(handle);
    } finally {
      fs.closeSync(handle);
    }
    fs.renameSync(temporary, file);
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    throw new Error(`${path.resolve(file)} could not be written: ${explain(error)}`, {
      cause: error,
    });
  }
}

function explain(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case "ENOSPC":
      return "the disk is full. Free some space, or choose a folder on another disk.";
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return "you may not write in that folder. Choose another one, or change its permissions.";
    case "ENOTDIR":
    case "EEXIST":
      return "a part of that path is a file, not a folder. Choose another folder.";
    default:
      return message;
  }
}
