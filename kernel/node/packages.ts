import { existsSync } from "node:fs";
import Module, { createRequire, isBuiltin } from "node:module";
import { basename, dirname, isAbsolute, join } from "node:path";
import { pathToFileURL } from "node:url";
import { types } from "node:util";
import vm from "node:vm";
import type { ModuleSystem, Require } from "../session/host";
import { commonJsOf } from "../session/run/namespaces";

/** Errors with which Node says that a module can be imported but not required. */
const IMPORT_ONLY = new Set([
  "ERR_REQUIRE_ESM",
  "ERR_REQUIRE_ASYNC_MODULE",
  "ERR_PACKAGE_PATH_NOT_EXPORTED",
]);

/** Loads what is not the user's own: packages and Node's modules. Each is loaded once. */
export class Packages implements ModuleSystem {
  /** Those that can only be imported, by specifier and importing folder. */
  private readonly importOnly = new Map<string, unknown>();

  private readonly adapted = new Map<string, unknown>();

  /** @param adapters by specifier: what code gets in the place of some modules */
  constructor(private readonly adapters = new Map<string, (module: unknown) => unknown>()) {}

  isBuiltIn(specifier: string): boolean {
    return isBuiltin(specifier);
  }

  /** Those of NODE_PATH above all. */
  globalFolders(): readonly string[] {
    return globalFolders();
  }

  /** Loads a module for code in the file `from`, be it CommonJS or ESM only. */
  async import(specifier: string, from: string): Promise<unknown> {
    const key = packageKey(specifier, from);
    if (this.importOnly.has(key)) {
      return this.importOnly.get(key);
    }
    try {
      return withoutExperimentalWarnings(() => this.adapt(specifier, createRequire(from)));
    } catch (error) {
      if (!IMPORT_ONLY.has((error as NodeJS.ErrnoException)?.code ?? "")) {
        throw error;
      }
    }
    const found = await withoutExperimentalWarnings(() => load(specifier, from));
    const loaded = types.isModuleNamespaceObject(found) ? commonJsOf(found) : found;
    this.importOnly.set(key, loaded);
    return loaded;
  }

  requireFrom(from: string): Require {
    const native = createRequire(from);
    const require = (specifier: string): unknown => {
      const key = packageKey(specifier, from);
      return this.importOnly.has(key) ? this.importOnly.get(key) : this.adapt(specifier, native);
    };
    return Object.assign(require, native);
  }

  private adapt(specifier: string, load: (specifier: string) => unknown): unknown {
    const adapter = this.adapters.get(specifier);
    if (adapter && !this.adapted.has(specifier)) {
      this.adapted.set(specifier, adapter(load(specifier)));
    }
    return adapter ? this.adapted.get(specifier) : load(specifier);
  }
}

function globalFolders(): readonly string[] {
  const { globalPaths } = Module as unknown as { globalPaths?: string[] };
  return globalPaths ?? [];
}

/** `import()` does not look into the folders that `require` looks into last of all. */
async function load(specifier: string, from: string): Promise<object> {
  try {
    return await importFrom(from)(specifier);
  } catch (error) {
    if ((error as NodeJS.ErrnoException)?.code !== "ERR_MODULE_NOT_FOUND") {
      throw error;
    }
    for (const folder of globalFolders()) {
      if (basename(folder) === "node_modules" && existsSync(join(folder, specifier))) {
        return await importFrom(folder)(specifier);
      }
    }
    const file = attempt(() => createRequire(from).resolve(specifier));
    if (file === undefined || !isAbsolute(file)) {
      throw error;
    }
    return await importFrom(from)(pathToFileURL(file).href);
  }
}

function attempt<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}

/** Has Node warn of the loader that {@link importFrom} uses, unheard: it does so once a process. */
export function forestallWarning(): void {
  withoutExperimentalWarnings(() => void importFrom(__filename)("node:path"));
}

/** An `import()` as code in the file `from` would call it. */
function importFrom(from: string): (specifier: string) => Promise<object> {
  return vm.runInThisContext("(specifier) => import(specifier)", {
    filename: join(dirname(from), "noop.js"),
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
}

/** How modules are loaded is our choice, and what Node thinks of it none of the user's business. */
export function withoutExperimentalWarnings<T>(load: () => T): T {
  const { emitWarning } = process;
  process.emitWarning = ((warning: string | Error, ...rest: unknown[]) => {
    if (rest[0] !== "ExperimentalWarning") {
      Reflect.apply(emitWarning, process, [warning, ...rest]);
    }
  }) as typeof process.emitWarning;
  try {
    return load();
  } finally {
    process.emitWarning = emitWarning;
  }
}

function packageKey(specifier: string, from: string): string {
  return `${dirname(from)}\0${specifier}`;
}
