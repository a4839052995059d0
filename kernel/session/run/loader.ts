import { readFileSync, statSync } from "node:fs";
import { createRequire, isBuiltin } from "node:module";
import { dirname, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { emitModule } from "../compile/emit";
import type { EmitCache } from "../compile/emitCache";
import { putPlainly } from "../compile/engineMessages";
import { compileBody } from "../compile/functionScript";
import type { FunctionTexts } from "../compile/functionTexts";
import { RUNTIME_NAME } from "../compile/instrument";
import type { SessionOptions } from "../compile/options";
import type { TypeScript } from "../compile/typescript";
import type { Workspace } from "../compile/workspace";
import { StarViews } from "./namespaces";
import { Packages } from "./packages";
import type { CellRuntime } from "./runtime";
import type { StackMapper } from "./stack";

/** One of the user's own modules, as loaded. */
interface LoadedModule {
  file: string;
  exports: unknown;
  /** The user's own modules that it imports. */
  imports: Set<string>;
  /** What the file was when it was read. */
  stamp: string;
  /** Settles when its code has run; awaited by those who import it meanwhile. */
  done: Promise<void>;
}

interface ReadModule {
  module: LoadedModule;
  javascript: string;
  requires: string[];
}

/**
 * Loads what cells import. The user's own files, TypeScript or not, are emitted as CommonJS and
 * loaded again when they, or what they import, change on disk. Packages are Node's affair and are
 * loaded once.
 *
 * Loading comes before running, as it does with ES modules: so what a cell imports may be ESM only
 * or may await at its top level, although the code that runs says `require`.
 */
export class ModuleLoader {
  private readonly modules = new Map<string, LoadedModule>();
  private readonly packages = new Packages();
  private readonly starViews = new StarViews();

  constructor(
    private readonly ts: TypeScript,
    private readonly options: SessionOptions,
    private readonly workspace: Workspace,
    private readonly stacks: StackMapper,
    private readonly folder: string,
    /** Serves all modules alike, whichever cell loaded them. */
    private readonly runtime: CellRuntime,
    private readonly cache: EmitCache,
    private readonly texts: FunctionTexts,
  ) {}

  /** Loads a module, and loads it again if it changed since. */
  async import(specifier: string, from: string): Promise<unknown> {
    const builtIn = this.workspace.builtIn(specifier);
    if (builtIn) {
      return builtIn.exports;
    }
    const file = isBuiltin(specifier) ? undefined : this.findSource(specifier, from);
    if (!file) {
      return await this.packages.import(specifier, from);
    }
    this.dropChanged(file);
    return (await this.load(file)).exports;
  }

  /** What `require` gives to code in the file `from`, which is loaded already where that is so. */
  requireFrom(from: string): NodeJS.Require {
    const native = createRequire(from);
    const require = (specifier: string): unknown => {
      const builtIn = this.workspace.builtIn(specifier);
      if (builtIn) {
        return builtIn.exports;
      }
      const file = isBuiltin(specifier) ? undefined : this.findSource(specifier, from);
      if (!file) {
        return this.packages.require(specifier, from);
      }
      return (this.modules.get(file) ?? this.loadSynchronously(file)).exports;
    };
    return Object.assign(require, native);
  }

  /** The object that running code knows as `__cell`, for code in the file `from`. */
  runtimeFor(from: string, runtime: CellRuntime): CellRuntime & { import: unknown } {
    const load = async (specifier: unknown) =>
      this.starViews.of(await this.import(String(specifier), from));
    const { url, ...meta } = { url: pathToFileURL(from).href, filename: from };
    const resolve = (specifier: string) => {
      const file = this.findSource(specifier, from) ?? createRequire(from).resolve(specifier);
      return isBuiltin(file) ? file : pathToFileURL(file).href;
    };
    return Object.assign(Object.create(runtime), {
      caught: putPlainly,
      import: Object.assign(load, { meta: { url, ...meta, dirname: dirname(from), resolve } }),
    });
  }

  /** What `this` must be for TypeScript's helper to make one namespace object for each module. */
  helpersOn(exports: object): object {
    return Object.defineProperty(exports, "__importStar", {
      value: (module: unknown) => this.starViews.of(module),
    });
  }

  private findSource(specifier: string, from: string): string | undefined {
    const path = specifier.startsWith("file:") ? fileURLToPath(specifier) : specifier;
    return this.workspace.resolveSource(path, from);
  }

  private async load(file: string): Promise<LoadedModule> {
    const known = this.modules.get(file);
    if (known) {
      return known;
    }
    const { module, javascript, requires } = this.read(file);
    const run = async () => {
      for (const specifier of requires) {
        const source = isBuiltin(specifier) ? undefined : this.findSource(specifier, file);
        if (source) {
          module.imports.add(source);
          // Modules that import each other in a circle see each other's unfinished exports.
          await this.load(source);
        } else if (!this.workspace.builtIn(specifier)) {
          await this.packages.import(specifier, file).catch(() => {
            // The code may catch it, or never get there: it fails where it is required.
          });
        }
      }
      await this.run(module, javascript, true);
    };
    module.done = run();
    try {
      await module.done;
    } catch (error) {
      this.modules.delete(file);
      throw error;
    }
    return module;
  }

  private loadSynchronously(file: string): LoadedModule {
    const { module, javascript, requires } = this.read(file);
    for (const specifier of requires) {
      const source = isBuiltin(specifier) ? undefined : this.findSource(specifier, file);
      if (source) {
        module.imports.add(source);
      }
    }
    try {
      this.run(module, javascript, false);
    } catch (error) {
      this.modules.delete(file);
      throw error;
    }
    return module;
  }

  private read(file: string): ReadModule {
    const module: LoadedModule = {
      file,
      exports: {},
      imports: new Set(),
      stamp: stampOf(file),
      done: Promise.resolve(),
    };
    const text = readFileSync(file, "utf8");
    if (file.endsWith(".json")) {
      const javascript = `module.exports = ${JSON.stringify(this.parseJson(file, text))};`;
      this.modules.set(file, module);
      return { module, javascript, requires: [] };
    }
    const { javascript, source, requires } = emitModule(
      this.ts,
      this.options.emit,
      { file, text },
      this.folder,
      this.cache,
    );
    this.stacks.add(file, source);
    this.texts.add(file, javascript, text);
    this.modules.set(file, module);
    return { module, javascript, requires };
  }

  private parseJson(file: string, text: string): unknown {
    try {
      return JSON.parse(text.replace(/^\uFEFF/, ""));
    } catch (error) {
      const name = relative(this.folder, file);
      throw new SyntaxError(`${name} is no JSON: ${(error as Error).message}`);
    }
  }

  private run(module: LoadedModule, javascript: string, async: boolean): unknown {
    const { file } = module;
    const names = ["exports", "require", "module", "__filename", "__dirname", RUNTIME_NAME];
    return compileBody(javascript, names, { file, async }).call(
      this.helpersOn(module.exports as object),
      module.exports,
      this.requireFrom(file),
      module,
      file,
      dirname(file),
      this.runtimeFor(file, this.runtime),
    );
  }

  /**
   * Forgets the modules that `file` leads to and that changed on disk, and all modules that depend
   * on those, so that they are loaded again when they are next imported.
   */
  private dropChanged(file: string): void {
    const seen = new Set<string>();
    const changed: string[] = [];
    const visit = (path: string) => {
      const module = this.modules.get(path);
      if (module && !seen.has(path)) {
        seen.add(path);
        if (module.stamp !== stampOf(path)) {
          changed.push(path);
        }
        module.imports.forEach(visit);
      }
    };
    visit(file);
    while (changed.length > 0) {
      const path = changed.pop() as string;
      this.modules.delete(path);
      for (const module of this.modules.values()) {
        if (module.imports.has(path)) {
          changed.push(module.file);
        }
      }
    }
  }
}

function stampOf(file: string): string {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats ? `${stats.mtimeMs} ${stats.size}` : "";
}
