import type { Store, StoredFile } from "../host";

/**
 * Files that live in memory as long as the page does. A page has no folders of its own: a path is text,
 * and all of them begin at "/".
 */
export class MemoryStore implements Store {
  /** @param files the contents by whole path: what is there at first, and what is written */
  constructor(readonly files = new Map<string, Uint8Array>()) {}

  resolve(...parts: string[]): string {
    const names: string[] = [];
    for (const part of parts) {
      if (part.startsWith("/")) {
        names.length = 0;
      }
      for (const name of part.split("/")) {
        if (name === "..") {
          names.pop();
        } else if (name !== "" && name !== ".") {
          names.push(name);
        }
      }
    }
    return `/${names.join("/")}`;
  }

  /** What comes with the library lies in this folder where a page has put it. */
  ownFile(file: string): string {
    return this.resolve("/karenina", file);
  }

  look(path: string): ReturnType<Store["look"]> {
    const file = this.files.get(this.resolve(path));
    if (file) {
      return { kind: "file", bytes: file.length };
    }
    const folder = this.resolve(path);
    const inside = folder === "/" ? "/" : `${folder}/`;
    const isFolder = [...this.files.keys()].some((name) => name.startsWith(inside));
    return isFolder || folder === "/" ? { kind: "folder", bytes: 0 } : undefined;
  }

  read(file: string): Uint8Array {
    const path = this.resolve(file);
    const content = this.files.get(path);
    if (content) {
      return content.slice();
    }
    throw Object.assign(new Error(`ENOENT: no such file, ${path}`), { code: "ENOENT" });
  }

  open(file: string): StoredFile {
    const content = this.read(file);
    return {
      bytes: content.length,
      read(into, offset) {
        const part = content.subarray(offset, offset + into.length);
        into.set(part);
        return part.length;
      },
      close() {},
    };
  }

  write(file: string, contents: Uint8Array | string): void {
    const bytes = typeof contents === "string" ? new TextEncoder().encode(contents) : contents;
    this.files.set(this.resolve(file), bytes.slice());
  }

  async writeInParts(file: string, fill: Parameters<Store["writeInParts"]>[1]): Promise<void> {
    let made = new Uint8Array(0);
    await fill({
      write(bytes, offset) {
        const end = offset + bytes.length;
        if (end > made.length) {
          const longer = new Uint8Array(end);
          longer.set(made);
          made = longer;
        }
        made.set(bytes, offset);
        return end;
      },
    });
    this.files.set(this.resolve(file), made);
  }

  /** Folders are there as soon as a file lies in them. */
  makeFolder(): void {}

  list(folder: string): string[] {
    const path = this.resolve(folder);
    const inside = path === "/" ? "/" : `${path}/`;
    const names = [...this.files.keys()]
      .filter((name) => name.startsWith(inside))
      .map((name) => name.slice(inside.length).split("/")[0] as string);
    return [...new Set(names)].sort();
  }

  remove(file: string): void {
    this.files.delete(this.resolve(file));
  }

  /** Nobody else sees a page's memory. */
  exclusively<T>(_file: string, work: () => T): T {
    return work();
  }

  userFile(name: string): string {
    return this.resolve("/home", name);
  }
}
