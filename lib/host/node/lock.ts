import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { makeFolder, processLives, temporaryName } from "./writeAtomically";

/** The process that holds a name. */
export interface Holder {
  pid: number;
  /** Where it is not this one. */
  machine?: string;
}

/** What stands in a lock. */
interface Owner {
  pid: number;
  host: string;
  /** When the process began, as the system counts it: the number of a dead one may be given again. */
  began: string;
}

/**
 * Holds a name for as long as this process works under it, by a file `NAME.lock`. A lock of a process that
 * is no longer there is taken over; one of another machine, of whose processes nothing is known, is not.
 *
 * @param name a path whose folder is there
 * @returns what gives the name back; or who holds it
 * @throws Error with a `code` where the lock can't be read or written
 */
export function hold(name: string): (() => void) | Holder {
  const lock = `${path.resolve(name)}.lock`;
  const self: Owner = { pid: process.pid, host: os.hostname(), began: beginOf(process.pid) };
  while (!take(lock, self)) {
    const text = readLock(lock);
    const owner = ownerIn(text);
    if (owner && isAtWork(owner)) {
      const { pid, host } = owner;
      return host === self.host ? { pid } : { pid, machine: host };
    }
    if (text !== undefined) {
      remove(lock, text);
    }
  }
  return () => {
    if (isDeepStrictEqual(ownerIn(readLock(lock)), self)) {
      fs.rmSync(lock, { force: true });
    }
  };
}

/** How long another process may keep a file before it is an error. */
const PATIENCE_MS = 20_000;

/**
 * Does work while no other process does any for the same file. Makes missing folders.
 *
 * @throws Error naming the file, where another process keeps it for longer than 20 seconds
 */
export function exclusively<T>(file: string, work: () => T): T {
  makeFolder(path.dirname(path.resolve(file)));
  const deadline = Date.now() + PATIENCE_MS;
  let held = hold(file);
  while (typeof held !== "function") {
    if (Date.now() > deadline) {
      const { pid, machine } = held;
      throw new Error(
        `${path.resolve(file)} is in use by process ${pid}${machine ? ` on ${machine}` : ""} for ` +
          `${PATIENCE_MS / 1000} seconds now. Where no other notebook is at work, remove ` +
          `${path.resolve(file)}.lock.`,
      );
    }
    pause(5 + Math.random() * 10);
    held = hold(file);
  }
  try {
    return work();
  } finally {
    held();
  }
}

/** Makes the lock, with its owner in it from the first moment; false where there is one. */
function take(lock: string, owner: Owner): boolean {
  const text = JSON.stringify(owner);
  const whole = temporaryName(lock);
  try {
    fs.writeFileSync(whole, text, { flag: "wx" });
    try {
      fs.linkSync(whole, lock);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") {
        throw error;
      }
      // A file system without links to files.
      fs.writeFileSync(lock, text, { flag: "wx" });
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") {
      return false;
    }
    throw error;
  } finally {
    fs.rmSync(whole, { force: true });
  }
}

/** Takes away a lock of which a process is gone, if its text is still the one that said so. */
function remove(lock: string, text: string): void {
  // Renamed first, and read again: two may find it at once, and the slower one would remove the lock that
  // the faster one has made since.
  const grave = temporaryName(lock);
  try {
    fs.renameSync(lock, grave);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") {
      return;
    }
    throw error;
  }
  if (readLock(grave) !== text) {
    try {
      fs.linkSync(grave, lock);
    } catch {
      // There is a newer one already.
    }
  }
  fs.rmSync(grave, { force: true });
}

/** Undefined where there is none. */
function readLock(lock: string): string | undefined {
  try {
    return fs.readFileSync(lock, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") {
      return undefined;
    }
    throw error;
  }
}

/** Undefined where a lock is missing or says nothing that this version understands. */
function ownerIn(text: string | undefined): Owner | undefined {
  try {
    const owner = JSON.parse(text ?? "");
    return Number.isInteger(owner.pid) && owner.pid > 0 ? owner : undefined;
  } catch {
    return undefined;
  }
}

function isAtWork({ pid, host, began }: Owner): boolean {
  return host !== os.hostname() || (processLives(pid) && beginOf(pid) === began);
}

/** A process's start time where the system gives it (Linux: field 22 of stat), else nothing. */
function beginOf(pid: number): string {
  try {
    const status = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
    return status.slice(status.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
}

/** Waits without giving way: a check answers before its cell goes on. */
function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
