import Module from "node:module";
import { basename, dirname, join } from "node:path";
import type ts from "typescript";
import type { TypeScript } from "../compile/typescript";

/** The folders, those of NODE_PATH above all, in which Node looks for a package last of all. */
export function globalFolders(): string[] {
  const { globalPaths } = Module as unknown as { globalPaths?: string[] };
  return globalPaths ?? [];
}

/** The file that a package's name stands for in one of the {@link globalFolders}. */
export function resolveGlobally(
  ts: TypeScript,
  specifier: string,
  options: ts.CompilerOptions,
  host: ts.ModuleResolutionHost,
): ts.ResolvedModuleFull | undefined {
  if (/^[./]|:/.test(specifier)) {
    return undefined;
  }
  for (const folder of globalFolders()) {
    if (!host.directoryExists?.(folder)) {
      continue;
    }
    const found =
      basename(folder) === "node_modules"
        ? ts.resolveModuleName(specifier, join(dirname(folder), "noop.ts"), options, host)
        : ts.resolveModuleName(specifier, join(folder, "noop.ts"), within(folder, options), host);
    if (found.resolvedModule) {
      return found.resolvedModule;
    }
  }
  return undefined;
}

/** Settings with which the compiler takes names for paths below a folder. */
function within(folder: string, options: ts.CompilerOptions): ts.CompilerOptions {
  return {
    ...options,
    baseUrl: undefined,
    pathsBasePath: folder,
    paths: { "*": [join(folder, "*"), join(folder, "@types", "*")] },
  };
}
