import type ts from "typescript";
import type { Paths, TypeScript } from "../host";

/** What the compiler has, but does not tell of in its types: the parts, in its own order. */
interface Internals {
  libs?: readonly string[];
}

/** The language's own part; what is the browser's (`dom` ...) is one file already. */
const LANGUAGE = /^(es|decorators)/;

/** The file of all that the language had in a year, alone or with what browsers have. */
const YEAR = /^lib(\.es(5|6|\d{4}|next)(\.full)?)?\.d\.ts$/;

/** Some parts are modules that add to what is global (`esnext.iterator`): they stay files. */
const MODULE = /^(export|import)\b/m;

const REFERENCE = /^\/\/\/\s*<reference\s+lib\s*=\s*["']([^"']+)["']\s*\/>.*$/gm;

/**
 * The standard library as one file in the place of some eighty.
 *
 * The compiler makes a new checker for each cell, and that merges what the files of the library say
 * of the same names: of `Array`, twenty do. In one text the parser has merged them, once for all,
 * which takes a third off the time that a small cell is checked in. The file of a year (`es2023`) gets
 * the text of all that it leads to, in the compiler's order, on which that of overloads depends.
 * Where others refer to one of those, they find nothing in it. Parts that a project names one by one
 * stay files.
 */
export class StandardLibrary {
  private readonly texts = new Map<string, string>();

  /**
   * @param options the program's
   * @param folder the project's
   */
  constructor(
    private readonly ts: TypeScript,
    options: ts.CompilerOptions,
    folder: string,
    private readonly paths: Paths,
  ) {
    const order = (ts as Internals).libs;
    const main = ts.getDefaultLibFilePath(options);
    const own = paths.dirname(main);
    if (order && !this.isReplaced(options, folder)) {
      this.join(options.lib?.map((name) => paths.join(own, name)) ?? [main], own, order);
    }
  }

  /** What stands in for a file's own text; undefined for files that stay as they are. */
  textOf(file: string): string | undefined {
    return this.texts.get(file);
  }

  /**
   * Has a project put packages in the place of parts of the library? Then all stays as it is.
   * https://www.typescriptlang.org/tsconfig/#libReplacement
   */
  private isReplaced({ libReplacement }: ts.CompilerOptions, folder: string): boolean {
    const { paths, ts } = this;
    const above = paths.dirname(folder);
    const scope = paths.join(folder, "node_modules", "@typescript");
    return (
      libReplacement !== false &&
      ((ts.sys.directoryExists(scope) &&
        ts.sys.getDirectories(scope).some((name) => name.startsWith("lib-"))) ||
        (above !== folder && this.isReplaced({}, above)))
    );
  }

  private join(entries: string[], folder: string, order: readonly string[]): void {
    const { paths } = this;
    const parts = new Map<string, string>();
    const others = new Set<string>();
    const visit = (file: string, isEntry: boolean) => {
      const name = /^lib\.(.+)\.d\.ts$/.exec(paths.basename(file))?.[1] ?? "";
      if (parts.has(file) || !(isEntry || LANGUAGE.test(name))) {
        others.add(name);
        return;
      }
      const text = this.ts.sys.readFile(file);
      if (text === undefined || MODULE.test(text)) {
        others.add(name);
        return;
      }
      parts.set(file, text.replace(REFERENCE, ""));
      for (const [, reference] of text.matchAll(REFERENCE)) {
        visit(paths.join(folder, `lib.${reference}.d.ts`), false);
      }
    };
    const years = entries.filter((file) => YEAR.test(paths.basename(file)));
    for (const entry of years) {
      visit(entry, true);
    }
    const place = (file: string) => order.indexOf(paths.basename(file).slice(4, -5));
    const sorted = [...parts].sort(([a], [b]) => place(a) - place(b));
    for (const file of parts.keys()) {
      this.texts.set(file, "");
    }
    if (years.length === 0) {
      return;
    }
    const outside = [...others].filter(
      (name) => !parts.has(paths.join(folder, `lib.${name}.d.ts`)),
    );
    const references = outside.map((name) => `/// <reference lib="${name}" />\n`);
    this.texts.set(years[0], references.join("") + sorted.map(([, text]) => text).join("\n"));
  }
}
