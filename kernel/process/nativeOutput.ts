import { spawnSync } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Puts a pipe in the place of descriptor 1, so that what native code, workers and other processes
 * write to it reaches the notebook. Descriptor 2 stays the Jupyter server's: there the last words
 * of a process that crashes have to be found. To be called before anything else opens files.
 *
 * @returns the descriptor to read from, which does not block; nothing where the system has no pipes
 *   with names
 */
export function captureNativeOutput(): number | undefined {
  if (process.platform === "win32") {
    return undefined;
  }
  const folder = mkdtempSync(join(tmpdir(), "karenina-output-"));
  const path = join(folder, "stdout");
  try {
    if (spawnSync("mkfifo", ["-m", "600", path], { stdio: "ignore" }).status !== 0) {
      return undefined;
    }
    const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    closeSync(1);
    // The system gives the lowest number that is free.
    openSync(path, constants.O_WRONLY);
    return reader;
  } catch {
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
