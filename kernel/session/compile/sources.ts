import type ts from "typescript";
import type { Files, TypeScript } from "../host";

/** A text, as the compiler wants it. */
export interface Source {
  text: string;
  snapshot: ts.IScriptSnapshot;
  version: string;
  /** Only for files on disk: what they were when they were read. */
  modified?: number;
}

/**
 * The texts that the compiler sees: cells in memory, everything else on disk.
 *
 * Files are read once; those that a user edits (all but packages and the standard library) are
 * looked at again by {@link refresh}, once a cell and not at each keystroke.
 */
export class Sources {
  private readonly memory = new Map<string, Source>();
  private readonly disk = new Map<string, Source | undefined>();
  /** Counts the texts that were set. */
  private count = 0;

  constructor(
    private readonly ts: TypeScript,
    private readonly files: Files,
    /** The text that stands in for a file's own, if any does. */
    private readonly standIn: (file: string) => string | undefined = () => undefined,
  ) {}

  /** @returns whether that is a change */
  set(file: string, text: string): boolean {
    if (this.memory.get(file)?.text === text) {
      return false;
    }
    this.memory.set(file, this.source(text, `m${++this.count}`));
    return true;
  }

  get(file: string): Source | undefined {
    const inMemory = this.memory.get(file);
    if (inMemory) {
      return inMemory;
    }
    if (!this.disk.has(file)) {
      const modified = this.modifiedTime(file);
      const text =
        modified === undefined ? undefined : (this.standIn(file) ?? this.ts.sys.readFile(file));
      this.disk.set(
        file,
        text === undefined ? undefined : { ...this.source(text, `${modified}`), modified },
      );
    }
    return this.disk.get(file);
  }

  isInMemory(file: string): boolean {
    return this.memory.has(file);
  }

  /** Notices edits, additions and deletions among the files that are the user's own. */
  refresh(): { changed: boolean; movedModules: boolean } {
    let changed = false;
    let movedModules = false;
    for (const [file, source] of this.disk) {
      const modified = isPackaged(file) ? source?.modified : this.modifiedTime(file);
      if (modified !== source?.modified) {
        this.disk.delete(file);
        changed = true;
        movedModules ||= modified === undefined || source === undefined;
      }
    }
    return { changed, movedModules };
  }

  /** Forgets which files are not there. */
  forgetMissing(): void {
    for (const [file, source] of this.disk) {
      if (!source) {
        this.disk.delete(file);
      }
    }
  }

  private modifiedTime(file: string): number | undefined {
    return this.files.status(file)?.modified;
  }

  private source(text: string, version: string): Source {
    return { text, snapshot: this.ts.ScriptSnapshot.fromString(text), version };
  }
}

/** Does a file belong to an installed package, which nobody edits? */
export function isPackaged(file: string): boolean {
  return /[\\/]node_modules[\\/]/.test(file);
}
