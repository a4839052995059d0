import { type Notebook, sourceOf, tagsOf } from "../../runner/notebookFile";
import { regionsOf } from "./regions";

/** The solutions in a lesson, as code, by the names of the exercises that they check. */
export function solutionsIn(notebook: Notebook): Map<string, string> {
  const found = new Map<string, string>();
  for (const cell of notebook.cells) {
    if (cell.cell_type !== "code" || !tagsOf(cell).includes("solution")) {
      continue;
    }
    const code = regionsOf(sourceOf(cell), "code")
      .filter(({ solution }) => solution)
      .flatMap(({ lines }) => lines)
      .join("\n");
    for (const [, name] of code.matchAll(/\bcheck\.(\w+)\(/g)) {
      if (!found.has(name)) {
        found.set(name, code);
      }
    }
  }
  return found;
}

/** The text of lessons/exercises/solutions.ts, from the lessons in reading order. */
export function solutionsModule(notebooks: readonly Notebook[]): string {
  const all = new Map<string, string>();
  for (const [name, code] of notebooks.flatMap((notebook) => [...solutionsIn(notebook)])) {
    if (!all.has(name)) {
      all.set(name, code);
    }
  }
  const entries = [...all].map(([name, code]) => `  ${name}: ${templateOf(code)},\n`);
  return (
    "// Written by `npm run docs -- solutions` from the solutions' cells in notebooks/; do not edit.\n\n" +
    "/** The lessons' own solutions, as code, by the names of the exercises. */\n" +
    `export const solutions: Readonly<Record<string, string>> = {\n${entries.join("")}};\n`
  );
}

/** Code as a template literal, which keeps its lines readable. */
function templateOf(code: string): string {
  return `\`${code.replace(/[\\`]|\$\{/g, "\\$&")}\``;
}
