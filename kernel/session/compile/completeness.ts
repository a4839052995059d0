import { syntaxErrors } from "./emit";
import type { TypeScript } from "./typescript";

/** Does a text make a cell, or would more lines make it one? */
export type Completeness =
  | { status: "complete" }
  | { status: "invalid" }
  | { status: "incomplete"; indent: string };

/** The code of "Unterminated string literal". */
const UNTERMINATED_STRING = 1002;

/** The codes of "Unterminated template" and "'*\/' expected". */
const UNTERMINATED = new Set([1160, 1010]);

/**
 * Judges by the parser: a text whose first error lies at its end wants more; one with an error
 * before that can only be mended.
 */
export function judgeCompleteness(ts: TypeScript, code: string): Completeness {
  const parsed = ts.createSourceFile("cell.ts", code, ts.ScriptTarget.Latest, true);
  const [error] = syntaxErrors(parsed);
  if (!error) {
    return { status: "complete" };
  }
  // A string ends with its line, unless that ends in a backslash.
  if (error.code === UNTERMINATED_STRING && !code.endsWith("\\")) {
    return { status: "invalid" };
  }
  const open = error.start >= code.trimEnd().length || UNTERMINATED.has(error.code);
  if (!open || error.code === 1128) {
    return { status: "invalid" };
  }
  const lines = code.trimEnd().split("\n");
  const last = lines.at(-1) ?? "";
  const indent = /^\s*/.exec(last)?.[0] ?? "";
  return { status: "incomplete", indent: /[{([]$/.test(last) ? `${indent}  ` : indent };
}
