import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A folder of its own for a session, with files in it, that is gone with the process. */
export function projectFolder(files: Record<string, string> = {}): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "session-")));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    write(folder, name, text);
  }
  return folder;
}

let ticks = 0;

/** Writes a file so that it is seen to have changed, however soon after the last change. */
export function write(folder: string, name: string, text: string): void {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  // A reader goes by time and size: the comment makes the size differ where the time may not.
  const filler = /\.(json|ipynb)$/.test(name) ? "" : `\n//${".".repeat(++ticks)}\n`;
  writeFileSync(path, text + filler);
}
