import type ts from "typescript";
import { parseModule, syntaxErrors } from "../compile/parse";
import type { TypeScript } from "../host";

/**
 * The lines of a text, from 1, on which code can stop: where statements, the bodies of arrow
 * functions and the ends of functions are. What is only for the checker is none of them.
 */
export function codeLines(ts: TypeScript, text: string): number[] {
  const parsed = parseText(ts, text);
  const lines = new Set<number>();
  const add = (offset: number) => lines.add(parsed.getLineAndCharacterOfPosition(offset).line + 1);
  const visit = (node: ts.Node): void => {
    if (isForChecker(ts, node)) {
      return;
    }
    if (ts.isStatement(node) && !ts.isBlock(node) && !ts.isFunctionDeclaration(node)) {
      add(node.getStart(parsed));
    }
    if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) {
      add(node.body.getStart(parsed));
    }
    const body = ts.isFunctionLike(node) ? (node as { body?: ts.Node }).body : undefined;
    if (body && ts.isBlock(body)) {
      add(body.end - 1);
    }
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(parsed, visit);
  return [...lines].sort((a, b) => a - b);
}

function isForChecker(ts: TypeScript, node: ts.Node): boolean {
  return (
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isTypeNode(node) ||
    ts.isEmptyStatement(node) ||
    (ts.isImportDeclaration(node) && node.importClause?.isTypeOnly === true) ||
    (ts.canHaveModifiers(node) &&
      ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword) === true)
  );
}

/**
 * Where the statement begins that an offset lies in, or the part of a loop's head, or the body of an
 * arrow function: what a debugger steps over at once.
 */
export function statementAt(ts: TypeScript, parsed: ts.SourceFile, offset: number): number {
  let start = 0;
  const visit = (node: ts.Node): void => {
    const from = node.getStart(parsed);
    if (from > offset || node.end < offset) {
      return;
    }
    const { parent } = node;
    const isPart =
      (parent && ts.isForStatement(parent) && node !== parent.statement) ||
      (parent && ts.isForOfStatement(parent) && node === parent.initializer) ||
      (parent && ts.isArrowFunction(parent) && node === parent.body && !ts.isBlock(node));
    if ((ts.isStatement(node) && !ts.isBlock(node)) || isPart) {
      start = from;
    }
    const body = ts.isFunctionLike(node) ? (node as { body?: ts.Node }).body : undefined;
    if (body && ts.isBlock(body) && offset >= body.end - 1 && offset <= body.end) {
      start = body.end - 1;
    }
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(parsed, visit);
  return start;
}

/** Does a `catch` of the text around an offset, within the same function, take what is thrown there? */
export function isCaughtAt(ts: TypeScript, parsed: ts.SourceFile, offset: number): boolean {
  let caught = false;
  const visit = (node: ts.Node): void => {
    if (node.getStart(parsed) > offset || node.end <= offset) {
      return;
    }
    if (ts.isFunctionLike(node)) {
      caught = false;
    }
    if (ts.isTryStatement(node) && node.catchClause) {
      const { tryBlock } = node;
      if (tryBlock.getStart(parsed) <= offset && offset < tryBlock.end) {
        caught = true;
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(parsed);
  return caught;
}

/** The names that functions and blocks around an offset declare; not those of the top level. */
export function localNames(ts: TypeScript, parsed: ts.SourceFile, offset: number): Set<string> {
  const names = new Set<string>();
  const bind = (name: ts.BindingName): void => {
    if (ts.isIdentifier(name)) {
      names.add(name.text);
    } else {
      for (const element of name.elements) {
        if (ts.isBindingElement(element)) {
          bind(element.name);
        }
      }
    }
  };
  /** What a scope declares itself, `var` of inner blocks included. */
  const collect = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) || ts.isParameter(node)) {
      bind(node.name);
    } else if (
      (ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node)) &&
      node.name !== undefined
    ) {
      names.add(node.name.text);
      return;
    }
    if (!ts.isFunctionLike(node) && !ts.isBlock(node)) {
      ts.forEachChild(node, collect);
    }
  };
  const visit = (node: ts.Node): void => {
    if (node.getFullStart() > offset || node.end < offset) {
      return;
    }
    if (ts.isFunctionLike(node) && node.getStart(parsed) < offset) {
      ts.forEachChild(node, collect);
      if ((ts.isFunctionExpression(node) || ts.isClassExpression(node)) && node.name) {
        names.add(node.name.text);
      }
    }
    if (node !== parsed && (ts.isBlock(node) || ts.isIterationStatement(node, false))) {
      ts.forEachChild(node, collect);
    }
    if (ts.isCatchClause(node) && node.variableDeclaration) {
      bind(node.variableDeclaration.name);
    }
    ts.forEachChild(node, visit);
  };
  visit(parsed);
  return names;
}

/** Parses a text; elements are read where it makes no sense without them. */
export function parseText(ts: TypeScript, text: string): ts.SourceFile {
  const plain = parseModule(ts, "cell.ts", text);
  if (syntaxErrors(plain).length === 0) {
    return plain;
  }
  const withElements = parseModule(ts, "cell.tsx", text);
  return syntaxErrors(withElements).length === 0 ? withElements : plain;
}
