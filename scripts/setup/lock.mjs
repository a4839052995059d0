// A lock between processes, so that two set-ups at once do not hurt each other.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/**
 * Runs `work` while this process holds the lock file. A lock whose owner has died is taken over.
 *
 * @template T
 * @param {string} file the lock file; its folder is made if missing
 * @param {() => Promise<T>} work
 * @param {(owner: string) => void} [onWait] called once, with the process id of who holds the lock
 * @returns {Promise<T>}
 */
export async function withLock(file, work, onWait = () => {}) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  let waited = false;
  while (!tryLock(file)) {
    if (ownerIsDead(file)) {
      takeAway(file);
      continue;
    }
    const owner = readOwner(file);
    if (owner !== null && !waited) {
      waited = true;
      onWait(owner.split(" ")[0]);
    }
    await pause(200);
  }
  try {
    return await work();
  } finally {
    fs.rmSync(file, { force: true });
  }
}

/** @param {string} file */
function tryLock(file) {
  // A link appears whole or not at all, so nobody ever reads a lock without its owner.
  const mine = `${file}.${process.pid}`;
  fs.writeFileSync(mine, `${process.pid} ${os.hostname()} ${beginOf(process.pid)}`);
  try {
    fs.linkSync(mine, file);
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") {
      throw error;
    }
    return false;
  } finally {
    fs.rmSync(mine, { force: true });
  }
}

/** @param {string} file */
function ownerIsDead(file) {
  const owner = readOwner(file);
  if (owner === null) {
    return false;
  }
  const [pid, host, began = ""] = owner.split(" ");
  // Locks appear with their owner; one without was cut off when the machine went down.
  if (!(Number(pid) > 0) || !host) {
    return true;
  }
  if (host !== os.hostname()) {
    return false;
  }
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    if (error.code === "ESRCH") {
      return true;
    }
  }
  // In a container that is started again, another process soon has the number of the dead one.
  return began !== "" && began !== beginOf(Number(pid));
}

/** A process's start time where the system tells it (Linux: field 22 of stat), else nothing. */
function beginOf(pid) {
  try {
    const status = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
    return status.slice(status.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
}

/** Renamed before it is deleted, so that of two processes that see a dead owner only one acts. */
function takeAway(file) {
  const aside = `${file}.${process.pid}.dead`;
  try {
    fs.renameSync(file, aside);
    // Somebody may have taken the dead lock over in between: then what was moved is alive.
    if (!ownerIsDead(aside)) {
      fs.linkSync(aside, file);
    }
  } catch (error) {
    if (error.code !== "ENOENT" && error.code !== "EEXIST") {
      throw error;
    }
  } finally {
    fs.rmSync(aside, { force: true });
  }
}

/** @param {string} file */
function readOwner(file) {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return null;
  }
}
