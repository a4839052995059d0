import { spawn, spawnSync } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NativeDescriptors } from "../channel";

const READ = constants.O_RDONLY | constants.O_NONBLOCK;
const WRITE = constants.O_WRONLY | constants.O_NONBLOCK;

/**
 * Writes to the terminal what it is given and then, when the kernel has ended, what is left in the
 * pipe for errors: the last words of a process that crashes, which nobody else is there to read.
 */
const TERMINAL = "cat >&2; exec cat <&3 >&2";

/**
 * Puts pipes in the places of the descriptors 1 and 2, so that what native code, workers and other
 * processes write to them reaches the notebook. What goes to descriptor 2 is to be written to the
 * terminal as well. To be called before anything else opens files.
 *
 * @returns the descriptors to read from and to write to, none of which blocks; nothing where the
 *   system has no pipes with names
 */
export function captureNativeOutput(): NativeDescriptors | undefined {
  if (process.platform === "win32") {
    return undefined;
  }
  const folder = mkdtempSync(join(tmpdir(), "karenina-output-"));
  const [out, err, words] = ["stdout", "stderr", "terminal"].map((name) => join(folder, name));
  try {
    if (spawnSync("mkfifo", ["-m", "600", out, err, words], { stdio: "ignore" }).status !== 0) {
      return undefined;
    }
    const stdout = openSync(out, READ);
    const stderr = openSync(err, READ);
    // Whoever opens a pipe so that it blocks waits for its other end, which is there by then.
    const closed = [openSync(err, constants.O_WRONLY), openSync(words, READ)];
    const terminal = openSync(words, WRITE);
    const forTerminal = openSync(words, constants.O_RDONLY);
    const rest = openSync(err, constants.O_RDONLY);
    const writer = spawn("/bin/sh", ["-c", TERMINAL, "karenina-terminal"], {
      // It is to outlive the kernel, whose whole group may be killed.
      detached: true,
      cwd: "/",
      stdio: [forTerminal, "ignore", 2, rest],
    });
    writer.on("error", () => {});
    writer.unref();
    replace(1, out);
    if (writer.pid !== undefined) {
      replace(2, err);
    }
    [...closed, forTerminal, rest].forEach(closeSync);
    return { stdout, stderr, terminal };
  } catch {
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Opens a pipe as a descriptor: the system gives the lowest number that is free. */
function replace(descriptor: number, pipe: string): void {
  closeSync(descriptor);
  openSync(pipe, constants.O_WRONLY);
}
