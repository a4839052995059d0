import { execFileSync } from "node:child_process";
import { mkdtempSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TestContext } from "node:test";

/** A disk of a test, in memory. */
export interface Disk {
  folder: string;
  /** From now on nothing on it can be changed, by the superuser either. */
  makeReadOnly(): void;
}

/** A small disk, where this user may mount one; elsewhere the test is skipped. */
export function mountDisk(t: TestContext, size: string): Disk | undefined {
  const folder = mkdtempSync(path.join(tmpdir(), "karenina-disk-"));
  const mount = (...args: string[]) =>
    execFileSync("mount", [...args, folder], { stdio: "ignore" });
  try {
    mount("-t", "tmpfs", "-o", `size=${size}`, "tmpfs");
  } catch {
    rmdirSync(folder);
    t.skip("mounting a small disk is not allowed here");
    return undefined;
  }
  t.after(() => {
    execFileSync("umount", [folder]);
    rmdirSync(folder);
  });
  return { folder, makeReadOnly: () => mount("-o", "remount,ro") };
}
