import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import vm from "node:vm";
import { asCommonJs } from "./namespaces";

/** Errors with which Node says that a module can be imported but not required. */
const IMPORT_ONLY = new Set([
  "ERR_REQUIRE_ESM",
  "ERR_REQUIRE_ASYNC_MODULE",
  "ERR_PACKAGE_PATH_NOT_EXPORTED",
]);

/** Loads what is not the user's own: packages and Node's modules. Each is loaded once. */
export class Packages {
  /** Those that can only be imported, by specifier and importing folder. */
  private readonly importOnly = new Map<string, unknown>();

  /** Loads a module for code in the file `from`, be it CommonJS or ESM only. */
  async import(specifier: string, from: string): Promise<unknown> {
    const key = packageKey(specifier, from);
    if (this.importOnly.has(key)) {
      return this.importOnly.get(key);
    }
    try {
      return withoutExperimentalWarnings(() => createRequire(from)(specifier));
    } catch (error) {
      if (!IMPORT_ONLY.has((error as NodeJS.ErrnoException)?.code ?? "")) {
        throw error;
      }
    }
    const loaded = asCommonJs(await withoutExperimentalWarnings(() => importFrom(from)(specifier)));
    this.importOnly.set(key, loaded);
    return loaded;
  }

  /** What `require` gives to code in the file `from`, also for what had to be imported before. */
  require(specifier: string, from: string): unknown {
    const key = packageKey(specifier, from);
    return this.importOnly.has(key) ? this.importOnly.get(key) : createRequire(from)(specifier);
  }
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
