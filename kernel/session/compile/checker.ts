import type ts from "typescript";
import type { TypeScript } from "../host";
import type { TopLevel } from "./declarations";
import {
  type CellDiagnostic,
  type CellNames,
  IGNORED_CODES,
  toCellDiagnostic,
} from "./diagnostics";
import type { EditedText } from "./edits";
import type { Scope } from "./scope";
import { isPackaged } from "./sources";
import type { Workspace } from "./workspace";

/** A cell's text as the type checker and the editor's help see it. */
export interface CheckedText extends EditedText {
  file: string;
  /** The text as the user wrote it, parsed. */
  parsed: ts.SourceFile;
  /** Where the cell's own lines begin. */
  start: number;
  topLevel: TopLevel;
  uses: Set<number>;
}

/** "Cannot assign to" a name "because it is an import". */
const IMPORT_ASSIGNED = 2632;
/** The same of "a constant": a name of several cells is declared to the checker as one. */
const CONSTANT_ASSIGNED = 2588;

/** Finds out what is wrong in a cell, and says it in terms of what the user typed. */
export class CellChecker {
  /** The user's own files that were found free of type errors, with the version that was. */
  private readonly clean = new Map<string, ts.SourceFile>();

  constructor(
    private readonly ts: TypeScript,
    private readonly workspace: Workspace,
    private readonly scope: Scope,
    private readonly nameOf: (file: string) => string,
    private readonly names: CellNames,
  ) {}

  /** All that the compiler has to say about a cell, and about the user's own files that it imports. */
  diagnose({ file, text }: CheckedText): ts.Diagnostic[] {
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
          ? this.workspace.resolution.resolveSource(specifier.fileName, file.fileName)
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
  counts(diagnostic: ts.Diagnostic, { file, text, topLevel, start }: CheckedText): boolean {
    if (diagnostic.category !== this.ts.DiagnosticCategory.Error) {
      return false;
    }
    if (IGNORED_CODES.has(diagnostic.code)) {
      return false;
    }
    // In the lines before the cell's own, a type's parameters may name what is not in sight.
    if (diagnostic.file?.fileName === file && (diagnostic.start ?? 0) < start) {
      return false;
    }
    return (
      diagnostic.code !== IMPORT_ASSIGNED ||
      !this.assignedVariable(diagnostic, { file, text, topLevel })
    );
  }

  /** The variables of earlier cells that a cell assigns to. */
  assignedVariables(found: ts.Diagnostic[], placed: CheckedText): Set<string> {
    return new Set(found.flatMap((diagnostic) => this.assignedVariable(diagnostic, placed) ?? []));
  }

  /** The variable of an earlier cell, which the checker takes for a constant, that an error is about. */
  private assignedVariable(
    { code, file: source, start = 0, length = 0 }: ts.Diagnostic,
    { file, text, topLevel }: Pick<CheckedText, "file" | "text" | "topLevel">,
  ): string | undefined {
    if ((code !== IMPORT_ASSIGNED && code !== CONSTANT_ASSIGNED) || source?.fileName !== file) {
      return undefined;
    }
    const name = text.slice(start, start + length);
    return !topLevel.declarations.has(name) && this.scope.find(name)?.mutable ? name : undefined;
  }

  /** A diagnostic with the place and the words that suit the user. */
  translate(
    diagnostic: ts.Diagnostic,
    placed: CheckedText,
    code: string,
    name: string,
  ): CellDiagnostic {
    const own = !diagnostic.file || diagnostic.file.fileName === placed.file;
    const result = toCellDiagnostic(
      this.ts,
      diagnostic,
      this.nameOf,
      own ? { name, text: code, toOriginal: placed.toOriginal } : undefined,
    );
    const constant = result.code === IMPORT_ASSIGNED && own;
    return {
      ...result,
      code: constant ? CONSTANT_ASSIGNED : result.code,
      message: constant
        ? result.message.replace("it is an import", "it is a constant")
        : this.names.inText(result.message),
    };
  }
}

/** "Variable implicitly has type any in some locations", reported at the variable's declaration. */
const IMPLICIT_SOMEWHERE = 7034;
/** "Variable implicitly has an any type", reported at each such location. */
const IMPLICIT_HERE = 7005;

/** Leaves out what is wrong only with the footer of a cell's text; see {@link Scope.checkFooter}. */
function withoutFooter(found: ts.Diagnostic[], text: string): ts.Diagnostic[] {
  const within = found.filter(({ start = 0 }) => start < text.length);
  const nameAt = ({ start = 0, length = 0 }: ts.Diagnostic) => text.slice(start, start + length);
  const implicit = new Set(within.filter(({ code }) => code === IMPLICIT_HERE).map(nameAt));
  return within.filter((each) => each.code !== IMPLICIT_SOMEWHERE || implicit.has(nameAt(each)));
}
