// What cells and the library write: whole files, by their whole paths. Each write puts other bytes in
// the place of the old ones, so bytes that are still the same object have not changed.

/** A file's new bytes, or undefined where it is gone. */
export type Change = readonly [file: string, content: Uint8Array | undefined];

/** Files by their whole paths, with the folders above them. */
export class FileMap extends Map<string, Uint8Array> {
  /** Folders that somebody has made, or that a file was written into. */
  readonly folders = new Set<string>(["/", "/home", "/home/notebooks", "/tmp"]);
  /** Files that nobody has written and that are there all the same; none by default. */
  beneath: (file: string) => Uint8Array | undefined = () => undefined;
  /** Is called with what has changed, at once. */
  changed: (changes: readonly Change[]) => void = () => {};
  private readonly ages = new WeakMap<Uint8Array, number>();
  private newest = 0;
  private together_: Map<string, Uint8Array | undefined> | undefined;

  /** A file that somebody has written. */
  written(file: string): Uint8Array | undefined {
    return super.get(file);
  }

  override get(file: string): Uint8Array | undefined {
    return super.get(file) ?? this.beneath(file);
  }

  override has(file: string): boolean {
    return super.has(file) || this.beneath(file) !== undefined;
  }

  override set(file: string, content: Uint8Array): this {
    for (let at = file.lastIndexOf("/"); at > 0; at = file.lastIndexOf("/", at - 1)) {
      this.folders.add(file.slice(0, at));
    }
    super.set(file, content);
    this.tell(file, content);
    return this;
  }

  override delete(file: string): boolean {
    const was = super.delete(file);
    if (was) {
      this.tell(file, undefined);
    }
    return was;
  }

  /** Takes over what has changed elsewhere, and tells nobody. */
  adopt(changes: readonly Change[]): void {
    const { changed } = this;
    this.changed = () => {};
    for (const [file, content] of changes) {
      if (content) {
        this.set(file, content);
      } else {
        this.delete(file);
      }
    }
    this.changed = changed;
  }

  /** Does work and reports its changes as one. */
  together<Result>(work: () => Result): Result {
    if (this.together_) {
      return work();
    }
    const changes = new Map<string, Uint8Array | undefined>();
    this.together_ = changes;
    try {
      return work();
    } finally {
      this.together_ = undefined;
      if (changes.size > 0) {
        this.changed([...changes]);
      }
    }
  }

  private tell(file: string, content: Uint8Array | undefined): void {
    if (this.together_) {
      this.together_.set(file, content);
    } else {
      // A map that is being made has no `changed` yet.
      this.changed?.([[file, content]]);
    }
  }

  /** Grows with each write, as a time of change does. */
  ageOf(content: Uint8Array): number {
    const age = this.ages.get(content) ?? ++this.newest;
    this.ages.set(content, age);
    return age;
  }
}

// One for all scripts of a worker: a site's modules have this file in their own bundles, too.
const scope = globalThis as { kareninaFiles?: FileMap };
scope.kareninaFiles ??= new FileMap();

export const bytes = scope.kareninaFiles;
export const { folders } = bytes;
export const ageOf = (content: Uint8Array) => bytes.ageOf(content);
