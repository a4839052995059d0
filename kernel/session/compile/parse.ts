import type ts from "typescript";
import type { TypeScript } from "../host";

/**
 * Parses a text as the module that it is run as, whether or not it imports or exports anything.
 * Otherwise `await (x)` at the top level would be the call of a function named `await`.
 */
export function parseModule(ts: TypeScript, file: string, text: string): ts.SourceFile {
  const options: ts.CreateSourceFileOptions = {
    languageVersion: ts.ScriptTarget.Latest,
    setExternalModuleIndicator: (parsed) => {
      (parsed as { externalModuleIndicator?: true }).externalModuleIndicator = true;
    },
  };
  return ts.createSourceFile(file, text, options, true);
}

/**
 * A text without what may stand only at the very beginning of a file: a byte order mark and the line
 * that names an interpreter. All else stays where it is.
 */
export function withoutShebang(text: string): string {
  return text.replace(/^\uFEFF/, " ").replace(/^( ?)#!/, "$1//");
}

/** A parsed file's syntax errors, which the compiler keeps on it without saying so in its types. */
export function syntaxErrors(file: ts.SourceFile): ts.DiagnosticWithLocation[] {
  const { parseDiagnostics } = file as { parseDiagnostics?: ts.DiagnosticWithLocation[] };
  return parseDiagnostics ?? [];
}

/** Does a text begin with `// @ts-nocheck`? The compiler keeps that without saying so in its types. */
export function isUnchecked(file: ts.SourceFile): boolean {
  const { checkJsDirective } = file as { checkJsDirective?: { enabled: boolean } };
  return checkJsDirective?.enabled === false;
}

/**
 * The language that a cell chooses for itself and those that follow, by a directive at its head:
 * `"use javascript"` or `"use typescript"`.
 */
export function languageDirective(
  ts: TypeScript,
  { statements }: ts.SourceFile,
): { language: "javascript" | "typescript"; statement: ts.Statement } | undefined {
  for (const statement of statements) {
    if (!ts.isExpressionStatement(statement) || !ts.isStringLiteral(statement.expression)) {
      return undefined;
    }
    const [, language] = /^use (javascript|typescript)$/.exec(statement.expression.text) ?? [];
    if (language) {
      return { language: language as "javascript" | "typescript", statement };
    }
  }
  return undefined;
}

/** All identifiers in a text: an over-estimate of the earlier names that it uses. */
export function identifiers(ts: TypeScript, file: ts.SourceFile): Set<string> {
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

/** Does a text make a cell, or would more lines make it one? */
export type Completeness =
  | { status: "complete" }
  | { status: "invalid" }
  | { status: "incomplete"; indent: string };

/** The code of "Unterminated string literal". */
const UNTERMINATED_STRING = 1002;

/**
 * The codes of "Unterminated template" and "'*\/' expected", and of elements and fragments without
 * their closing tags.
 */
const UNTERMINATED = new Set([1160, 1010, 17008, 17014]);

/**
 * Judges by the parser: a text whose first error lies at its end wants more; one with an error
 * before that can only be mended.
 */
export function judgeCompleteness(ts: TypeScript, code: string, file = "cell.ts"): Completeness {
  const parsed = ts.createSourceFile(file, code, ts.ScriptTarget.Latest, true);
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
