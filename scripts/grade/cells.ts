import { join } from "node:path";
import { nodeHost } from "../../kernel/node/host";
import { CellCompiler, type CompiledCell } from "../../kernel/session/compile/compiler";
import { CellNames } from "../../kernel/session/compile/diagnostics";
import {
  platformTypes,
  readOptions,
  type SessionOptions,
} from "../../kernel/session/compile/options";
import { Scope } from "../../kernel/session/compile/scope";
import { Workspace } from "../../kernel/session/compile/workspace";
import type { SessionHost, TypeScript } from "../../kernel/session/host";
import type { CellToRun } from "./channel";

const ROOT = join(__dirname, "../..");

/**
 * The kernel's compiler, in a process that runs nothing of what it compiles, and that stays: the first
 * notebook costs seconds, those after it little. It checks types, as the kernel does: a cell with an
 * error is not run.
 */
export class CellsCompiler {
  private readonly host: SessionHost = nodeHost();
  private readonly ts: TypeScript;
  private readonly options: SessionOptions;
  private readonly workspace: Workspace;

  /** @param folder see {@link Packages.types} */
  constructor(folder: string) {
    const notebooks = join(folder, "notebooks");
    this.ts = this.host.loadTypeScript(ROOT);
    this.options = readOptions(this.ts, notebooks, this.host.paths);
    const types = [
      join(ROOT, "kernel/types/globals.d.ts"),
      join(folder, "always.d.ts"),
      ...platformTypes(this.ts, this.options, notebooks, this.host),
    ];
    this.workspace = new Workspace(this.ts, this.options, notebooks, this.host, types, new Map());
    this.workspace.complete();
  }

  /**
   * The cells of one notebook. The notebook before has to be done with.
   *
   * @param codes their texts, in order; an empty one is left out
   * @param run the folder in which they will run: see {@link Packages.run}
   */
  begin(codes: readonly string[], run: string): NotebookCells {
    const { ts, options, workspace } = this;
    const newCompiler = (write: (file: string, text: string) => void) => {
      const texts = { resolution: workspace.resolution, setText: write };
      const scope = new Scope(texts, { keepsAll: true });
      const nameOf = (file: string) => file;
      const compiler = new CellCompiler(ts, options, workspace, scope, nameOf, new CellNames());
      return { compiler, scope };
    };
    return new NotebookCells(
      codes.map((code) => code.replace(/^#!.*/, "")),
      join(run, "notebooks"),
      // What cells see of each other was written when they were placed.
      newCompiler(() => {}),
      (done) => {
        const kept = new Set(done.map((number) => workspace.resolution.cellFile(number)));
        return newCompiler((file, text) => {
          // A scope begins by emptying all cells.
          if (!kept.has(file)) {
            workspace.setText(file, text);
          }
        });
      },
    );
  }
}

interface Compiling {
  compiler: CellCompiler;
  scope: Scope;
}

/**
 * The cells of one notebook, which see what the earlier ones have declared.
 *
 * A program of the compiler's takes a tenth of a second, and a new one is needed whenever a text changes.
 * So all cells are put into their places beforehand, as if each of them gave values to all its names. Where
 * one does not, those after it are placed again.
 */
export class NotebookCells {
  /** The cells that have run, and the names that they have given values to. */
  private readonly done: { compiled: CompiledCell; given: ReadonlySet<string> }[] = [];
  private arePlaced = false;

  constructor(
    private readonly codes: readonly string[],
    private readonly folder: string,
    private readonly own: Compiling,
    /** For texts behind those that have run; it leaves the cells with these numbers as they are. */
    private readonly ahead: (done: readonly number[]) => Compiling,
  ) {}

  /**
   * Checks and emits a cell.
   *
   * @param index its place among the notebook's code cells, from 0; no cell before an earlier one
   * @throws TypeScriptError with all that is wrong
   */
  compile(index: number): { compiled: CompiledCell; cell: CellToRun } {
    if (!this.arePlaced) {
      this.place(index);
    }
    const name = nameOf(index);
    const file = join(this.folder, name);
    let compiled: CompiledCell;
    try {
      compiled = this.own.compiler.compile(this.codes[index], name, file);
    } catch (error) {
      this.arePlaced = false;
      throw error;
    }
    const { number, javascript, imports, results, hasValue, topLevel } = compiled;
    const declarations = [...topLevel.declarations.values()];
    const cell = { number, file, name, javascript, imports, results, hasValue, declarations };
    return { compiled, cell };
  }

  /** Takes over what a cell has declared: the names that it has given values to. */
  commit(compiled: CompiledCell, names: readonly string[]): void {
    const given = new Set(names);
    this.done.push({ compiled, given });
    this.own.scope.commit(compiled.number, compiled, ({ name }) => given.has(name));
    this.arePlaced &&= [...compiled.topLevel.declarations.keys()].every((name) => given.has(name));
  }

  private place(from: number): void {
    const { compiler, scope } = this.ahead(this.done.map(({ compiled }) => compiled.number));
    for (const { compiled, given } of this.done) {
      scope.commit(scope.reserve(), compiled, ({ name }) => given.has(name));
    }
    for (const [index, code] of this.codes.entries()) {
      if (index >= from && code !== "") {
        this.placeOne(compiler, scope, index);
      }
    }
    this.arePlaced = true;
  }

  private placeOne(compiler: CellCompiler, scope: Scope, index: number): void {
    try {
      const placed = compiler.placeAhead(this.codes[index], nameOf(index));
      scope.commit(scope.reserve(), placed, () => true);
    } catch {
      // Its turn will come, and with it its error.
    }
  }
}

const nameOf = (index: number) => `cell-${index + 1}.ts`;
