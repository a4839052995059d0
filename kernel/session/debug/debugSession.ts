import type ts from "typescript";
import type { CellCompiler } from "../compile/compiler";
import type { Declaration } from "../compile/declaration";
import { readImport } from "../compile/imports";
import type { Scope } from "../compile/scope";
import type { Workspace } from "../compile/workspace";
import type { TypeScript } from "../host";
import type { KnownSource } from "../run/frames";
import type { ModuleLoader } from "../run/loader";
import type { WrittenPlace } from "../run/mappedText";
import type { RunningCells } from "../run/runningCells";
import type { StackMapper } from "../run/stack";
import { codeLines, isCaughtAt, localNames, parseText, statementAt } from "./codeLines";
import { emitExpression } from "./expressions";

interface SessionParts {
  ts: TypeScript;
  stacks: StackMapper;
  scope: Scope;
  cells: RunningCells;
  loader: ModuleLoader;
  compiler: CellCompiler;
  workspace: Workspace;
}

/** Where names that are no variables of a frame are looked up. */
type ImportedName = NonNullable<Declaration["imported"]>;

/**
 * What a debugger has to know of a session: which texts run, where code in them can stop, what names
 * stand for and of which type they are. Nothing of it runs the user's code.
 */
export class DebugSession {
  /** The types that were asked for last. */
  private typed: { key: string; types: string[] } | undefined;
  private readonly texts = new WeakMap<KnownSource, ts.SourceFile>();
  private readonly imports = new WeakMap<KnownSource, Map<string, ImportedName>>();

  constructor(private readonly parts: SessionParts) {}

  /** The files that run: cells and the user's own modules. */
  files(): string[] {
    return this.parts.stacks.files();
  }

  source(file: string): KnownSource | undefined {
    return this.parts.stacks.find(file);
  }

  /**
   * Where in the user's text code stops that stops at a place, from 1, in what runs as `file`;
   * undefined at statements that nobody wrote.
   */
  stopAt(
    file: string,
    line: number,
    column: number,
  ): (WrittenPlace & { statement: number }) | undefined {
    const source = this.source(file);
    const place = source?.text.stopAt(line, column);
    return source && place
      ? { ...place, statement: statementAt(this.parts.ts, this.parsed(source), place.offset) }
      : undefined;
  }

  /** See {@link codeLines}. */
  codeLines(text: string): number[] {
    return codeLines(this.parts.ts, text);
  }

  /** See {@link isCaughtAt}; the place is one of running code. */
  isCaughtAt(file: string, line: number, column: number): boolean {
    const source = this.source(file);
    const place = source?.text.stopAt(line, column);
    return source && place ? isCaughtAt(this.parts.ts, this.parsed(source), place.offset) : false;
  }

  /** The names that have values, those of a cell that runs last; those of results are left out. */
  names(): string[] {
    const { scope, cells } = this.parts;
    const known = scope.list().filter((name) => scope.find(name) !== undefined);
    return [...new Set([...known, ...cells.names()])].filter((name) => !scope.find(name)?.result);
  }

  /**
   * What a name stands for to code in a file.
   *
   * @throws ReferenceError where it has no value yet
   */
  valueOf(name: string, file?: string): unknown {
    const module = file === undefined ? undefined : this.moduleAt(file);
    if (!module || file === undefined) {
      return this.parts.cells.valueOf(name);
    }
    const { imported, exports } = module;
    const from = imported.get(name);
    return from
      ? this.parts.loader.imported(file, from.specifier, from.name)
      : Reflect.get(Object(exports), name);
  }

  /** @throws TypeError for constants and imports, as an assignment does */
  assign(name: string, value: unknown, file?: string): void {
    const module = file === undefined ? undefined : this.moduleAt(file);
    if (!module) {
      this.parts.cells.assign(name, value);
    } else if (module.imported.has(name)) {
      throw new TypeError("Assignment to constant variable.");
    } else {
      Reflect.set(Object(module.exports), name, value);
    }
  }

  /** Is a name looked up here, and not among a frame's variables? */
  isName(name: string, file?: string): boolean {
    const module = file === undefined ? undefined : this.moduleAt(file);
    if (!module) {
      return this.parts.cells.names().includes(name);
    }
    return module.imported.has(name) || Object.hasOwn(Object(module.exports), name);
  }

  /** The names that one of the user's modules imports and exports. */
  moduleNames(file: string): string[] {
    const module = this.moduleAt(file);
    return module ? [...module.imported.keys(), ...Object.keys(Object(module.exports))] : [];
  }

  /** The types of names of the session, as TypeScript writes them. */
  types(names: readonly string[]): string[] {
    const { compiler, scope, workspace, ts } = this.parts;
    const key = `${scope.version} ${names.join()}`;
    if (this.typed?.key === key) {
      return this.typed.types;
    }
    workspace.complete();
    const placed = compiler.places.place(names.map((name) => `${name};`).join("\n"));
    const program = workspace.program();
    const checker = program.getTypeChecker();
    const types = new Map<string, string>();
    for (const statement of program.getSourceFile(placed.file)?.statements ?? []) {
      if (ts.isExpressionStatement(statement) && ts.isIdentifier(statement.expression)) {
        const type = checker.getTypeAtLocation(statement.expression);
        types.set(statement.expression.text, checker.typeToString(type));
      }
    }
    this.typed = { key, types: names.map((name) => types.get(name) ?? "any") };
    return this.typed.types;
  }

  /**
   * Declares a variable, in place of what has the name. Its type is a name's of the session, or what
   * is given; `any` where that does not make sense.
   */
  declare(name: string, value: unknown, type: string): void {
    const { cells, compiler, scope } = this.parts;
    const compile = (written: string) =>
      compiler.compile(`let ${name}: ${written} = undefined as any;`, "copied.ts", "copied.ts");
    let cell: ReturnType<typeof compile>;
    try {
      cell = compile(type);
    } catch {
      cell = compile("any");
    }
    cells.declare(name, value);
    cells.forget(scope.commit(cell.number, cell, () => true));
  }

  /**
   * What somebody types into a debugger, as JavaScript for the engine.
   *
   * @param where `file`: the text that the frame is in; `locals`: the frame's variables; `names`:
   *   JavaScript for the object on which {@link isName names} are found
   * @throws SyntaxError where it is no TypeScript
   */
  expression(
    code: string,
    { file, locals, names }: { file?: string; locals: ReadonlySet<string>; names: string },
  ): string {
    return emitExpression(this.parts.ts, {
      code,
      names,
      isSessionName: (name) => !locals.has(name) && this.isName(name, file),
    });
  }

  /** The variables that code at a place of a text sees and that are no names of the session. */
  localNames(file: string, offset: number): Set<string> {
    const source = this.source(file);
    return source ? localNames(this.parts.ts, this.parsed(source), offset) : new Set();
  }

  private parsed(source: KnownSource): ts.SourceFile {
    let parsed = this.texts.get(source);
    if (!parsed) {
      parsed = parseText(this.parts.ts, source.source.original);
      this.texts.set(source, parsed);
    }
    return parsed;
  }

  private moduleAt(file: string) {
    const source = this.source(file);
    if (!source || source.isCell) {
      return undefined;
    }
    let imported = this.imports.get(source);
    if (!imported) {
      imported = new Map();
      const { ts } = this.parts;
      for (const statement of this.parsed(source).statements.filter(ts.isImportDeclaration)) {
        readImport(ts, statement, [], ({ name, imported: from, meanings }) => {
          if (from && meanings.value) {
            imported?.set(name, from);
          }
        });
      }
      this.imports.set(source, imported);
    }
    return { imported, exports: this.parts.loader.exportsOf(file) };
  }
}
