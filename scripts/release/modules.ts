// The library as ES modules, for bundlers: one file for each source, so that what is not used falls away.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { transform } from "esbuild";
import { renameImports } from "./compile";

/** What the sources that an entry needs are written as, and what they ask for. */
export interface Modules {
  /** The files written, relative to the target, with "/". */
  files: string[];
  /** The packages that they import. */
  packages: string[];
}

/**
 * Writes an entry and all that it loads as ES modules, `text/vocabulary.ts` as `text/vocabulary.mjs`.
 *
 * @param rename names of packages to write in the place of others
 * @param replace sources to take in the place of others, relative to `source`
 * @throws Error naming the file that asks for a module of Node's, since a browser has none, or for a
 *   file that does not exist
 */
export async function writeModules(
  source: string,
  target: string,
  {
    entry,
    rename = {},
    replace = {},
  }: { entry: string; rename?: Record<string, string>; replace?: Record<string, string> },
): Promise<Modules> {
  const packages = new Set<string>();
  const todo = [resolve(source, entry)];
  const done = new Set<string>();
  for (let file = todo.pop(); file !== undefined; file = todo.pop()) {
    if (done.has(file)) {
      continue;
    }
    done.add(file);
    const shown = relative(source, file).split(sep).join("/");
    // Types are gone after this, and with them the imports that only they needed.
    const options = { loader: "ts", format: "esm", target: "es2022" } as const;
    const { code } = await transform(readFileSync(file, "utf8"), options);
    const text = renameImports(code, (name) => {
      if (name.startsWith("node:")) {
        throw new Error(`${shown} is part of the library in a browser, but imports ${name}.`);
      }
      if (!name.startsWith(".")) {
        const other = rename[name] ?? name;
        packages.add(other);
        return other;
      }
      const asked = sourceOf(resolve(dirname(file as string), name));
      const other = asked && replace[relative(source, asked).split(sep).join("/")];
      const imported = other ? resolve(source, other) : asked;
      if (!imported) {
        throw new Error(`${shown} imports ${name}, which is no TypeScript source.`);
      }
      todo.push(imported);
      const path = relative(dirname(file as string), imported)
        .split(sep)
        .join("/");
      return moduleName(path.startsWith(".") ? path : `./${path}`);
    });
    const written = join(target, moduleName(shown));
    mkdirSync(dirname(written), { recursive: true });
    writeFileSync(written, text);
  }
  const files = [...done].map((file) => moduleName(relative(source, file).split(sep).join("/")));
  return { files: files.sort(), packages: [...packages].sort() };
}

const moduleName = (source: string) => source.replace(/\.ts$/, ".mjs");

function sourceOf(path: string): string | undefined {
  return [`${path}.ts`, join(path, "index.ts")].find((file) => existsSync(file));
}
