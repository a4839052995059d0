import type ts from "typescript";
import { readTopLevel, type TopLevel } from "./declarations";
import {
  type CellDiagnostic,
  IGNORED_CODES,
  MISSING_MODULE_CODES,
  TypeScriptError,
  toCellDiagnostic,
} from "./diagnostics";
import { type EditedText, Edits } from "./edits";
import { type Emitted, emitCommonJs } from "./emit";
import { instrument, keepLastValue } from "./instrument";
import type { SessionOptions } from "./options";
import type { Scope } from "./scope";
import { isPackaged } from "./sources";
import type { TypeScript } from "./typescript";
import { valueImports } from "./value-imports";
import { SESSION_MODULE, type Workspace } from "./workspace";

/** A cell that was found free of errors. */
export interface CompiledCell extends Emitted {
  /** Counts all cells of a session; not what the user sees. */
  number: number;
  topLevel: TopLevel;
  /** The modules to load before it runs: all it imports but those that give types only. */
  imports: string[];
  /** Is its last statement an expression? */
  hasValue: boolean;
  /** The earlier cells that it uses names of. */
  uses: Set<number>;
}

interface PlaceOptions {
  everyName?: boolean;
  assigned?: Set<string>;
}

export interface CompileOptions {
  everyLoop?: boolean;
}

/** A cell's text as the type checker and the editor's help see it. */
export interface CheckedText extends EditedText {
  file: string;
  topLevel: TopLevel;
  uses: Set<number>;
}

/** Checks and emits cells, one after the other. */
export class CellCompiler {
  /** The user's own files that were found free of type errors, with the version that was. */
  private readonly clean = new Map<string, ts.SourceFile>();

  constructor(
    private readonly ts: TypeScript,
    private readonly options: SessionOptions,
    private readonly workspace: Workspace,
    private readonly scope: Scope,
    private readonly folder: string,
  ) {}

  /**
   * Puts a text into the place of the next cell, for checking or for the editor's help. Where the
   * text has syntax errors this does what it can.
   *
   * @param options `everyName`: let it see the names that it does not mention too, to complete
   *   them; `assigned`: see {@link Scope.checkHeader}
   */
  place(code: string, { everyName = false, assigned }: PlaceOptions = {}): CheckedText {
    const number = this.scope.nextNumber;
    const parsed = this.parse(code);
    const topLevel = readTopLevel(this.ts, parsed);
    const edits = new Edits();
    const unmarked = new Set(topLevel.evolving.map(({ position }) => position));
    for (const position of topLevel.exportPositions) {
      if (!unmarked.has(position)) {
        edits.open(position, "export ");
      }
    }
    const used = everyName ? this.scope.list() : identifiers(this.ts, parsed);
    const { header, uses } = this.scope.checkHeader(used, topLevel, assigned);
    // On a line of its own: a doc comment on the same line would count as the import's.
    const edited = edits.apply(code, `${header}\n`);
    const file = this.workspace.cellFile(number);
    this.workspace.setText(file, edited.text + this.scope.checkFooter(topLevel));
    return { ...edited, file, topLevel, uses };
  }

  /**
   * Checks a cell and emits it.
   *
   * @param code the cell's text
   * @param name how the user knows the cell, as in `cell-12.ts`
   * @param file the file name under which it runs
   * @param options `everyLoop`: see {@link instrument}
   * @throws TypeScriptError with all that is wrong in the cell, or in a file it imports
   */
  compile(code: string, name: string, file: string, options: CompileOptions = {}): CompiledCell {
    this.workspace.refresh();
    let placed = this.place(code);
    if (!this.workspace.isComplete && this.mayNeedAllTypes(code, placed)) {
      this.workspace.complete();
    }
    let found = this.diagnose(placed);
    if (found.some((diagnostic) => MISSING_MODULE_CODES.has(diagnostic.code))) {
      this.workspace.forgetMissing();
      found = this.diagnose(placed);
    }
    const assigned = this.assignedVariables(found, placed);
    if (assigned.size > 0) {
      placed = this.place(code, { assigned });
      found = this.diagnose(placed);
    }
    const errors = found.filter((diagnostic) => this.counts(diagnostic, placed));
    if (errors.length > 0) {
      throw new TypeScriptError(errors.map((error) => this.translate(error, placed, code, name)));
    }
    const program = this.workspace.program();
    const imports = valueImports(this.ts, program, program.getSourceFile(placed.file));
    const parsed = this.parse(code);
    const edits = new Edits();
    for (const position of placed.topLevel.exportPositions) {
      edits.open(position, "export ");
    }
    const hasValue = keepLastValue(this.ts, parsed, edits);
    instrument(this.ts, parsed, edits, options);
    const header = this.scope.emitHeader(identifiers(this.ts, parsed), placed.topLevel);
    const edited = edits.apply(code, header);
    return {
      ...emitCommonJs(this.ts, this.options.emit, {
        text: edited.text,
        original: code,
        file,
        toOriginal: edited.toOriginal,
      }),
      number: this.scope.reserve(),
      topLevel: placed.topLevel,
      uses: placed.uses,
      imports,
      hasValue,
    };
  }

  /**
   * While the program has only the standard library's types: does a cell import anything, or add to
   * the global scope, or has it errors that the other types may settle?
   */
  private mayNeedAllTypes(code: string, placed: CheckedText): boolean {
    const { importedFiles, referencedFiles, typeReferenceDirectives, libReferenceDirectives } =
      this.ts.preProcessFile(code, true, true);
    return (
      [importedFiles, referencedFiles, typeReferenceDirectives, libReferenceDirectives].some(
        (mentioned) => mentioned.length > 0,
      ) ||
      placed.topLevel.augments ||
      this.diagnose(placed).some((diagnostic) => this.counts(diagnostic, placed))
    );
  }

  private parse(code: string): ts.SourceFile {
    return this.ts.createSourceFile("cell.ts", code, this.ts.ScriptTarget.Latest, true);
  }

  private diagnose({ file, text }: CheckedText): ts.Diagnostic[] {
    const { service } = this.workspace;
    const syntactic = service.getSyntacticDiagnostics(file);
    if (syntactic.length > 0) {
      return syntactic;
    }
    const semantic = service.getSemanticDiagnostics(file);
    return [...withoutFooter(semantic, text), ...this.diagnoseModules(file)];
  }

  /**
   * Errors in the user's own files that a cell imports by path, checked once for each version of
   * them. What is imported by a package's name is left to that package, workspace or not.
   */
  private diagnoseModules(cell: string): ts.Diagnostic[] {
    const program = this.workspace.program();
    const seen = new Set<string>();
    const errors: ts.Diagnostic[] = [];
    const visit = (file: ts.SourceFile) => {
      for (const specifier of this.ts.preProcessFile(file.text, true, true).importedFiles) {
        const path = /^\.{0,2}\//.test(specifier.fileName)
          ? this.workspace.resolveSource(specifier.fileName, file.fileName)
          : undefined;
        const imported = path && !seen.has(path) ? program.getSourceFile(path) : undefined;
        if (!path || !imported || isPackaged(path) || !/\.[cm]?tsx?$/.test(path)) {
          continue;
        }
        seen.add(path);
        visit(imported);
        if (this.clean.get(path) !== imported) {
          const own = [
            ...program.getSyntacticDiagnostics(imported),
            ...program.getSemanticDiagnostics(imported),
          ].filter(
            ({ category, code }) =>
              category === this.ts.DiagnosticCategory.Error && !IGNORED_CODES.has(code),
          );
          errors.push(...own);
          if (own.length === 0) {
            this.clean.set(path, imported);
          }
        }
      }
    };
    const file = program.getSourceFile(cell);
    if (file) {
      visit(file);
    }
    return errors;
  }

  /** Is a diagnostic an error in a notebook? */
  private counts(diagnostic: ts.Diagnostic, { file, text, topLevel }: CheckedText): boolean {
    if (diagnostic.category !== this.ts.DiagnosticCategory.Error) {
      return false;
    }
    if (IGNORED_CODES.has(diagnostic.code)) {
      return false;
    }
    return !this.assignedVariable(diagnostic, { file, text, topLevel });
  }

  /** The variables of earlier cells that a cell assigns to. */
  private assignedVariables(found: ts.Diagnostic[], placed: CheckedText): Set<string> {
    return new Set(found.flatMap((diagnostic) => this.assignedVariable(diagnostic, placed) ?? []));
  }

  /** The variable of an earlier cell, which the checker takes for an import, that an error is about. */
  private assignedVariable(
    { code, file: source, start = 0, length = 0 }: ts.Diagnostic,
    { file, text, topLevel }: Pick<CheckedText, "file" | "text" | "topLevel">,
  ): string | undefined {
    if (code !== 2632 || source?.fileName !== file) {
      return undefined;
    }
    const name = text.slice(start, start + length);
    return !topLevel.declarations.has(name) && this.scope.find(name)?.mutable ? name : undefined;
  }

  private translate(
    diagnostic: ts.Diagnostic,
    placed: CheckedText,
    code: string,
    name: string,
  ): CellDiagnostic {
    const own = !diagnostic.file || diagnostic.file.fileName === placed.file;
    const result = toCellDiagnostic(
      this.ts,
      diagnostic,
      this.folder,
      own ? { name, text: code, toOriginal: placed.toOriginal } : undefined,
    );
    const constant = result.code === 2632 && own;
    return {
      ...result,
      code: constant ? 2588 : result.code,
      message: constant
        ? result.message.replace("it is an import", "it is a constant")
        : result.message.replaceAll(`"${SESSION_MODULE}"`, "an earlier cell"),
    };
  }
}

/** "Variable implicitly has type any in some locations", told of the variable's declaration. */
const IMPLICIT_SOMEWHERE = 7034;
/** "Variable implicitly has an any type", told of each such location. */
const IMPLICIT_HERE = 7005;

/** Leaves out what is wrong only with the footer of a cell's text; see {@link Scope.checkFooter}. */
function withoutFooter(found: ts.Diagnostic[], text: string): ts.Diagnostic[] {
  const within = found.filter(({ start = 0 }) => start < text.length);
  const nameAt = ({ start = 0, length = 0 }: ts.Diagnostic) => text.slice(start, start + length);
  const implicit = new Set(within.filter(({ code }) => code === IMPLICIT_HERE).map(nameAt));
  return within.filter((each) => each.code !== IMPLICIT_SOMEWHERE || implicit.has(nameAt(each)));
}

/** All identifiers in a text: an over-estimate of the earlier names that it uses. */
function identifiers(ts: TypeScript, file: ts.SourceFile): Set<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node) => {
    if (ts.isIdentifier(node)) {
      names.add(node.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return names;
}
