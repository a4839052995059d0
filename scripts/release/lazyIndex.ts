import { contentsOf } from "../../lib/contents.cjs";

/**
 * What lib/index.cjs does in a checkout, written out for npm: so Node finds the names that `import { ... }`
 * may take, and bundlers of programs for Node the files.
 *
 * @param text that of lib/index.ts
 */
export function lazyIndex(text: string): string {
  const { effects, names } = contentsOf(text);
  const getters = names.map(({ name, original, file }) => {
    const module = `require(${JSON.stringify(file)})`;
    return `  ${name}: () => ${original === "*" ? module : `${module}.${original}`},`;
  });
  return `"use strict";
// Each file is loaded when a name of it is first used, so that a program waits for no more than it takes.
${effects.map((file) => `require(${JSON.stringify(file)});`).join("\n")}
Object.defineProperty(exports, "__esModule", { value: true });
for (const [name, get] of Object.entries({
${getters.join("\n")}
})) {
  Object.defineProperty(exports, name, { enumerable: true, get });
}
// For Node, which reads the names from the text.
0 && (module.exports = { ${names.map(({ name }) => name).join(", ")} });
`;
}
