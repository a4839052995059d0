import { dirname, join } from "node:path";
import type ts from "typescript";
import type { TypeScript } from "./typescript";

interface Preparation {
  options: ts.CompilerOptions;
  host: ts.ModuleResolutionHost;
  resolutions: ts.ModuleResolutionCache;
  /** The file that a specifier stands for, seen from another file. */
  resolve(specifier: string, file: string): string | undefined;
  /** Parses a file and keeps it for the program. */
  read(file: string, parsing: ts.CreateSourceFileOptions): ts.SourceFile | undefined;
}

/** What the compiler has, but does not tell of in its types. */
interface Internals {
  bindSourceFile?: (file: ts.SourceFile, options: ts.CompilerOptions) => void;
  getSetExternalModuleIndicator?: (options: ts.CompilerOptions) => (file: ts.SourceFile) => void;
}

/** The modules that a file imports: a guess that need not be right. */
const IMPORT = /\b(?:from|import\()\s*["']((?!node:)[^"']+)["']/g;

/**
 * Parses and binds files and those that they import or refer to, one at each step, so that other
 * things can be done in between. It finds files by a shorter way than the compiler; what it misses,
 * the compiler reads when it makes the program.
 */
export function* preparation(
  ts: TypeScript,
  files: readonly string[],
  { options, host, resolutions, resolve, read }: Preparation,
): Generator<void, void> {
  const { bindSourceFile, getSetExternalModuleIndicator } = ts as unknown as Internals;
  const setExternalModuleIndicator = getSetExternalModuleIndicator?.(options);
  const packages = resolutions.getPackageJsonInfoCache();
  const waiting = [...files];
  const seen = new Set(waiting);
  for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
    const parsed = read(file, {
      languageVersion: options.target ?? ts.ScriptTarget.Latest,
      impliedNodeFormat: ts.getImpliedNodeFormatForFile(file, packages, host, options),
      ...(setExternalModuleIndicator && { setExternalModuleIndicator }),
    });
    if (!parsed) {
      continue;
    }
    bindSourceFile?.(parsed, options);
    const specifiers = [...parsed.text.matchAll(IMPORT)].map(([, specifier]) => specifier);
    const next = [
      ...parsed.referencedFiles.map(({ fileName }) => join(dirname(file), fileName)),
      ...specifiers.flatMap((specifier) => resolve(specifier, file) ?? []),
    ];
    for (const each of next) {
      if (!seen.has(each)) {
        seen.add(each);
        waiting.push(each);
      }
    }
    yield;
  }
}

/** The files of the packages below `@types` that the options let in. */
export function automaticTypes(
  ts: TypeScript,
  options: ts.CompilerOptions,
  folder: string,
  host: ts.ModuleResolutionHost,
): string[] {
  const from = join(
    options.configFilePath ? dirname(String(options.configFilePath)) : folder,
    "noop.ts",
  );
  return ts
    .getAutomaticTypeDirectiveNames(options, host)
    .flatMap(
      (name) =>
        ts.resolveTypeReferenceDirective(name, from, options, host).resolvedTypeReferenceDirective
          ?.resolvedFileName ?? [],
    );
}
