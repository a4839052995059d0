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
   * The cells of one notebook, from the first on. The notebook before has to be done with.
   *
   * @param run the folder in which they will run: see {@link Packages.run}
   */
  begin(run: string): NotebookCells {
    const names = new CellNames();
    const scope = new Scope(this.workspace);
    const { ts, options, workspace } = this;
    const compiler = new CellCompiler(ts, options, workspace, scope, (file) => file, names);
    return new NotebookCells(compiler, scope, join(run, "notebooks"));
  }
}

/** The cells of one notebook, which see what the earlier ones have declared. */
export class NotebookCells {
  constructor(
    private readonly compiler: CellCompiler,
    private readonly scope: Scope,
    private readonly folder: string,
  ) {}

  /**
   * Checks and emits a cell.
   *
   * @param index its place among the notebook's code cells, from 0
   * @throws TypeScriptError with all that is wrong
   */
  compile(code: string, index: number): { compiled: CompiledCell; cell: CellToRun } {
    const name = `cell-${index + 1}.ts`;
    const file = join(this.folder, name);
    const compiled = this.compiler.compile(code.replace(/^#!.*/, ""), name, file);
    const { number, javascript, imports, results, hasValue, topLevel } = compiled;
    const declarations = [...topLevel.declarations.values()];
    const cell = { number, file, name, javascript, imports, results, hasValue, declarations };
    return { compiled, cell };
  }

  /** Takes over what a cell has declared: the names that it has given values to. */
  commit(compiled: CompiledCell, given: readonly string[]): void {
    const names = new Set(given);
    this.scope.commit(compiled.number, compiled, ({ name }) => names.has(name));
  }
}
