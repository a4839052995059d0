import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import vm from "node:vm";
import { CellCompiler, type CompiledCell, type CompileOptions } from "./compiler";
import { type Completeness, judgeCompleteness } from "./completeness";
import { type Completion, completeAt } from "./completion";
import type { Declaration } from "./declarations";
import { EmitCache } from "./emit-cache";
import { type Inspection, inspectAt } from "./inspection";
import { INSTRUMENTATION, RUNTIME_NAME } from "./instrument";
import { ModuleLoader } from "./loader";
import { readOptions, type SessionOptions } from "./options";
import { packageRoot } from "./package-root";
import { type CellRuntime, plainRuntime } from "./runtime";
import { Scope } from "./scope";
import { StackMapper } from "./stack";
import { findTypeScript, loadTypeScript, type TypeScript } from "./typescript";
import { type BuiltInModule, Workspace } from "./workspace";

export interface SessionSettings {
  /** Where cells are, as far as imports and tsconfig.json go. Default: the working directory. */
  folder?: string;
  /** Default: the project's own, or else this package's. */
  typescript?: TypeScript;
  /** Modules that the application answers, whether or not they are installed. */
  modules?: Map<string, BuiltInModule>;
  /** Declaration files of the globals that the application defines. */
  globals?: string[];
  /** Serves the user's modules. Default: one that lets code run as it is. */
  runtime?: CellRuntime;
}

/** What a cell's last expression gave. */
export interface CellResult {
  hasValue: boolean;
  value: unknown;
}

interface RunningCell {
  exports: Record<string, unknown>;
  /** What its own imports gave, by specifier. */
  loaded: Map<string, unknown>;
}

/**
 * A TypeScript session: cells that are checked, emitted and run one after the other, each a module
 * of its own, sharing what they declare. It knows nothing of Jupyter.
 *
 * ```ts
 * const session = new Session();
 * await session.execute("const x: number = 20");
 * (await session.execute("x + 1")).value; // 21
 * ```
 */
export class Session {
  readonly folder: string;
  readonly ts: TypeScript;
  readonly options: SessionOptions;
  readonly stacks: StackMapper;
  readonly emitCache: EmitCache;
  private readonly workspace: Workspace;
  private readonly scope: Scope;
  private readonly compiler: CellCompiler;
  private readonly loader: ModuleLoader;
  private readonly cells = new Map<number, RunningCell>();
  private readonly files = new Set<string>();
  private compiled = 0;
  /** A name that was imported from a module whose types nobody has asked about yet. */
  private unasked: string | undefined;
  private readonly asked = new Set<string>();

  constructor(settings: SessionSettings = {}) {
    this.folder = settings.folder ?? process.cwd();
    this.ts = settings.typescript ?? loadTypeScript(findTypeScript(this.folder)).ts;
    this.options = readOptions(this.ts, this.folder);
    this.workspace = new Workspace(
      this.ts,
      this.options,
      this.folder,
      [
        ...(settings.globals ?? []),
        ...this.options.ambientFiles,
        ...nodeTypes(this.ts, this.options, this.folder),
      ],
      settings.modules ?? new Map(),
    );
    this.emitCache = new EmitCache(
      join(packageRoot(), "dist", "cache", "modules"),
      JSON.stringify([this.ts.version, this.options.emit, INSTRUMENTATION]),
    );
    this.scope = new Scope(this.workspace);
    this.compiler = new CellCompiler(
      this.ts,
      this.options,
      this.workspace,
      this.scope,
      this.folder,
    );
    const root = packageRoot();
    this.stacks = new StackMapper(this.folder, (file) =>
      ["session", "kernel", "display", "dist", "bin"].some((part) =>
        file.startsWith(join(root, part)),
      ),
    );
    this.loader = new ModuleLoader(
      this.ts,
      this.options,
      this.workspace,
      this.stacks,
      this.folder,
      settings.runtime ?? plainRuntime,
      this.emitCache,
    );
  }

  /**
   * Checks and emits a cell. Nothing of it has run then.
   *
   * @param name how its errors call it, as in `cell-12.ts`
   * @param options `everyLoop`: every loop can be ended by the runtime's flag, at some cost
   * @throws TypeScriptError with everything that is wrong
   */
  compile(
    code: string,
    name = `cell-${this.compiled + 1}.ts`,
    options: CompileOptions = {},
  ): CompiledCell & CellFile {
    const file = this.freeFile(name);
    const cell = this.compiler.compile(code, name, file, options);
    this.compiled++;
    return { ...cell, file, name };
  }

  /**
   * Loads what a compiled cell imports, and runs it. Whether it ends or throws, what it has
   * declared by then belongs to the session.
   *
   * @throws whatever the code throws
   */
  async run(
    cell: CompiledCell & CellFile,
    runtime: CellRuntime = plainRuntime,
  ): Promise<CellResult> {
    this.stacks.add(cell.file, cell.source, cell.name);
    const running: RunningCell = { exports: {}, loaded: new Map() };
    this.cells.set(cell.number, running);
    const hooks: CellRuntime & { value?: unknown } = this.loader.runtimeFor(cell.file, runtime);
    const execute = async () => {
      for (const specifier of cell.imports) {
        running.loaded.set(specifier, await this.loader.import(specifier, cell.file));
      }
      const code = this.load(cell);
      await runtime.start(() =>
        code.call(
          this.loader.helpersOn(running.exports),
          running.exports,
          this.requireIn(cell, running),
          hooks,
          { exports: running.exports },
          cell.file,
          dirname(cell.file),
        ),
      );
    };
    let finished = false;
    try {
      await runtime.settle(execute());
      finished = true;
    } finally {
      this.commit(cell, running, finished);
    }
    return { hasValue: cell.hasValue, value: hooks.value };
  }

  /**
   * Does beforehand, a step at a time, what the first cells would otherwise have to wait for. Cells
   * may come in between; leaving steps out costs nothing.
   */
  *warmUp(): Generator<void, void> {
    this.compiler.compile("1 + 1", "cell.ts", join(this.folder, "cell.ts"));
    yield;
    yield* this.workspace.prepare();
    this.workspace.complete();
    this.workspace.program();
    yield;
    this.complete("console.", "console.".length);
  }

  /**
   * Asks beforehand what an editor's first question about newly imported modules will be: the first
   * answer takes several times as long as the next. Does nothing where there are none.
   */
  warmUpHelp(): void {
    if (this.unasked !== undefined) {
      const code = `${this.unasked}.`;
      this.unasked = undefined;
      this.complete(code, code.length);
    }
  }

  /** {@link compile} and {@link run}. */
  async execute(code: string, name?: string): Promise<CellResult> {
    return await this.run(this.compile(code, name));
  }

  /** What could stand at an offset (in UTF-16 units) of an unfinished cell. */
  complete(code: string, offset: number): Completion {
    this.workspace.complete();
    const placed = this.compiler.place(code, { everyName: true });
    return completeAt(this.workspace.service, placed, code, offset);
  }

  /** What is known about the name at, or the call around, an offset of a cell. */
  inspect(code: string, offset: number): Inspection | undefined {
    this.workspace.complete();
    const placed = this.compiler.place(code);
    return inspectAt(this.ts, this.workspace, placed, code, offset);
  }

  /** Is a text a whole cell, or does it want more lines? */
  isComplete(code: string): Completeness {
    return judgeCompleteness(this.ts, code);
  }

  private load(cell: CompiledCell & CellFile): (...parameters: unknown[]) => Promise<void> {
    const parameters = ["exports", "require", RUNTIME_NAME];
    // A cell may call its own things `module`.
    for (const name of ["module", "__filename", "__dirname"]) {
      parameters.push(cell.topLevel.declarations.has(name) ? `__${name}` : name);
    }
    return vm.runInThisContext(
      `(async function (${parameters.join(", ")}) {${cell.javascript}\n})`,
      { filename: cell.file },
    );
  }

  private requireIn({ file }: CellFile, { loaded }: RunningCell): NodeJS.Require {
    const native = this.loader.requireFrom(file);
    const require = (specifier: string): unknown => {
      const [, number, module] = /^cell:(\d+)(?::(.*))?$/s.exec(specifier) ?? [];
      if (number === undefined) {
        return loaded.has(specifier) ? loaded.get(specifier) : native(specifier);
      }
      const cell = this.cells.get(Number(number));
      return module === undefined ? cell?.exports : cell?.loaded.get(module);
    };
    return Object.assign(require, native);
  }

  /** Of a cell that threw, only what it got as far as initialising becomes a name. */
  private commit(cell: CompiledCell, running: RunningCell, finished: boolean): void {
    const exists = ({ name, hoisted, imported }: Declaration) => {
      if (imported) {
        const { specifier } = imported;
        return running.loaded.has(specifier) || !cell.imports.includes(specifier);
      }
      return finished || hoisted || running.exports[name] !== undefined;
    };
    for (const number of this.scope.commit(cell.number, cell, exists)) {
      this.cells.delete(number);
    }
    for (const { name, imported } of cell.topLevel.declarations.values()) {
      if (imported && !imported.typeOnly && !this.asked.has(imported.specifier)) {
        this.asked.add(imported.specifier);
        this.unasked = name;
      }
    }
  }

  /** A file name for a cell that is neither taken by another cell nor that of a real file. */
  private freeFile(name: string): string {
    const stem = name.replace(/\.ts$/, "");
    for (let attempt = 1; ; attempt++) {
      const file = join(this.folder, attempt === 1 ? name : `${stem}-${attempt}.ts`);
      if (!this.files.has(file) && !existsSync(file)) {
        this.files.add(file);
        return file;
      }
    }
  }
}

/** How a cell is called: by V8, and by its user. */
interface CellFile {
  file: string;
  name: string;
}

/** Node's own types where the project does not bring them and does not say which types it wants. */
function nodeTypes(ts: TypeScript, { check }: SessionOptions, folder: string): string[] {
  const host = { ...ts.sys, getCurrentDirectory: () => folder };
  const found = ts.resolveTypeReferenceDirective(
    "node",
    join(folder, "noop.ts"),
    check,
    host,
  ).resolvedTypeReferenceDirective;
  if (found || check.types) {
    return [];
  }
  try {
    return [createRequire(__filename).resolve("@types/node/index.d.ts")];
  } catch {
    return [];
  }
}
