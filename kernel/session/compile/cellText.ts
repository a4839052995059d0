import type { TypeScript } from "../host";
import { type CommandLine, canBegin, readCommandLines } from "./commandLines";
import { readTopLevel } from "./declarations";
import { adviceForMagic, isMagic } from "./magics";
import { parseModule } from "./parse";

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
  refused?: RefusedWord;
}

/** A line that may begin with a command of IPython's. */
const CANDIDATE = /^([ \t]*)(%{1,2})([A-Za-z_]\w*)(?![\w(.[])[^\r\n]*/gm;

/**
 * Finds what is no TypeScript in a cell: its lines for the shell, and words of IPython's.
 *
 * @param isKnown has an earlier cell, or the language, a value of this name?
 */
export function readCellText(
  ts: TypeScript,
  written: string,
  isKnown: (name: string) => boolean,
): CellText {
  const text: CellText = readCommandLines(ts, written, isKnown);
  for (const { index, 0: line, 1: indent, 2: signs, 3: name } of written.matchAll(CANDIDATE)) {
    const start = index + indent.length;
    const before = text.code.slice(0, start);
    const first = isEmpty(ts, before);
    if (!(first || (isMagic(name) && signs === "%")) || !canBegin(ts, before)) {
      continue;
    }
    if (!first && isVariable(ts, text.code, name, isKnown)) {
      continue;
    }
    text.refused ??= { word: signs + name, advice: adviceForMagic(name), start };
    if (signs === "%%") {
      text.code = text.code.replace(/[^\r\n]/g, " ");
      break;
    }
    const end = index + line.length;
    text.code = before + " ".repeat(end - start) + text.code.slice(end);
  }
  return text;
}

/** Is there nothing but blanks and comments? */
function isEmpty(ts: TypeScript, text: string): boolean {
  return parseModule(ts, "cell.ts", text).statements.length === 0 && canBegin(ts, text);
}

function isVariable(
  ts: TypeScript,
  code: string,
  name: string,
  isKnown: (name: string) => boolean,
): boolean {
  return isKnown(name) || readTopLevel(ts, parseModule(ts, "cell.ts", code)).declarations.has(name);
}
