/** A name that the library exports. */
export interface ExportedName {
  name: string;
  /** What its file calls it; "*" is all that the file exports. */
  original: string;
  /** As index.ts writes it: `./text/vocabulary`. */
  file: string;
}

/** What a table of contents such as index.ts exports at run time, and imports for its effect. */
export function contentsOf(text: string): { effects: string[]; names: ExportedName[] };
