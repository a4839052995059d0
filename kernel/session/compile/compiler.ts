import type ts from "typescript";
import type { TypeScript } from "../host";
import { type CellText, measuredStatement, readCellText } from "./cellText";
import { CellChecker, type CheckedText } from "./checker";
import { readTopLevel, type TopLevel } from "./declarations";
import {
  type CellDiagnostic,
  type CellNames,
  MISSING_MODULE_CODES,
  TypeScriptError,
} from "./diagnostics";
import { Edits } from "./edits";
import { Elements } from "./elements";
import { type Emitted, emitCommonJs } from "./emit";
import { readImports } from "./imports";
import type { Input } from "./inputs";
import { measureStatement, runCommand } from "./instrument";
import { CellLinker, type CompileOptions } from "./linking";
import { MagicError } from "./magics";
import type { SessionOptions } from "./options";
import { type Completeness, judgeCompleteness, languageDirective } from "./parse";
import { CellPlaces, type PlaceOptions } from "./placing";
import { keepResult, resultDeclaration, resultNames, resultOf } from "./results";
import type { Scope } from "./scope";
import type { Workspace } from "./workspace";

/** A cell that was found free of errors. */
export interface CompiledCell extends Emitted {
  /** Counts all cells of a session; not what the user sees. */
  number: number;
  topLevel: TopLevel;
  /** The modules to load before it runs: all it imports but those that give types only. */
  imports: string[];
  /** Is its last statement an expression? */
  hasValue: boolean;
  /** The names by which later cells reach its value. */
  results: string[];
  /** The earlier cells that it uses names of. */
  uses: Set<number>;
  /** The names of earlier cells that it uses. */
  inputs: Input[];
}

/** A text to be checked, parsed, and what is to be done with its result. */
type CheckOptions = { parsed: ts.SourceFile } & Pick<PlaceOptions, "result">;

/** Checks and emits cells, one after the other. */
export class CellCompiler {
  private readonly checker: CellChecker;
  private readonly elements: Elements;
  private readonly linker: CellLinker;
  /** For the editor's help, too. */
  readonly places: CellPlaces;

  constructor(
    private readonly ts: TypeScript,
    private readonly options: SessionOptions,
    private readonly workspace: Workspace,
    private readonly scope: Scope,
    nameOf: (file: string) => string,
    private readonly names: CellNames,
  ) {
    this.elements = new Elements(ts, options.check);
    this.checker = new CellChecker(ts, workspace, scope, nameOf, names);
    this.places = new CellPlaces(ts, workspace, scope, this.elements);
    this.linker = new CellLinker(ts, workspace, scope, this.elements);
  }

  /** Is a text a whole cell, or does it want more lines? */
  judge(text: string): Completeness {
    const { code } = this.read(text);
    const judged = judgeCompleteness(this.ts, code);
    return judged.status === "invalid" && this.elements.allowed
      ? judgeCompleteness(this.ts, code, "cell.tsx")
      : judged;
  }

  /** Finds what is no TypeScript in a cell. */
  read(text: string): CellText {
    return readCellText(
      this.ts,
      text,
      (name) => this.scope.find(name) !== undefined || name in globalThis,
    );
  }

  /**
   * Checks a cell and emits it.
   *
   * @param text the cell's text
   * @param name how the user knows the cell, as in `cell-12.ts`
   * @param file the file name under which it runs
   * @param options `everyLoop`, `flagRead`: see {@link instrument}
   * @throws TypeScriptError with all that is wrong in the cell, or in a file it imports
   */
  compile(text: string, name: string, file: string, options: CompileOptions = {}): CompiledCell {
    const { written, code, commands, measured, parsed, result } = this.prepare(text, name);
    const { placed, errors } = this.check({ written, code, parsed, result }, name);
    if (errors.length > 0) {
      throw new TypeScriptError(errors);
    }
    const program = this.workspace.program();
    const imports = readImports(this.ts, program, program.getSourceFile(placed.file));
    for (const [name, meanings] of imports.meanings) {
      const declared = placed.topLevel.declarations.get(name);
      if (declared?.imported) {
        declared.meanings = meanings;
      }
    }
    const edits = new Edits();
    for (const { start, end } of placed.topLevel.exportKeywords) {
      edits.open(start, "/*");
      edits.close(end, "*/");
    }
    for (const position of imports.typePositions) {
      edits.open(placed.toOriginal(position), "type ");
    }
    for (const { start, command } of commands) {
      runCommand(edits, start, command);
    }
    if (result) {
      keepResult(parsed, result.last, edits);
    }
    for (const each of measured) {
      const statement = measuredStatement(parsed, each);
      if (statement) {
        measureStatement(this.ts, parsed, statement, edits);
      }
    }
    const asyncFrom = Math.min(...[...commands, ...measured].map(({ start }) => start));
    const { header, inputs } = this.linker.link(placed, edits, { ...options, asyncFrom });
    const edited = edits.apply(code, header);
    for (const each of result?.names ?? []) {
      placed.topLevel.declarations.set(each, resultDeclaration(each));
    }
    const emitted = emitCommonJs(this.ts, this.options.emit, {
      text: edited.text,
      original: written,
      file,
      isModule: true,
      elements: this.elements.isIn(parsed),
      start: header.length,
      toOriginal: edited.toOriginal,
      isWritten: edited.isWritten,
    });
    const runtimes = this.elements.runtimesIn(emitted.javascript, parsed);
    return {
      ...emitted,
      number: this.scope.reserve(),
      topLevel: placed.topLevel,
      uses: placed.uses,
      inputs,
      imports: [...new Set([...imports.specifiers, ...runtimes])],
      hasValue: result !== undefined,
      results: result?.names ?? [],
    };
  }

  /**
   * Puts a cell into its place as {@link compile} does, and leaves it unchecked: where several cells are
   * in their places beforehand, one program serves all of them.
   *
   * @throws MagicError as compile
   */
  placeAhead(text: string, name: string): CheckedText {
    const { code, parsed, result } = this.prepare(text, name);
    const placed = this.places.place(code, { parsed, result });
    for (const each of result?.names ?? []) {
      placed.topLevel.declarations.set(each, resultDeclaration(each));
    }
    return placed;
  }

  /** What would be wrong in an earlier cell if it were run again. */
  recheck(text: string, name: string): CellDiagnostic[] {
    const { written, code } = this.read(text);
    return this.check({ written, code, parsed: this.elements.parse(code) }, name).errors;
  }

  /** Reads a cell's text, and what is to be done with its result. */
  private prepare(text: string, name: string): CellText & CheckOptions {
    const cell = this.read(text);
    const { written, code, commands, measured, refused } = cell;
    if (refused) {
      throw new MagicError(
        refused.word,
        refused.advice,
        `${name}:${lineAt(written, refused.start)}:1`,
      );
    }
    const parsed = this.elements.parse(code);
    const last = resultOf(this.ts, parsed);
    const directive = languageDirective(this.ts, parsed);
    if (directive) {
      this.places.unchecked = directive.language === "javascript";
    }
    const gives =
      last &&
      last !== directive?.statement &&
      !commands.some(({ start }) => start >= last.end) &&
      !measured.some((each) => measuredStatement(parsed, each) === last);
    const result = gives ? { last, names: this.resultNames(name, parsed) } : undefined;
    return { ...cell, parsed, result };
  }

  private check(
    { written, code, parsed, result }: Pick<CellText, "written" | "code"> & CheckOptions,
    name: string,
  ): { placed: CheckedText; errors: CellDiagnostic[] } {
    this.workspace.refresh();
    this.names.set(this.scope.nextNumber, name);
    let placed = this.places.place(code, { parsed, result });
    let found = this.foundWithoutAllTypes(code, placed);
    if (!found) {
      this.workspace.complete();
      found = this.checker.diagnose(placed);
    }
    if (found.some((diagnostic) => MISSING_MODULE_CODES.has(diagnostic.code))) {
      this.workspace.forgetMissing();
      found = this.checker.diagnose(placed);
    }
    const assigned = this.checker.assignedVariables(found, placed);
    if (assigned.size > 0) {
      placed = this.places.place(code, { assigned, parsed, result });
      found = this.checker.diagnose(placed);
    }
    const errors = found
      .filter((diagnostic) => this.checker.counts(diagnostic, placed))
      .map((error) => this.checker.translate(error, placed, written, name));
    return { placed, errors };
  }

  private resultNames(cell: string, parsed: ts.SourceFile): string[] {
    const { declarations } = readTopLevel(this.ts, parsed);
    return resultNames(cell, (name) => {
      const earlier = this.scope.find(name);
      return declarations.has(name) || (earlier !== undefined && !earlier.result);
    });
  }

  /**
   * What is found in a cell while the program has only the standard library's types. Nothing where it
   * takes the others to say: the cell imports something, or adds to the global scope, or has errors
   * that the other types may settle.
   */
  private foundWithoutAllTypes(code: string, placed: CheckedText): ts.Diagnostic[] | undefined {
    if (this.workspace.isComplete || placed.topLevel.augments) {
      return undefined;
    }
    const { importedFiles, referencedFiles, typeReferenceDirectives, libReferenceDirectives } =
      this.ts.preProcessFile(code, true, true);
    const mentioned = [importedFiles, referencedFiles, typeReferenceDirectives];
    if ([...mentioned, libReferenceDirectives].some((files) => files.length > 0)) {
      return undefined;
    }
    const found = this.checker.diagnose(placed);
    return found.some((diagnostic) => this.checker.counts(diagnostic, placed)) ? undefined : found;
  }
}

/** The number, from 1, of the line that an offset of a text is in. */
function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split(/\r\n|\r|\n/).length;
}
