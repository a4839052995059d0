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

/** What is kept of an emitted module. */
export interface CachedModule {
  javascript: string;
  sourceMap: string;
  /** The modules that it requires. */
  requires: string[];
}

/** Entries beyond which the oldest are removed. */
const LIMIT = 2000;

/**
 * Emitted modules on disk, by all that decides what is emitted: so a process that loads what an
 * earlier one has loaded need not emit it again. Where the folder may not be written, nothing is
 * kept.
 */
export class EmitCache {
  /**
   * @param folder is made when there is something to put into it
   * @param salt compiler, options and instrumentation: whatever changes the output for all files
   */
  constructor(
    private readonly folder: string,
    private readonly salt: string,
  ) {}

  key(file: string, text: string): string {
    const hash = createHash("sha256");
    for (const part of [this.salt, file, text]) {
      hash.update(`${part.length}:${part}`);
    }
    return hash.digest("hex");
  }

  get(key: string): CachedModule | undefined {
    try {
      return JSON.parse(readFileSync(this.path(key), "utf8")) as CachedModule;
    } catch {
      return undefined;
    }
  }

  put(key: string, module: CachedModule): void {
    try {
      mkdirSync(this.folder, { recursive: true });
      const temporary = `${this.path(key)}.${process.pid}`;
      writeFileSync(temporary, JSON.stringify(module));
      renameSync(temporary, this.path(key));
    } catch {
      // Not kept.
    }
  }

  /** Removes the oldest entries where there are too many. */
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

  private path(key: string): string {
    return join(this.folder, `${key}.json`);
  }
}
