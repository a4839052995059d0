import type { Files } from "../../session/host";
import { ageOf, bytes } from "../web/bytes";
import path from "../web/path";

/** Texts that the compiler reads and nobody changes, by their paths. */
export interface Texts {
  read(file: string): string | undefined;
  hasFolder(folder: string): boolean;
  /** The names of the folders in a folder. */
  foldersIn(folder: string): string[];
}

/** Texts that a site has packed: an object of path to text. */
export class PackedTexts implements Texts {
  private readonly folders = new Map<string, Set<string>>();

  constructor(private readonly texts: Readonly<Record<string, string>>) {
    for (const file of Object.keys(texts)) {
      this.addFolder(path.dirname(file));
    }
  }

  private addFolder(folder: string): Set<string> {
    const known = this.folders.get(folder);
    if (known) {
      return known;
    }
    const inside = new Set<string>();
    this.folders.set(folder, inside);
    const above = path.dirname(folder);
    if (above !== folder) {
      this.addFolder(above).add(path.basename(folder));
    }
    return inside;
  }

  read(file: string): string | undefined {
    return Object.hasOwn(this.texts, file) ? this.texts[file] : undefined;
  }

  hasFolder(folder: string): boolean {
    return this.folders.has(folder.replace(/(?<=.)\/$/, ""));
  }

  foldersIn(folder: string): string[] {
    return [...(this.folders.get(folder.replace(/(?<=.)\/$/, "")) ?? [])];
  }
}

/** The site's texts, and what cells have written. */
export function filesOver(texts: Texts): Files {
  const written = (file: string) => bytes.written(path.resolve(file));
  return {
    status(file) {
      const own = written(file);
      if (own) {
        return { modified: ageOf(own), size: own.length };
      }
      const text = texts.read(file);
      return text === undefined ? undefined : { modified: 0, size: text.length };
    },
    read(file) {
      const own = written(file);
      const text = own ? new TextDecoder().decode(own) : texts.read(file);
      if (text === undefined) {
        throw Object.assign(new Error(`There is no file ${file}.`), { code: "ENOENT" });
      }
      return text;
    },
    realPath: (name) => name,
  };
}
