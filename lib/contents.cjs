"use strict";
// Plain JavaScript because index.cjs, which needs it, is loaded without any loader of TypeScript.

const STATEMENT =
  /^(?:import|export (?:(?<names>type \{[^}]*\}|\{[^}]*\})|\* as (?<whole>\w+)) from) "(?<file>[^"]+)";$/gm;
const COMMENT = /\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm;

/**
 * What a table of contents such as index.ts exports at run time. `original` is what the file itself calls
 * a name, or "*" for all that it exports; `effects` are the files imported for their effect. Types are
 * left out.
 *
 * @throws Error where something stands there that is neither
 */
exports.contentsOf = (text) => {
  const effects = [];
  const names = [];
  const rest = text.replace(COMMENT, "").replace(STATEMENT, (...found) => {
    const { names: list, whole, file } = found.at(-1);
    if (whole) {
      names.push({ name: whole, original: "*", file });
    } else if (list) {
      for (const each of list.startsWith("type ") ? [] : list.slice(1, -1).split(",")) {
        const [original, name = original] = each.trim().split(" as ");
        if (original && !original.startsWith("type ")) {
          names.push({ name, original, file });
        }
      }
    } else {
      effects.push(file);
    }
    return "";
  });
  if (rest.trim()) {
    throw new Error(`index.ts can only name what files export, but has: ${rest.trim()}`);
  }
  return { effects, names };
};
