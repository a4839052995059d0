import { dirname, join } from "node:path";
import type ts from "typescript";
import type { TypeScript } from "./typescript";

interface Preparation {
  options: ts.CompilerOptions;
  folder: string;
  host: ts.ModuleResolutionHost & { directoryExists?(folder: string): boolean };
  /** Where the program's types begin, besides those that the options name. */
  typeFiles: string[];
  resolutions: ts.ModuleResolutionCache;
  /** Parses a file and keeps it for the program. */
  read(file: string, parsing: ts.CreateSourceFileOptions): ts.SourceFile | undefined;
}

/** The modules that a declaration file imports from packages: a guess that need not be right. */
const PACKAGE_IMPORT = /\b(?:from|import\()\s*["']((?!node:)[^."'][^"']*)["']/g;

/**
 * Parses and binds the declarations of a program's global types, a file at each step, so that other
 * things can be done in between. It finds files by a shorter way than the compiler; what it misses,
 * the compiler reads when it makes the program.
 */
export function* preparation(ts: TypeScript, given: Preparation): Generator<void, void> {
  const { options, folder, host, resolutions } = given;
  const bind = (
    ts as { bindSourceFile?: (file: ts.SourceFile, options: ts.CompilerOptions) => void }
  ).bindSourceFile;
  const waiting = [...given.typeFiles, ...automaticTypes(ts, options, folder, host)];
  const seen = new Set(waiting);
  for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
    const parsed = given.read(file, {
      languageVersion: options.target ?? ts.ScriptTarget.Latest,
      impliedNodeFormat: ts.getImpliedNodeFormatForFile(
        file,
        resolutions.getPackageJsonInfoCache(),
        host,
        options,
      ),
    });
    if (!parsed) {
      continue;
    }
    bind?.(parsed, options);
    const next = parsed.referencedFiles.map(({ fileName }) => join(dirname(file), fileName));
    for (const [, specifier] of parsed.text.matchAll(PACKAGE_IMPORT)) {
      const { resolvedModule } = ts.resolveModuleName(specifier, file, options, host, resolutions);
      if (resolvedModule) {
        next.push(resolvedModule.resolvedFileName);
      }
    }
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
function automaticTypes(
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
    .getAutomaticTypeDirectiveNames(options, host as ts.ModuleResolutionHost)
    .flatMap(
      (name) =>
        ts.resolveTypeReferenceDirective(name, from, options, host).resolvedTypeReferenceDirective
          ?.resolvedFileName ?? [],
    );
}
