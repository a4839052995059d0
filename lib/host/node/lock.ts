import { randomBytes } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { MACHINE, makeFolder, processLives } from "./writeAtomically";

/** How long another process may keep a file before it is an error. */
const PATIENCE_MS = 20_000;

/** After so long without an end, a lock of another machine is one that its process left behind. */
const ABANDONED_MS = 60_000;

/**
 * Does work while no other process does any for the same file. A file `NAME.lock` beside it says who is
 * at work; that of a process which is no longer there is taken away.
 *
 * @throws Error naming the file, where another process keeps it for longer than 20 seconds
 */
export function exclusively<T>(file: string, work: () => T): T {
  const lock = `${path.resolve(file)}.lock`;
  makeFolder(path.dirname(lock));
  const owner = `${MACHINE}-${process.pid}-${randomBytes(8).toString("hex")}`;
  const deadline = Date.now() + PATIENCE_MS;
  while (!take(lock, owner)) {
    if (Date.now() > deadline) {
      throw new Error(
        `${path.resolve(file)} is in use by another process (${ownerOf(lock) ?? "unknown"}) for ` +
          `${PATIENCE_MS / 1000} seconds now. Where no other notebook is at work, remove ${lock}.`,
      );
    }
    if (!removeAbandoned(lock)) {
      pause(5 + Math.random() * 10);
    }
  }
  try {
    return work();
  } finally {
    fs.rmSync(lock, { force: true });
  }
}

/** Makes the lock, with its owner's name in it; false where there is one. */
function take(lock: string, owner: string): boolean {
  try {
    fs.writeFileSync(lock, owner, { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") {
      return false;
    }
    throw error;
  }
}

function ownerOf(lock: string): string | undefined {
  try {
    return fs.readFileSync(lock, "utf8");
  } catch {
    return undefined;
  }
}

/** Takes away a lock whose process is gone; says whether it did. */
function removeAbandoned(lock: string): boolean {
  const owner = ownerOf(lock);
  if (owner === undefined || !isAbandoned(lock, owner)) {
    return false;
  }
  // Renamed first, and looked at again: two may find it at once, and the slower one would remove the
  // lock that the faster one has made since.
  const grave = `${lock}.${randomBytes(4).toString("hex")}`;
  try {
    fs.renameSync(lock, grave);
  } catch {
    return false;
  }
  if (ownerOf(grave) !== owner) {
    try {
      fs.linkSync(grave, lock);
    } catch {
      // There is a newer one already.
    }
  }
  fs.rmSync(grave, { force: true });
  return true;
}

function isAbandoned(lock: string, owner: string): boolean {
  const [, machine, pid] = /^(.*)-(\d+)-[0-9a-f]{16}$/.exec(owner) ?? [];
  if (machine === MACHINE) {
    return !processLives(Number(pid));
  }
  // Of another machine, or one that was killed between making the file and writing into it.
  const status = fs.statSync(lock, { throwIfNoEntry: false });
  return status !== undefined && Date.now() - status.mtimeMs > ABANDONED_MS;
}

/** Waits without giving way: a check answers before its cell goes on. */
function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

/** The process that holds a name. */
export interface Holder {
  pid: number;
  /** Where it is not this one. */
  machine?: string;
}

/** What stands in a lock that is held. */
interface HeldLock {
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
 * @throws Error with a `code` where the lock can't be written
 */
export function hold(name: string): (() => void) | Holder {
  const lock = `${name}.lock`;
  const self: HeldLock = { pid: process.pid, host: os.hostname(), began: beginOf(process.pid) };
  const before = readHeld(lock);
  if (before && isHeld(before)) {
    return holderOf(before);
  }
  fs.rmSync(lock, { force: true });
  try {
    fs.writeFileSync(lock, JSON.stringify(self), { flag: "wx" });
  } catch (error) {
    // Another process came first.
    const other = readHeld(lock);
    if (other) {
      return holderOf(other);
    }
    throw error;
  }
  return () => {
    if (isDeepStrictEqual(readHeld(lock), self)) {
      fs.rmSync(lock, { force: true });
    }
  };
}

function holderOf({ pid, host }: HeldLock): Holder {
  return host === os.hostname() ? { pid } : { pid, machine: host };
}

function readHeld(lock: string): HeldLock | undefined {
  try {
    const held = JSON.parse(fs.readFileSync(lock, "utf8"));
    return Number.isInteger(held.pid) && held.pid > 0 ? held : undefined;
  } catch {
    // Missing, or nobody's.
    return undefined;
  }
}

function isHeld({ pid, host, began }: HeldLock): boolean {
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
