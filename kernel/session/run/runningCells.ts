import type { CompiledCell } from "../compile/compiler";
import type { Declaration } from "../compile/declaration";
import type { Installation } from "../compile/installation";
import { RUNTIME_NAME } from "../compile/instrument";
import type { Require, SessionHost } from "../host";
import { runCommand } from "./commands";
import type { ModuleLoader } from "./loader";
import { measure } from "./measure";
import type { CellRuntime } from "./runtime";

/** A compiled cell and how it is called: by V8, and by its user. */
export interface NamedCell extends CompiledCell {
  file: string;
  name: string;
}

/** The values of a cell that runs or has run. */
interface RunningCell {
  /** Its variables by name, as they are at any moment. */
  names: object;
  /** What its own imports gave, by specifier. */
  loaded: Map<string, unknown>;
}

/** Runs cells and keeps their values for as long as a name leads to them. */
export class RunningCells {
  private readonly cells = new Map<number, RunningCell>();

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
    const running: RunningCell = { names: {}, loaded: new Map() };
    this.cells.set(cell.number, running);
    const hooks: CellRuntime & { value?: unknown } = this.loader.runtimeFor(cell.file, runtime);
    const share = (names: object) => {
      running.names = names;
    };
    const command = (text: string) => runCommand(this.host, text, runtime);
    const measured = (asynchronous: boolean, code: () => unknown) =>
      measure(code, asynchronous, runtime);
    Object.assign(hooks, { share, command, measure: measured });
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
      for (const name of cell.results) {
        Object.defineProperty(running.names, name, { value });
      }
    }
    return value;
  }

  /** Has a cell, which may have thrown, got as far as giving a name its value? */
  hasGiven(cell: CompiledCell, { name, imported }: Declaration): boolean {
    const running = this.cells.get(cell.number);
    if (imported) {
      const { specifier } = imported;
      return running?.loaded.has(specifier) || !cell.imports.includes(specifier);
    }
    try {
      return running !== undefined && Reflect.get(running.names, name) !== undefined;
    } catch {
      // Declared further down than the cell got.
      return false;
    }
  }

  /** What a name of a cell's stands for at the moment. */
  valueOf(cell: number, { name, imported }: Declaration): unknown {
    const running = this.cells.get(cell);
    if (!imported) {
      return running && Reflect.get(running.names, name);
    }
    const module = running?.loaded.get(imported.specifier);
    return imported.name === "*" ? module : Reflect.get(Object(module), imported.name);
  }

  /** Lets go of a cell's values. */
  drop(number: number): void {
    this.cells.delete(number);
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
    const require = (specifier: string): unknown => {
      const [, number, module] = /^cell:(\d+)(?::(.*))?$/s.exec(specifier) ?? [];
      if (number === undefined) {
        return loaded.has(specifier) ? loaded.get(specifier) : native(specifier);
      }
      const cell = this.cells.get(Number(number));
      return module === undefined ? cell?.names : cell?.loaded.get(module);
    };
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
