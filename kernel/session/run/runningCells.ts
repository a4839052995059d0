import type { CompiledCell } from "../compile/compiler";
import type { Declaration } from "../compile/declaration";
import type { Installation } from "../compile/installation";
import { RUNTIME_NAME } from "../compile/instrument";
import type { Require, SessionHost } from "../host";
import { runCommand } from "./commands";
import type { ModuleLoader } from "./loader";
import { measure } from "./measure";
import { Declaring, Places, type PlacesOfCell } from "./places";
import type { CellRuntime } from "./runtime";

/** A compiled cell and how it is called: by V8, and by its user. */
export interface NamedCell extends CompiledCell {
  file: string;
  name: string;
  /** What the front end calls the cell of the notebook. */
  id?: string;
  /** Is it none of the notebook's? */
  unlisted?: boolean;
}

/** A cell that runs. */
interface RunningCell {
  declaring: Declaring;
  /** What its own imports gave, by specifier. */
  loaded: Map<string, unknown>;
  /** Has it given a result? */
  given: boolean;
}

/** Runs cells, which find each other's values by the names of the session. */
export class RunningCells {
  private readonly cells = new Map<number, RunningCell>();
  private readonly places = new Places();

  constructor(
    private readonly host: SessionHost,
    private readonly loader: ModuleLoader,
    private readonly installation: Installation,
  ) {}

  get size(): number {
    return this.cells.size;
  }

  /**
   * Loads what a cell imports, and runs it.
   * @returns the value of its last expression
   */
  async run(cell: NamedCell, runtime: CellRuntime): Promise<unknown> {
    const declaring = new Declaring(this.places);
    const running: RunningCell = { declaring, loaded: new Map(), given: false };
    this.cells.set(cell.number, running);
    const hooks: CellRuntime & { value?: unknown } = this.loader.runtimeFor(cell.file, runtime);
    Object.assign(hooks, {
      at: (name: string) => declaring.at(name),
      share: (accessors: object) => declaring.share(accessors),
      earlier: (name: string, error: unknown) => declaring.earlier(name, error),
      setEarlier: (name: string, value: unknown, error: unknown) =>
        declaring.setEarlier(name, value, error),
    } satisfies PlacesOfCell);
    Object.assign(hooks, {
      command: (text: string) => runCommand(this.host, text, runtime),
      measure: (asynchronous: boolean, code: () => unknown) => measure(code, asynchronous, runtime),
    });
    const exports = {};
    const execute = async () => {
      for (const specifier of cell.imports) {
        running.loaded.set(specifier, await this.import(specifier, cell.file));
      }
      const code = this.load(cell);
      await runtime.start(() =>
        code.call(
          this.loader.helpersOn(exports),
          exports,
          this.requireIn(cell, running),
          hooks,
          { exports },
          cell.file,
          this.host.paths.dirname(cell.file),
        ),
      );
    };
    await runtime.settle(execute());
    const value = await apart(hooks.value);
    if (value !== undefined) {
      running.given = true;
      for (const name of cell.results) {
        this.places.lead(name, { get: () => value, configurable: true });
      }
    }
    return value;
  }

  /**
   * Ends the declaring of names: those that the cell did not get as far as giving a value go back
   * to who had them before.
   *
   * @param finished has the cell run to its end?
   * @returns whether it declared a name
   */
  settle(cell: CompiledCell, finished: boolean): (declaration: Declaration) => boolean {
    const running = this.cells.get(cell.number);
    this.cells.delete(cell.number);
    const given = new Set<string>();
    const missed: string[] = [];
    for (const declared of cell.topLevel.declarations.values()) {
      if (this.hasGiven(cell, running, declared, finished)) {
        given.add(declared.name);
      } else {
        missed.push(declared.name);
      }
    }
    running?.declaring.giveBack(missed);
    return ({ name }) => given.has(name);
  }

  /** Lets go of what names stood for. */
  forget(names: Iterable<string>): void {
    this.places.forget(names);
  }

  private hasGiven(
    cell: CompiledCell,
    running: RunningCell | undefined,
    { name, imported, hoisted, result }: Declaration,
    finished: boolean,
  ): boolean {
    if (result) {
      return running?.given === true;
    }
    if (imported) {
      const { specifier } = imported;
      return running?.loaded.has(specifier) || !cell.imports.includes(specifier);
    }
    return finished || hoisted || running?.declaring.hasGiven(name) === true;
  }

  /** What a name of the session stands for at the moment. */
  valueOf(name: string): unknown {
    return this.places.accessorOf(name)?.get?.call(undefined);
  }

  /** The names that have values at the moment, those of a cell that runs among them. */
  names(): string[] {
    return this.places.names();
  }

  /** Gives a name of the session a value, as an assignment does: it throws for constants. */
  assign(name: string, value: unknown): void {
    Reflect.set(this.places.at(name), name, value);
  }

  /** Declares a variable that no cell's code declares. */
  declare(name: string, value: unknown): void {
    let held = value;
    this.places.lead(name, {
      get: () => held,
      set(next) {
        held = next;
      },
      configurable: true,
    });
  }

  /** @throws what importing throws; of a package that is missing, with how to install it */
  private async import(specifier: string, from: string): Promise<unknown> {
    try {
      return await this.loader.import(specifier, from);
    } catch (error) {
      const advice = isMissing(error, specifier) && this.installation.adviceFor(specifier);
      if (advice) {
        const [what] = error.message.split("\n", 1);
        error.stack = error.stack?.replace(error.message, `${what}\n${advice}`);
        error.message = `${what}\n${advice}`;
      }
      throw error;
    }
  }

  private load(cell: NamedCell): (...values: unknown[]) => Promise<void> {
    const parameters = ["exports", "require", RUNTIME_NAME];
    // A cell may call its own things `module`.
    for (const name of ["module", "__filename", "__dirname"]) {
      parameters.push(cell.topLevel.declarations.has(name) ? `__${name}` : name);
    }
    const { javascript, file } = cell;
    const code = this.host.engine.compile(javascript, parameters, { file, async: true });
    return code as () => Promise<void>;
  }

  private requireIn({ file }: NamedCell, { loaded }: RunningCell): Require {
    const native = this.loader.requireFrom(file);
    const require = (specifier: string): unknown =>
      loaded.has(specifier) ? loaded.get(specifier) : native(specifier);
    return Object.assign(require, native);
  }
}

/** Is an error that of a module which is not there, and not of one that this module imports? */
function isMissing(error: unknown, specifier: string): error is Error {
  const { code, message } = Object(error) as { code?: unknown; message?: unknown };
  return (
    /^(?:ERR_)?MODULE_NOT_FOUND$/.test(String(code)) &&
    /^Cannot find (?:module|package) '([^']*)'/.exec(String(message))?.[1] === specifier
  );
}

/**
 * Waits for a promise by functions that V8 does not follow: otherwise the stacks of errors which are
 * made behind it end in the machinery that waits.
 */
function apart(value: unknown): unknown {
  return value instanceof Promise
    ? new Promise((resolve, reject) => {
        value.then(
          (result) => resolve(result),
          (error) => reject(error),
        );
      })
    : value;
}
