import type ts from "typescript";
import type { TypeScript } from "../host";
import { type CommandLine, canBegin, isValue, readCommandLines } from "./commandLines";
import { adviceForMagic, isMagic } from "./magics";
import { parseModule } from "./parse";

/** Code whose run time is asked for: an expression behind `%timeit`, or a cell below `%%timeit`. */
export interface MeasuredCode {
  /** Where the word stands. */
  start: number;
  /** Where the code begins that is measured: an expression, or a block in the place of the cell. */
  code: number;
}

/** A word of IPython's that means nothing here. */
export interface RefusedWord {
  /** As in `%time`. */
  word: string;
  advice: string;
  start: number;
}

/** A cell's text, and what it would be if it were TypeScript alone. */
export interface CellText {
  /** The text as the user wrote it. */
  written: string;
  /**
   * The same with blanks in place of whatever is no TypeScript, so that every place stays where it
   * was. It may have an end of its own.
   */
  code: string;
  commands: CommandLine[];
  measured: MeasuredCode[];
  refused?: RefusedWord;
}

/** A line that may begin with a command of IPython's. */
const CANDIDATE = /^([ \t]*)(%{1,2})([A-Za-z_]\w*)(?![\w(.[])([^\r\n]*)/gm;

/**
 * Finds what is no TypeScript in a cell: its lines for the shell, what it wants measured, and words
 * of IPython's.
 *
 * @param isKnown has an earlier cell, or the language, a value of this name?
 */
export function readCellText(
  ts: TypeScript,
  written: string,
  isKnown: (name: string) => boolean,
): CellText {
  const text: CellText = { ...readCommandLines(ts, written, isKnown), measured: [] };
  for (const { index, 0: line, 1: indent, 2: signs, 3: name, 4: rest } of written.matchAll(
    CANDIDATE,
  )) {
    const start = index + indent.length;
    const before = text.code.slice(0, start);
    const first = isEmpty(ts, before);
    if (!(first || (isMagic(name) && signs === "%")) || !canBegin(ts, before)) {
      continue;
    }
    if (!first && isValue(ts, text.code, name, isKnown)) {
      continue;
    }
    const measured = name === "timeit" && measure(ts, text, { start, signs, rest });
    if (!measured) {
      const advice = adviceForMagic(name);
      text.refused ??= { word: signs + name, advice, start };
    }
    if (signs === "%%" && !measured) {
      text.code = text.code.replace(/[^\r\n]/g, " ");
      break;
    }
    if (!measured) {
      const end = index + line.length;
      text.code = before + " ".repeat(end - start) + text.code.slice(end);
    }
  }
  return text;
}

/** Takes `%timeit` out of a text, or puts a block in the place of a cell below `%%timeit`. */
function measure(
  ts: TypeScript,
  text: CellText,
  { start, signs, rest }: { start: number; signs: string; rest: string },
): boolean {
  const before = text.code.slice(0, start);
  const length = signs.length + "timeit".length;
  if (signs === "%%") {
    if (rest.trim() !== "") {
      return false;
    }
    text.code = `${before}{${" ".repeat(length - 1)}${text.code.slice(start + length)}\n}`;
    text.measured.push({ start, code: start });
    return true;
  }
  const code = before + " ".repeat(length) + text.code.slice(start + length);
  const at = start + length + (rest.length - rest.trimStart().length);
  const found = parseModule(ts, "cell.ts", code).statements.some(
    (statement) => statement.getStart() === at && ts.isExpressionStatement(statement),
  );
  if (!found || /^\s*-[a-z]\b/.test(rest)) {
    return false;
  }
  text.code = code;
  text.measured.push({ start, code: at });
  return true;
}

/** Is there nothing but blanks and comments? */
function isEmpty(ts: TypeScript, text: string): boolean {
  return parseModule(ts, "cell.ts", text).statements.length === 0 && canBegin(ts, text);
}

/** The statement of a parsed cell that is measured. */
export function measuredStatement(
  file: ts.SourceFile,
  { code }: MeasuredCode,
): ts.Statement | undefined {
  return file.statements.find((statement) => statement.getStart(file) === code);
}
