import { usingCompiler } from "../compile/compilerUse";
import { emitModule } from "../compile/emit";
import { RUNTIME_NAME } from "../compile/instrument";
import type { SessionOptions } from "../compile/options";
import type { ModuleResolution } from "../compile/resolution";
import type { Require, SessionHost, TypeScript } from "../host";
import type { FunctionTexts } from "./functionTexts";
import { StarViews } from "./namespaces";
import type { CellRuntime } from "./runtime";
import type { StackMapper } from "./stack";

/** What a loader works with. */
interface LoaderParts {
  ts: TypeScript;
  host: SessionHost;
  options: SessionOptions;
  resolution: ModuleResolution;
  stacks: StackMapper;
  texts: FunctionTexts;
  /** What errors call a file. */
  nameOf: (file: string) => string;
  /** Serves all modules alike, whichever cell loaded them. */
  runtime: CellRuntime;
}

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
  private readonly starViews = new StarViews();

  constructor(private readonly parts: LoaderParts) {}

  /** Loads a module, and loads it again if it changed since. */
  async import(specifier: string, from: string): Promise<unknown> {
    const builtIn = this.parts.resolution.builtIn(specifier);
    if (builtIn) {
      await builtIn.load?.();
      return builtIn.exports;
    }
    const file = this.isBuiltIn(specifier) ? undefined : this.findSource(specifier, from);
    if (!file) {
      return await this.parts.host.modules.import(specifier, from);
    }
    this.dropChanged(file);
    return (await this.load(file)).exports;
  }

  /** What `require` gives to code in the file `from`, which is loaded already where that is so. */
  requireFrom(from: string): Require {
    const native = this.parts.host.modules.requireFrom(from);
    const require = (specifier: string): unknown => {
      const builtIn = this.parts.resolution.builtIn(specifier);
      if (builtIn) {
        return builtIn.exports;
      }
      const isName = typeof specifier === "string" && !this.isBuiltIn(specifier);
      const file = isName ? this.findSource(specifier, from) : undefined;
      if (!file) {
        return native(specifier);
      }
      this.modules.get(from)?.imports.add(file);
      return (this.modules.get(file) ?? this.loadSynchronously(file)).exports;
    };
    return Object.assign(require, native);
  }

  /** The object that running code knows as `__cell`, for code in the file `from`. */
  runtimeFor(from: string, runtime: CellRuntime): CellRuntime & { import: unknown } {
    const load = async (specifier: unknown) =>
      // A symbol is no name, and not to be made one.
      this.starViews.of(await this.import(`${specifier}`, from));
    const { modules, paths } = this.parts.host;
    const resolve = (specifier: string) => {
      const file = this.findSource(specifier, from) ?? modules.requireFrom(from).resolve(specifier);
      return this.isBuiltIn(file) ? file : paths.toUrl(file);
    };
    const { stacks, flagOver } = this.parts.host.engine;
    const meta = { url: paths.toUrl(from), filename: from, dirname: paths.dirname(from), resolve };
    return Object.assign(Object.create(runtime), {
      caught: (error: unknown) => this.parts.stacks.putPlainly(error),
      outcomes: <T>(outcomes: T): T => this.parts.stacks.putOutcomesPlainly(outcomes),
      import: Object.assign(load, { meta }),
      ...(flagOver && { flag: flagOver(runtime.flag) }),
      ...(stacks && {
        wait: (value: unknown) => stacks.awaited(runtime.wait(value)),
        guard: (mark: number, value: unknown) => stacks.awaited(runtime.guard(mark, value)),
      }),
    });
  }

  /** What `this` must be for TypeScript's helper to make one namespace object for each module. */
  helpersOn(exports: object): object {
    return Object.defineProperty(exports, "__importStar", {
      value: (module: unknown) => this.starViews.of(module),
    });
  }

  /** What one of the user's own modules exports so far; undefined where it is not loaded. */
  exportsOf(file: string): unknown {
    return this.modules.get(file)?.exports;
  }

  /**
   * What a name means to a module that imports it.
   *
   * @param name what the other module calls it; `*` is all of that module
   */
  imported(file: string, specifier: string, name: string): unknown {
    const module = this.requireFrom(file)(specifier);
    if (name === "*") {
      return this.starViews.of(module);
    }
    const isModule = (Object(module) as { __esModule?: boolean }).__esModule === true;
    return name === "default" && !isModule ? module : Reflect.get(Object(module), name);
  }

  private findSource(specifier: string, from: string): string | undefined {
    const { host, resolution } = this.parts;
    const path = specifier.startsWith("file:") ? host.paths.fromUrl(specifier) : specifier;
    return resolution.resolveSource(path, from);
  }

  private isBuiltIn(specifier: string): boolean {
    return this.parts.host.modules.isBuiltIn(specifier);
  }

  private async load(file: string): Promise<LoadedModule> {
    const known = this.modules.get(file);
    if (known) {
      return known;
    }
    const { module, javascript, requires } = this.read(file);
    const run = async () => {
      for (const specifier of requires) {
        const source = this.isBuiltIn(specifier) ? undefined : this.findSource(specifier, file);
        if (source) {
          module.imports.add(source);
          // Modules that import each other in a circle see each other's unfinished exports.
          await this.load(source);
        } else {
          const builtIn = this.parts.resolution.builtIn(specifier);
          const { modules } = this.parts.host;
          await (builtIn ? builtIn.load?.() : modules.import(specifier, file))?.catch(() => {
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
      const source = this.isBuiltIn(specifier) ? undefined : this.findSource(specifier, file);
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
      stamp: this.stampOf(file),
      done: Promise.resolve(),
    };
    const { ts, host, options, stacks, texts, nameOf } = this.parts;
    const text = host.files.read(file);
    if (file.endsWith(".json")) {
      const javascript = `module.exports = ${JSON.stringify(this.parseJson(file, text))};`;
      this.modules.set(file, module);
      return { module, javascript, requires: [] };
    }
    const { javascript, source, requires } = usingCompiler(() =>
      emitModule(ts, options.emit, { file, text }, nameOf, host.kept),
    );
    stacks.add(file, source);
    texts.add(file, javascript, text);
    this.modules.set(file, module);
    return { module, javascript, requires };
  }

  private parseJson(file: string, text: string): unknown {
    try {
      return JSON.parse(text.replace(/^\uFEFF/, ""));
    } catch (error) {
      const name = this.parts.nameOf(file);
      throw new SyntaxError(`${name} is no JSON: ${(error as Error).message}`);
    }
  }

  private run(module: LoadedModule, javascript: string, async: boolean): unknown {
    const { file } = module;
    const names = ["exports", "require", "module", "__filename", "__dirname", RUNTIME_NAME];
    const { engine, paths } = this.parts.host;
    return engine
      .compile(javascript, names, { file, async })
      .call(
        this.helpersOn(module.exports as object),
        module.exports,
        this.requireFrom(file),
        module,
        file,
        paths.dirname(file),
        this.runtimeFor(file, this.parts.runtime),
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
        if (module.stamp !== this.stampOf(path)) {
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

  private stampOf(file: string): string {
    const status = this.parts.host.files.status(file);
    return status ? `${status.modified} ${status.size}` : "";
  }
}
