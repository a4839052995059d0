import type ts from "typescript";
import type { TypeScript } from "../host";
import { SESSION_MODULE } from "./resolution";

/** One finding of the compiler. */
export interface CellDiagnostic {
  /** TypeScript's number, as in TS2322. */
  code: number;
  message: string;
  /** The file as a user would name it: `cell-12.ts`, or a path from the working directory. */
  file: string;
  /** From 1. */
  line: number;
  /** From 1, in UTF-16 units. */
  column: number;
  /** The line's text and a line of carets beneath the culprit. */
  excerpt: string;
}

/** What stops a cell before it runs. */
export class TypeScriptError extends Error {
  override readonly name = "TypeScriptError";

  constructor(readonly diagnostics: CellDiagnostic[]) {
    super(diagnostics.map(describe).join("\n"));
    this.stack = `${this.name}: ${this.message}`;
  }
}

function describe({ file, line, column, code, message }: CellDiagnostic): string {
  return `${file}:${line}:${column} - error TS${code}: ${message}`;
}

/**
 * Errors that do not hold in a notebook: a cell may await at its top level whatever the target
 * (1375, 1378, 1431, 1432, 2852, 2854), `import x = require()` is emitted as CommonJS (1202), and
 * packages without types are any (7016).
 */
export const IGNORED_CODES = new Set([1202, 1375, 1378, 1431, 1432, 2852, 2854, 7016]);

/** Errors that a module which is missing, perhaps only so far, brings about. */
export const MISSING_MODULE_CODES = new Set([2307, 2792, 7016]);

/**
 * Puts a diagnostic in terms of the text that the user wrote.
 *
 * @param nameOf what a user calls a file
 * @param place the name to show and, for a cell, how offsets map back to what was typed
 */
export function toCellDiagnostic(
  ts: TypeScript,
  diagnostic: ts.Diagnostic,
  nameOf: (file: string) => string,
  place?: { name: string; text: string; toOriginal(offset: number): number },
): CellDiagnostic {
  const file = diagnostic.file;
  const text = place?.text ?? file?.text ?? "";
  const map = place?.toOriginal ?? ((offset: number) => offset);
  const start = Math.min(map(diagnostic.start ?? 0), text.length);
  const end = Math.max(start, map((diagnostic.start ?? 0) + (diagnostic.length ?? 0)));
  const before = text.slice(0, start).split(/\r\n|\r|\n/);
  const line = before.length;
  const column = before[line - 1].length + 1;
  return {
    code: diagnostic.code,
    message: ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n"),
    file: place?.name ?? (file ? nameOf(file.fileName) : "tsconfig.json"),
    line,
    column,
    excerpt: excerpt(text, line, column, end - start),
  };
}

/** A line of a text with carets under `length` characters of it from `column` on. */
export function excerpt(text: string, line: number, column: number, length = 1): string {
  const source = (text.split(/\r\n|\r|\n/)[line - 1] ?? "").replaceAll("\t", " ");
  const number = String(line);
  const carets = Math.max(1, Math.min(length, source.length - column + 1));
  // Very long lines (minified code, embedded data) show only the neighbourhood.
  const from = source.length > 200 ? Math.max(0, column - 80) : 0;
  const shown = source.slice(from, from + 200);
  const indent = " ".repeat(number.length + 3 + column - 1 - from);
  return `${number} | ${shown}\n${indent}${"^".repeat(Math.min(carets, 200))}`;
}

/** What users call the cells that the compiler knows by their numbers. */
export class CellNames {
  private readonly names = new Map<number, string>();

  /** @param name as in `cell-12.ts` */
  set(number: number, name: string): void {
    this.names.set(number, name.replace(/\.ts$/, ""));
  }

  /**
   * A text of the compiler's in which types of cells are named as users know them: `Account (cell-5)`
   * in place of `import("…/__cell_4__").Account`.
   */
  inText(text: string): string {
    const name = (number: string) => this.names.get(Number(number)) ?? "an earlier cell";
    const plain = text
      .replace(
        /import\("[^"]*__cell_(\d+)__"\)\.((?:[\w$]+\.)*[\w$]+)/g,
        (_, number, type) => `${type} (${name(number)})`,
      )
      .replace(/import\("[^"]*__cell_(\d+)__"\)/g, (_, number) => name(number))
      .replace(/"?(?:[^\s"']*\/)?__cell_(\d+)__(?:\.ts)?"?/g, (_, number) => name(number))
      .replace(/"cell:(\d+)"/g, (_, number) => name(number))
      .replace(/\b__(?:cell|session)_([\w$]+)/g, "$1");
    return plain.includes(SESSION_MODULE)
      ? plain.replaceAll(`"${SESSION_MODULE}"`, "an earlier cell").replace(/([\w$])\$\d+\b/g, "$1")
      : plain;
  }
}
