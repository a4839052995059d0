import { randomBytes } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

/** Whether a process of this machine is still there, by its number. */
export function processLives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, but belongs to somebody else.
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

/**
 * Writes a file under a temporary name beside it and renames it when it is complete, so that nobody
 * ever sees half a file, whatever stops the process. Makes missing folders.
 *
 * @throws Error naming the file, the cause and the remedy; an older file of that name is untouched
 */
export function writeAtomically(file: string, contents: Uint8Array | string): void {
  const part = new PartOfFile(file);
  try {
    fs.writeFileSync(part.open(), contents);
    part.complete();
  } catch (error) {
    throw part.abandon(error);
  }
}

/**
 * As `writeAtomically`, for contents that come bit by bit: `write` gets the descriptor of a file open
 * for reading and writing.
 *
 * @throws Error naming the file, the cause and the remedy, or whatever else `write` throws; an older
 *   file of that name is untouched
 */
export async function streamAtomically(
  file: string,
  write: (descriptor: number) => Promise<void>,
): Promise<void> {
  const part = new PartOfFile(file);
  try {
    await write(part.open());
    part.complete();
  } catch (error) {
    throw part.abandon(error);
  }
}

/** This machine, in a temporary name: other machines' processes can't be asked whether they live. */
const MACHINE = os
  .hostname()
  .replace(/[^A-Za-z0-9]/g, "")
  .slice(0, 40);
const TEMPORARY = new RegExp(`\\.${MACHINE}-(\\d+)-[0-9a-f]{8}\\.part$`);

/** A name beside a file's that no process has now; what stays there of a killed one is removed some day. */
export function temporaryName(file: string): string {
  return `${file}.${MACHINE}-${process.pid}-${randomBytes(4).toString("hex")}.part`;
}

const swept = new Set<string>();

/** Removes what processes that were killed while they wrote have left in a folder, once a process. */
function sweep(folder: string): void {
  if (swept.has(folder)) {
    return;
  }
  swept.add(folder);
  for (const name of fs.readdirSync(folder)) {
    const [, pid] = TEMPORARY.exec(name) ?? [];
    if (pid !== undefined && !processLives(Number(pid))) {
      fs.rmSync(path.join(folder, name), { force: true });
    }
  }
}

/** A file that is not complete yet, under its temporary name. */
class PartOfFile {
  private readonly temporary: string;
  private descriptor: number | undefined;
  private isThere = false;

  constructor(private readonly file: string) {
    this.temporary = temporaryName(file);
  }

  open(): number {
    const folder = path.resolve(path.dirname(this.file));
    makeFolder(folder);
    // A rename would put a file in its place, and take /dev/null away from the whole machine.
    const there = fs.statSync(this.file, { throwIfNoEntry: false });
    if (there && !there.isFile() && !there.isDirectory()) {
      throw new Error(
        `${path.resolve(this.file)} could not be written: it is a pipe or device, and a file is to take its place. Choose another name.`,
      );
    }
    sweep(folder);
    this.descriptor = fs.openSync(this.temporary, "wx+");
    this.isThere = true;
    return this.descriptor;
  }

  complete(): void {
    fs.fsyncSync(this.descriptor!);
    this.close();
    fs.renameSync(this.temporary, this.file);
  }

  /** Removes the file, and says what went wrong. */
  abandon(error: unknown): unknown {
    this.close();
    // Where the folder is none, there is nothing to remove either.
    if (this.isThere) {
      fs.rmSync(this.temporary, { force: true });
    }
    if ((error as NodeJS.ErrnoException).syscall === undefined) {
      return error;
    }
    return new Error(`${path.resolve(this.file)} could not be written: ${explain(error)}`, {
      cause: error,
    });
  }

  private close(): void {
    if (this.descriptor !== undefined) {
      fs.closeSync(this.descriptor);
    }
    this.descriptor = undefined;
  }
}

function explain(error: unknown): string {
  const { code, message, syscall } = error as NodeJS.ErrnoException;
  // Some file systems, /proc among them, say this where nobody can make a folder.
  switch (code === "ENOENT" && syscall === "mkdir" ? "EROFS" : code) {
    case "ENOSPC":
    case "EDQUOT":
      return "the disk is full. Free some space, or choose a folder on another disk.";
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return "you may not write in that folder. Choose another one, or change its permissions.";
    case "ENOTDIR":
    case "EEXIST":
      return "a part of that path is a file, not a folder. Choose another folder.";
    case "EISDIR":
      return "it is a folder. Choose the name of a file.";
    default:
      return message;
  }
}

/**
 * Makes a folder and those above it. Node's own way goes round forever where no folder can be made
 * and the system answers that there is none, as in Linux's /proc.
 */
export function makeFolder(folder: string): void {
  if (fs.existsSync(folder)) {
    return;
  }
  const above = path.dirname(folder);
  if (above !== folder) {
    makeFolder(above);
  }
  try {
    fs.mkdirSync(folder);
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!fs.existsSync(folder)) {
      throw error;
    }
  }
}
