import type ts from "typescript";
import type { TypeScript } from "../host";
import { readTopLevel } from "./declarations";
import { parseModule, syntaxErrors } from "./parse";

/** A line for the shell, as `!npm install zod`. */
export interface CommandLine {
  /** Where it stands in the cell: its `!`, and the end of its last line. */
  start: number;
  end: number;
  /** What the shell gets to run. */
  command: string;
}

/** A line that may be one for the shell, with the lines that it goes on in after a backslash. */
const CANDIDATE = /^[ \t]*(!+(?=[^!\s=])[^\r\n]*(?:(?<=\\)(?:\r\n|\r|\n)[^\r\n]*)*)/gm;

/**
 * Finds a cell's lines for the shell. Such a line begins with `!` where a statement of the top level
 * could begin: not within a string, a template, a comment, a list or a block. It may be TypeScript
 * all the same, since `!` negates:
 *
 * - `!ls`, `!make` are commands where nothing is called `ls` or `make`, and `!done` is TypeScript
 *   where something is called `done`;
 * - `!git status` can be nothing but a command, and `!(a || b)`, `!true` nothing but TypeScript;
 * - a semicolon at the end of a line that could be both says that it is TypeScript.
 *
 * @param isKnown has an earlier cell, or the language, a value of this name?
 * @returns also the text with blanks in place of those lines
 */
export function readCommandLines(
  ts: TypeScript,
  written: string,
  isKnown: (name: string) => boolean,
): { written: string; code: string; commands: CommandLine[] } {
  const commands: CommandLine[] = [];
  let code = written;
  for (const { index, 0: match, 1: line } of written.matchAll(CANDIDATE)) {
    const end = index + match.length;
    const start = end - line.length;
    if (!canBegin(ts, code.slice(0, start)) || isTypeScript(ts, code, start, end, isKnown)) {
      continue;
    }
    const command = line.replace(/^!+\s*/, "").trimEnd();
    commands.push({ start, end, command });
    code = code.slice(0, start) + line.replace(/[^\r\n]/g, " ") + code.slice(end);
  }
  return { written, code, commands };
}

/** Could a statement of the top level begin behind a text? Then nothing in the text is left open. */
export function canBegin(ts: TypeScript, text: string): boolean {
  const end = text.trimEnd().length;
  return !syntaxErrors(parseModule(ts, "cell.ts", text)).some(
    ({ start, length, code }) => start + length >= end || UNTERMINATED.has(code),
  );
}

/** The codes of "Unterminated template literal" and of "'*\/' expected". */
const UNTERMINATED = new Set([1160, 1010]);

function isTypeScript(
  ts: TypeScript,
  code: string,
  start: number,
  end: number,
  isKnown: (name: string) => boolean,
): boolean {
  const rest = code.slice(start);
  const [line] = rest.split(/[\r\n]/, 1);
  // Paths, which could be regular expressions.
  if (/^!+\s*~?\/(?!.*\/[a-z]*\.\w+\()/.test(line)) {
    return false;
  }
  const file = parseModule(ts, "cell.ts", rest);
  const length = end - start;
  if (syntaxErrors(file).some((error) => error.start <= length)) {
    return false;
  }
  const first = leftmost(ts, file.statements[0]);
  return !first || /;\s*$/.test(line) || isValue(ts, code, first.text, isKnown);
}

/** Is a name that of a value, of an earlier cell, of the language, or of the cell itself? */
export function isValue(
  ts: TypeScript,
  code: string,
  name: string,
  isKnown: (name: string) => boolean,
): boolean {
  return isKnown(name) || readTopLevel(ts, parseModule(ts, "cell.ts", code)).declarations.has(name);
}

/** The name that an expression begins with, behind its `!`. */
function leftmost(ts: TypeScript, node: ts.Node): ts.Identifier | undefined {
  if (ts.isIdentifier(node)) {
    return node;
  }
  const child = ts.isPrefixUnaryExpression(node) ? node.operand : firstChild(ts, node);
  return child && leftmost(ts, child);
}

/** The node that a node's text begins with, if it is not a token of the node's own. */
function firstChild(ts: TypeScript, node: ts.Node): ts.Node | undefined {
  const start = node.getStart();
  return ts.forEachChild(node, (child) => (child.getStart() === start ? child : undefined));
}
