import type { StaleCell } from "./cellBook";
import { CellCompiler } from "./compile/compiler";
import { CellNames, TypeScriptError } from "./compile/diagnostics";
import { Elements } from "./compile/elements";
import { Installation } from "./compile/installation";
import { FLAG_GETTER } from "./compile/instrument";
import type { CompileOptions } from "./compile/linking";
import { platformTypes, readOptions } from "./compile/options";
import { type Completeness, withoutShebang } from "./compile/parse";
import type { BuiltInModule } from "./compile/resolution";
import { Scope } from "./compile/scope";
import { Workspace } from "./compile/workspace";
import { DebugSession } from "./debug/debugSession";
import { withAdvice } from "./help/advice";
import { type Completion, completeAt } from "./help/completion";
import { type Inspection, inspectAt } from "./help/inspection";
import { completeByValue } from "./help/liveValues";
import type { SessionHost, TypeScript } from "./host";
import type { Place } from "./run/frames";
import { FunctionTexts } from "./run/functionTexts";
import { ModuleLoader } from "./run/loader";
import { type NamedCell, RunningCells } from "./run/runningCells";
import { type CellRuntime, plainRuntime } from "./run/runtime";
import { StackMapper } from "./run/stack";
import { StaleCells } from "./staleCells";

export interface SessionSettings {
  /** The program that the session runs in. */
  host: SessionHost;
  /** Where cells are, as far as imports and tsconfig.json go. Default: the host's folder. */
  folder?: string;
  /** Default: what the host loads, which is the project's own where it has one. */
  typescript?: TypeScript;
  /** Modules that the application answers, whether or not they are installed. */
  modules?: Map<string, BuiltInModule>;
  /** Declaration files of the globals that the application defines. */
  globals?: string[];
  /** Serves the user's modules. Default: one that lets code run as it is. */
  runtime?: CellRuntime;
}

/** Which cell of the notebook a text is. */
export interface CellOptions {
  id?: string;
  unlisted?: boolean;
}

/** What a cell's last expression gave. */
export interface CellResult {
  hasValue: boolean;
  value: unknown;
}

/**
 * A TypeScript session: cells that are checked, emitted and run one after the other, each a module
 * of its own, sharing what they declare. It knows nothing of Jupyter, nor of Node.js: all that it
 * needs of the program that it runs in is its {@link SessionHost}. `import { Session } from
 * "karenina-kernel"` gives one whose host is Node.js by default:
 *
 * ```ts
 * const session = new Session();
 * await session.execute("const x: number = 20");
 * (await session.execute("x + 1")).value; // 21
 * ```
 */
export class Session {
  readonly folder: string;
  private readonly host: SessionHost;
  private readonly ts: TypeScript;
  private readonly stacks: StackMapper;
  private readonly texts: FunctionTexts;
  private readonly workspace: Workspace;
  private readonly scope: Scope;
  private readonly compiler: CellCompiler;
  private readonly names = new CellNames();
  private readonly cells: RunningCells;
  private readonly loader: ModuleLoader;
  private readonly ran: StaleCells;
  private readonly installation: Installation;
  /** Does the project have JSX? */
  private readonly elements: boolean;
  private readonly files = new Set<string>();
  private compiled = 0;
  /** A name that was imported from a module whose types nobody has asked about yet. */
  private unasked: string | undefined;
  private readonly asked = new Set<string>();

  constructor(settings: SessionSettings) {
    const { host, folder = host.folder } = settings;
    const { paths } = host;
    this.folder = folder;
    this.host = host;
    const ts = settings.typescript ?? host.loadTypeScript(folder);
    this.ts = ts;
    const options = readOptions(ts, folder, paths);
    const nameOf = (file: string) => paths.relative(folder, file);
    this.workspace = new Workspace(
      ts,
      options,
      folder,
      host,
      [
        ...(settings.globals ?? []),
        ...options.ambientFiles,
        ...platformTypes(ts, options, folder, host),
      ],
      settings.modules ?? new Map(),
    );
    this.scope = new Scope(this.workspace);
    this.compiler = new CellCompiler(ts, options, this.workspace, this.scope, nameOf, this.names);
    this.ran = new StaleCells((text, name) => this.compiler.recheck(text, name));
    this.stacks = new StackMapper(folder, host);
    this.texts = new FunctionTexts(ts, options.emit);
    this.loader = new ModuleLoader({
      ts,
      host,
      options,
      resolution: this.workspace.resolution,
      stacks: this.stacks,
      texts: this.texts,
      nameOf,
      runtime: settings.runtime ?? plainRuntime,
    });
    this.elements = new Elements(ts, options.check).allowed;
    this.installation = new Installation(folder, host);
    this.cells = new RunningCells(host, this.loader, this.installation);
  }

  /**
   * Has this thread show stacks of errors, and the texts of functions, in terms of what the user
   * wrote, whoever asks for them. The session that was installed last is the one that does.
   */
  install(): void {
    this.stacks.install();
    this.texts.install();
  }

  /**
   * Checks and emits a cell. Nothing of it has run then.
   *
   * @param name how its errors call it, as in `cell-12.ts`
   * @param options `everyLoop`: every loop can be ended by the runtime's flag, at some cost; `id`:
   *   what the front end calls the cell; `unlisted`: it is none of the notebook's
   * @throws TypeScriptError with everything that is wrong
   */
  compile(
    code: string,
    name = `cell-${this.compiled + 1}.ts`,
    options: CompileOptions & CellOptions = {},
  ): NamedCell {
    const file = this.freeFile(name);
    try {
      const cell = this.compiler.compile(withoutShebang(code), name, file, {
        flagRead: this.host.engine.flagOver && FLAG_GETTER,
        ...options,
      });
      this.compiled++;
      return { ...cell, file, name, id: options.id, unlisted: options.unlisted };
    } catch (error) {
      throw error instanceof TypeScriptError
        ? new TypeScriptError(
            withAdvice(this.ts, code, name, error.diagnostics, this.installation, this.elements),
          )
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
      this.stacks.putPlainly(error);
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
    this.compiler.compile("1 + 1", "cell.ts", this.host.paths.join(this.folder, "cell.ts"));
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
    const text = this.compiler.read(withoutShebang(code));
    const placed = this.compiler.places.place(text.code, { everyName: true });
    if (text.commands.some(({ start, end }) => start < offset && offset <= end)) {
      return { matches: [], start: offset, end: offset };
    }
    const found = completeAt(this.workspace.service, placed, code, offset);
    return found.matches.length > 0
      ? found
      : completeByValue(code, offset, (name) => this.valueOf(name));
  }

  /** What is known about the name at, or the call around, an offset of a cell. */
  inspect(code: string, offset: number): Inspection | undefined {
    this.workspace.complete();
    const placed = this.compiler.places.place(this.compiler.read(withoutShebang(code)).code);
    const found = inspectAt(this.ts, this.workspace, placed, code, offset);
    return found && { ...found, code: this.names.inText(found.code) };
  }

  /** Is a text a whole cell, or does it want more lines? */
  isComplete(code: string): Completeness {
    return this.compiler.judge(code);
  }

  /** Looks at errors with stacks mapped, whatever code has made of that in the meantime. */
  whileMapping<T>(look: () => T): T {
    return this.stacks.during(look);
  }

  /** A stack in terms of what the user wrote, if it is not so yet. */
  mapStack(stack: string): string {
    return this.stacks.mapStack(stack);
  }

  /** The innermost place of a mapped stack that lies in a text that the user wrote. */
  placeOf(stack: string): Place | undefined {
    return this.stacks.firstPlace(stack);
  }

  /** The path of the file that a place is in, whether or not there is such a file. */
  pathOf({ name }: Place): string {
    return this.host.paths.join(this.folder, name);
  }

  /** What a debugger asks of the session. */
  debug(): DebugSession {
    const { ts, stacks, scope, cells, loader, compiler, workspace } = this;
    return new DebugSession({ ts, stacks, scope, cells, loader, compiler, workspace });
  }

  /** Removes what has been kept of modules for too long, at a time when nobody waits. */
  tidy(): void {
    this.host.kept.prune();
  }

  /** The cells whose inputs have changed since they ran, each behind those that it depends on. */
  stale(): StaleCell[] {
    return this.ran.list();
  }

  /** The stale cells that a front end has named, by its ids, each with the names that have changed. */
  staleById(): Record<string, string[]> {
    return this.ran.byId();
  }

  /** Runs the stale cells again: see {@link StaleCells.rerun}. */
  async runStale(run: Parameters<StaleCells["rerun"]>[0]): Promise<void> {
    await this.ran.rerun(run);
  }

  /** A line for each earlier cell that no longer fits what a cell, which has run, has declared. */
  misfits(cell: NamedCell): string[] {
    return this.ran.misfits(cell);
  }

  /** What a name stands for at the moment: one of the session, or a global one. */
  private valueOf(name: string): unknown {
    return this.scope.find(name) ? this.cells.valueOf(name) : Reflect.get(globalThis, name);
  }

  /** Of a cell that threw, only what it got as far as initialising becomes a name. */
  private commit(cell: NamedCell, finished: boolean): void {
    const exists = this.cells.settle(cell, finished);
    this.cells.forget(this.scope.commit(cell.number, cell, exists));
    this.ran.enter(cell, exists);
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
      const own = attempt === 1 ? name : `${stem}-${attempt}.ts`;
      const file = this.host.paths.join(this.folder, own);
      if (!this.files.has(file) && this.host.files.status(file) === undefined) {
        this.files.add(file);
        return file;
      }
    }
  }
}
