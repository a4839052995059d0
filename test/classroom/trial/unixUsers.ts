import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { processesByUser } from "./memory";

/** A Unix user made for a trial. */
export interface UnixUser {
  name: string;
  uid: number;
  home: string;
}

/**
 * Makes users with homes of their own, as `useradd` makes them on this machine, of a group of their
 * own each.
 *
 * @throws Error where this process is not root's
 */
export async function addUsers(count: number): Promise<UnixUser[]> {
  if (process.getuid?.() !== 0) {
    throw new Error(
      "The trial of a classroom makes Unix users and starts servers as them, which only root may. " +
        "Run it with sudo, on a machine for trying.",
    );
  }
  const trial = randomBytes(2).toString("hex");
  const users: UnixUser[] = [];
  try {
    for (let number = 1; number <= count; number++) {
      const name = `trial-${trial}-${number}`;
      execFileSync("useradd", ["--create-home", "--shell", "/bin/bash", name]);
      const entry = execFileSync("getent", ["passwd", name], { encoding: "utf8" }).split(":");
      users.push({ name, uid: Number(entry[2]), home: entry[5] });
    }
  } catch (error) {
    await removeUsers(users);
    throw error;
  }
  return users;
}

/**
 * Removes users with their homes. Processes of theirs that are left are ended before, since nobody
 * can be removed meanwhile.
 *
 * @returns how many processes were left
 */
export async function removeUsers(users: readonly UnixUser[]): Promise<number> {
  const processes = () => {
    const found = processesByUser();
    return users.flatMap(({ uid }) => found.get(uid) ?? []);
  };
  const left = processes();
  for (let now = left; now.length > 0; now = processes()) {
    for (const pid of now) {
      end(Number(pid));
    }
    await pause(100);
  }
  for (const { name } of users) {
    // It complains that there is no mail to remove.
    execFileSync("userdel", ["--remove", name], { stdio: "ignore" });
  }
  return left.length;
}

function end(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended since it was listed.
  }
}
