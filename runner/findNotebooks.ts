import { existsSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { globSync, isDynamicPattern } from "tinyglobby";

/**
 * The notebooks that the arguments name, as absolute paths without repetition.
 *
 * @param names files, folders (their own *.ipynb, sorted) and glob patterns.
 * @param folders what relative names are relative to: the first folder that has a match wins.
 * @throws Error where a name matches nothing.
 */
export function findNotebooks(names: readonly string[], folders: readonly string[]): string[] {
  return [...new Set(names.flatMap((name) => matches(name, folders)))];
}

function matches(name: string, folders: readonly string[]): string[] {
  for (const folder of folders) {
    const path = resolve(folder, name);
    if (existsSync(path)) {
      return statSync(path).isDirectory() ? notebooksIn(path) : [path];
    }
  }
  if (!isDynamicPattern(name)) {
    throw new Error(
      `There is no file or folder ${name} (looked in ${folders.join(" and ")}). Name notebooks, ` +
        "folders that hold notebooks, or a glob pattern such as 'notebooks/0*.ipynb'.",
    );
  }
  for (const folder of folders) {
    const found = globSync(name, { cwd: folder, absolute: true, expandDirectories: false });
    const notebooks = found.filter((path) => path.endsWith(".ipynb")).sort();
    if (notebooks.length > 0) {
      return notebooks;
    }
  }
  throw new Error(`The pattern ${name} matches no notebook (*.ipynb) in ${folders.join(" or ")}.`);
}

function notebooksIn(folder: string): string[] {
  const notebooks = readdirSync(folder)
    .filter((name) => name.endsWith(".ipynb"))
    .sort();
  if (notebooks.length === 0) {
    throw new Error(`The folder ${folder} holds no notebook (*.ipynb).`);
  }
  return notebooks.map((name) => join(folder, name));
}
