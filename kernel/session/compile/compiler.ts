import type ts from "typescript";
import type { TypeScript } from "../host";
import { type CellText, measuredStatement, readCellText } from "./cellText";
import { CellChecker, type CheckedText } from "./checker";
import { readTopLevel, type TopLevel } from "./declarations";
import { type CellNames, MISSING_MODULE_CODES, TypeScriptError } from "./diagnostics";
import { Edits } from "./edits";
import { Elements } from "./elements";
import { type Emitted, emitCommonJs } from "./emit";
import { readImports } from "./imports";
import { instrument, measureStatement, runCommand } from "./instrument";
import { MagicError } from "./magics";
import type { SessionOptions } from "./options";
import {
  type Completeness,
  identifiers,
  isUnchecked,
  judgeCompleteness,
  languageDirective,
} from "./parse";
import { keepResult, resultDeclaration, resultNames, resultOf, typeResult } from "./results";
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
}

interface PlaceOptions {
  everyName?: boolean;
  assigned?: Set<string>;
  result?: { last: ts.ExpressionStatement; names: string[] };
  parsed?: ts.SourceFile;
}

export interface CompileOptions {
  everyLoop?: boolean;
}

/** Checks and emits cells, one after the other. */
export class CellCompiler {
  private readonly checker: CellChecker;
  private readonly elements: Elements;
  /** Has a cell said that this is a notebook of JavaScript? */
  private unchecked = false;

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
   * Puts a text into the place of the next cell, for checking or for the editor's help. Where the
   * text has syntax errors this does what it can.
   *
   * @param options `everyName`: let it see the names that it does not mention too, to complete
   *   them; `assigned`: see {@link Scope.checkHeader}; `result`: see {@link typeResult}; `parsed`: the text, where it is parsed already
   */
  place(code: string, options: PlaceOptions = {}): CheckedText {
    const { everyName = false, assigned, result, parsed = this.elements.parse(code) } = options;
    const number = this.scope.nextNumber;
    const topLevel = readTopLevel(this.ts, parsed);
    const edits = new Edits();
    const unmarked = new Set(topLevel.evolving.map(({ position }) => position));
    for (const position of topLevel.exportPositions) {
      if (!unmarked.has(position)) {
        edits.open(position, "export ");
      }
    }
    const used = everyName ? this.scope.list() : this.namesIn(parsed);
    // Keeps the cell's own export lists out of the way of ours.
    for (const { position, prefix } of topLevel.listedPositions) {
      edits.open(position, prefix);
    }
    const { header, uses } = this.scope.checkHeader(used, topLevel, assigned);
    // TypeScript heeds it at the head of a file only.
    const unchecked = this.unchecked || isUnchecked(parsed) ? "// @ts-nocheck\n" : "";
    // On a line of its own: a doc comment on the same line would count as the import's.
    const before = `${unchecked}${header}\n`;
    const typed = result ? typeResult(parsed, result.last, result.names, edits) : "";
    const edited = edits.apply(code, before);
    const file = this.workspace.resolution.cellFile(number);
    const footer = this.scope.checkFooter(topLevel) + typed;
    this.workspace.setText(file, edited.text + footer, this.elements.isIn(parsed));
    return { ...edited, file, parsed, start: before.length, topLevel, uses };
  }

  /**
   * Checks a cell and emits it.
   *
   * @param text the cell's text
   * @param name how the user knows the cell, as in `cell-12.ts`
   * @param file the file name under which it runs
   * @param options `everyLoop`: see {@link instrument}
   * @throws TypeScriptError with all that is wrong in the cell, or in a file it imports
   */
  compile(text: string, name: string, file: string, options: CompileOptions = {}): CompiledCell {
    const { written, code, commands, measured, refused } = this.read(text);
    if (refused) {
      throw new MagicError(
        refused.word,
        refused.advice,
        `${name}:${lineAt(written, refused.start)}:1`,
      );
    }
    this.workspace.refresh();
    this.names.set(this.scope.nextNumber, name);
    const parsed = this.elements.parse(code);
    const last = resultOf(this.ts, parsed);
    const directive = languageDirective(this.ts, parsed);
    if (directive) {
      this.unchecked = directive.language === "javascript";
    }
    const gives =
      last &&
      last !== directive?.statement &&
      !commands.some(({ start }) => start >= last.end) &&
      !measured.some((each) => measuredStatement(parsed, each) === last);
    const result = gives ? { last, names: this.resultNames(name, parsed) } : undefined;
    let placed = this.place(code, { parsed, result });
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
      placed = this.place(code, { assigned, parsed, result });
      found = this.checker.diagnose(placed);
    }
    const errors = found.filter((diagnostic) => this.checker.counts(diagnostic, placed));
    if (errors.length > 0) {
      throw new TypeScriptError(
        errors.map((error) => this.checker.translate(error, placed, written, name)),
      );
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
    instrument(this.ts, parsed, edits, { ...options, asyncFrom });
    const header = this.scope.emitHeader(this.namesIn(parsed), placed.topLevel);
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
      toOriginal: edited.toOriginal,
    });
    const runtimes = this.elements.runtimesIn(emitted.javascript, parsed);
    return {
      ...emitted,
      number: this.scope.reserve(),
      topLevel: placed.topLevel,
      uses: placed.uses,
      imports: [...new Set([...imports.specifiers, ...runtimes])],
      hasValue: result !== undefined,
      results: result?.names ?? [],
    };
  }

  /** The names that a cell may use of earlier ones. */
  private namesIn(parsed: ts.SourceFile): Set<string> {
    return new Set([...identifiers(this.ts, parsed), ...this.elements.namesIn(parsed)]);
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
