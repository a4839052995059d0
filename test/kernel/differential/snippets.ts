import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A piece of code that is run in a cell and by Node. */
export interface Snippet {
  topic: string;
  name: string;
  code: string;
}

const FOLDER = join(__dirname, "snippets");

/**
 * The snippets of all files in `snippets/`. In each file a line `//# name` begins one; a line
 * `//= name` begins one whose every line is a snippet of its own, numbered.
 */
export function readSnippets(): Snippet[] {
  return readdirSync(FOLDER).flatMap((file) => {
    const topic = file.replace(/\.snippets$/, "");
    const parts = readFileSync(join(FOLDER, file), "utf8").split(/^\/\/([#=]) (.*)\n/m);
    const snippets: Snippet[] = [];
    for (let at = 1; at < parts.length; at += 3) {
      const [kind, name, text] = parts.slice(at, at + 3);
      const codes = kind === "=" ? text.split("\n").filter(Boolean) : [text.trimEnd()];
      codes.forEach((code, index) => {
        snippets.push({ topic, name: kind === "=" ? `${name} ${index + 1}` : name, code });
      });
    }
    return snippets;
  });
}
