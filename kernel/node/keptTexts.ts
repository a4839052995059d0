import { createHash } from "node:crypto";
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { KeptTexts } from "../session/host";

/** Entries beyond which the oldest are removed. */
const LIMIT = 2000;

/** Texts in a folder, one file each. Where the folder may not be written, nothing is kept. */
export class FolderOfTexts implements KeptTexts {
  /** @param folder is made when there is something to put into it */
  constructor(private readonly folder: string) {}

  get(key: readonly string[]): string | undefined {
    try {
      return readFileSync(this.path(key), "utf8");
    } catch {
      return undefined;
    }
  }

  put(key: readonly string[], text: string): void {
    try {
      mkdirSync(this.folder, { recursive: true });
      const path = this.path(key);
      const temporary = `${path}.${process.pid}`;
      writeFileSync(temporary, text);
      renameSync(temporary, path);
    } catch {
      // Not kept.
    }
  }

  prune(): void {
    try {
      const files = readdirSync(this.folder).map((name) => join(this.folder, name));
      if (files.length > LIMIT) {
        files
          .map((file) => ({ file, time: statSync(file).mtimeMs }))
          .sort((a, b) => a.time - b.time)
          .slice(0, files.length - LIMIT / 2)
          .forEach(({ file }) => {
            rmSync(file, { force: true });
          });
      }
    } catch {
      // Another process is at it, or there is no such folder.
    }
  }

  private path(key: readonly string[]): string {
    const hash = createHash("sha256");
    for (const part of key) {
      hash.update(`${part.length}:${part}`);
    }
    return join(this.folder, `${hash.digest("hex")}.json`);
  }
}
