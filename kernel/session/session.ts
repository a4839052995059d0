import { existsSync } from "node:fs";
import { join, sep } from "node:path";
import { CellNames } from "./compile/cellNames";
import { CellCompiler, type CompileOptions } from "./compile/compiler";
import { type Completeness, judgeCompleteness } from "./compile/completeness";
import { TypeScriptError } from "./compile/diagnostics";
import { EMISSION, withoutShebang } from "./compile/emit";
import { EmitCache } from "./compile/emitCache";
import { putPlainly } from "./compile/engineMessages";
import { FunctionTexts } from "./compile/functionTexts";
import { nodeTypes } from "./compile/nodeTypes";
import { readOptions, type SessionOptions } from "./compile/options";
import { Scope } from "./compile/scope";
import { findTypeScript, loadTypeScript, type TypeScript } from "./compile/typescript";
import { type BuiltInModule, Workspace } from "./compile/workspace";
import { withAdvice } from "./help/advice";
import { type Completion, completeAt } from "./help/completion";
import { type Inspection, inspectAt } from "./help/inspection";
import { ModuleLoader } from "./run/loader";
import { packageRoot } from "./run/packageRoot";
import { type NamedCell, RunningCells } from "./run/runningCells";
import { type CellRuntime, plainRuntime } from "./run/runtime";
import { StackMapper } from "./run/stack";

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
  readonly texts: FunctionTexts;
  readonly emitCache: EmitCache;
  private readonly workspace: Workspace;
  private readonly scope: Scope;
  private readonly compiler: CellCompiler;
  private readonly names = new CellNames();
  private readonly loader: ModuleLoader;
  private readonly cells: RunningCells;
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
      JSON.stringify([this.ts.version, this.options.emit, EMISSION]),
    );
    this.scope = new Scope(this.workspace);
    this.compiler = new CellCompiler(
      this.ts,
      this.options,
      this.workspace,
      this.scope,
      this.folder,
      this.names,
    );
    const root = packageRoot();
    this.stacks = new StackMapper(this.folder, (file) =>
      ["session", "process", "display", "dist", "bin"].some((part) =>
        file.startsWith(join(root, part, sep)),
      ),
    );
    this.texts = new FunctionTexts(this.ts, this.options.emit);
    this.loader = new ModuleLoader(
      this.ts,
      this.options,
      this.workspace,
      this.stacks,
      this.folder,
      settings.runtime ?? plainRuntime,
      this.emitCache,
      this.texts,
    );
    this.cells = new RunningCells(this.loader);
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
  ): NamedCell {
    const file = this.freeFile(name);
    try {
      const cell = this.compiler.compile(withoutShebang(code), name, file, options);
      this.compiled++;
      return { ...cell, file, name };
    } catch (error) {
      throw error instanceof TypeScriptError
        ? new TypeScriptError(withAdvice(this.ts, code, name, error.diagnostics))
        : error;
    }
  }

  /**
   * Loads what a compiled cell imports, and runs it. Whether it ends or throws, what it has
   * declared by then belongs to the session.
   *
   * @throws whatever the code throws
   */
  async run(cell: NamedCell, runtime: CellRuntime = plainRuntime): Promise<CellResult> {
    this.stacks.add(cell.file, cell.source, cell.name);
    this.texts.add(cell.file, cell.javascript, cell.source.original);
    let finished = false;
    try {
      const value = await this.cells.run(cell, runtime);
      finished = true;
      return { hasValue: cell.hasValue, value };
    } catch (error) {
      putPlainly(error);
      throw error;
    } finally {
      this.commit(cell, finished);
    }
  }

  /**
   * Does beforehand, a step at a time, what the first cells would otherwise have to wait for. Cells
   * may come in between; leaving steps out costs nothing.
   *
   * @param expected gives code that will perhaps be run: what it imports is read
   */
  *warmUp(expected = () => ""): Generator<void, void> {
    this.compiler.compile("1 + 1", "cell.ts", join(this.folder, "cell.ts"));
    yield;
    yield* this.workspace.prepare();
    this.workspace.complete();
    this.workspace.program();
    yield;
    this.complete("console.", "console.".length);
    yield;
    yield* this.workspace.prepareImports(expected());
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
    const placed = this.compiler.place(withoutShebang(code), { everyName: true });
    return completeAt(this.workspace.service, placed, code, offset);
  }

  /** What is known about the name at, or the call around, an offset of a cell. */
  inspect(code: string, offset: number): Inspection | undefined {
    this.workspace.complete();
    const placed = this.compiler.place(withoutShebang(code));
    const found = inspectAt(this.ts, this.workspace, placed, code, offset);
    return found && { ...found, code: this.names.inText(found.code) };
  }

  /** Is a text a whole cell, or does it want more lines? */
  isComplete(code: string): Completeness {
    return judgeCompleteness(this.ts, code);
  }

  /** Of a cell that threw, only what it got as far as initialising becomes a name. */
  private commit(cell: NamedCell, finished: boolean): void {
    const dropped = this.scope.commit(
      cell.number,
      cell,
      (declaration) =>
        this.cells.hasGiven(cell, declaration) ||
        (!declaration.imported && (finished || declaration.hoisted)),
    );
    for (const number of dropped) {
      this.cells.drop(number);
    }
    for (const { name, imported, meanings } of cell.topLevel.declarations.values()) {
      if (imported && meanings.value && !this.asked.has(imported.specifier)) {
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
