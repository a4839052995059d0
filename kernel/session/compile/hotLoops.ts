import type ts from "typescript";
import type { TypeScript } from "../host";
import type { Edits } from "./edits";
import { FLAG_ELEMENT, RUNTIME_NAME } from "./instrument";
import { callsOf } from "./knownFunctions";
import { placeOf } from "./lateNames";
import { type Mention, runsLater } from "./mentions";
import { declaredNames } from "./outside";

const FLAG = `${RUNTIME_NAME}_flag`;
const LABEL = `${RUNTIME_NAME}_loop`;

/** A loop of a cell's top level whose variables can be the engine's own while it runs. */
export interface HotLoop {
  /** The loop with its labels. */
  statement: ts.Statement;
  /** It and the loops in it. */
  loops: ts.IterationStatement[];
  /** The session's variables that it changes, and whether they are the cell's own. */
  copied: Map<string, boolean>;
  /** Functions of earlier cells that it calls: who calls nothing else sees none declared again. */
  called: Set<string>;
  /** The mentions in it that mean the copies. */
  mentions: Set<Mention>;
}

/** What is known of the session when a cell is compiled. */
export interface LoopFacts {
  mentions: readonly Mention[];
  /** May a name be assigned to? */
  isVariable(name: string): boolean;
  /** Does a function of any cell mention a variable? */
  isSeen(name: string): boolean;
  /** Is a name that of a function which ends soon, whatever happens? */
  isBrief(name: string): boolean;
}

/**
 * The outermost loops at a cell's top level that change variables which nobody can look at while
 * they run: no function mentions them, and the loop calls nothing that takes long, for it must not
 * be terminated while its results lie in the copies.
 */
export function findHotLoops(
  ts: TypeScript,
  file: ts.SourceFile,
  { mentions, isVariable, isSeen, isBrief }: LoopFacts,
): HotLoop[] {
  const found: HotLoop[] = [];
  const ours = new Set<ts.Node>(mentions.map(({ node }) => node));
  const visit = (node: ts.Node): void => {
    if (runsLater(ts, node) || ts.isClassLike(node)) {
      return;
    }
    const loop = labelled(ts, node);
    if (ts.isIterationStatement(loop, false)) {
      add(node as ts.Statement);
    } else {
      ts.forEachChild(node, visit);
    }
  };
  const add = (statement: ts.Statement): void => {
    const calls = callsOf(ts, statement, ours, { loops: true });
    if (!calls || ![...calls].every(isBrief)) {
      return;
    }
    const inside = mentions.filter(({ node }) => isWithin(node, statement));
    const copied = new Map<string, boolean>();
    for (const { name, node, from } of inside) {
      if (from !== "import" && isVariable(name) && isChanged(ts, node) && !isSeen(name)) {
        copied.set(name, from === "own");
      }
    }
    const called = new Set(
      inside.flatMap(({ name, from }) => (from === "earlier" && calls.has(name) ? [name] : [])),
    );
    // A `var` of the loop's own would collide with its copy.
    for (const name of declaredNames(ts, statement)) {
      copied.delete(name);
      called.delete(name);
    }
    if (copied.size > 0) {
      found.push({
        statement,
        loops: loopsIn(ts, statement),
        copied,
        called,
        mentions: new Set(inside.filter(({ name }) => copied.has(name) || called.has(name))),
      });
    }
  };
  ts.forEachChild(file, visit);
  return found;
}

/**
 * Gives a loop copies of the variables that it changes and of the functions that it calls, under
 * their own names, and writes the variables back when it ends, by an error too. Stop ends it by a flag: whoever is terminated from outside writes
 * nothing back.
 */
export function copyVariables(
  ts: TypeScript,
  { statement, loops, copied, called }: HotLoop,
  edits: Edits,
  toOriginal: (offset: number) => number,
  flagRead = FLAG_ELEMENT,
): void {
  const flag = FLAG + flagRead;
  const names = [...copied];
  const read = names.map(([name, own]) => `${copyOf(name)} = ${own ? name : memberOf(name)}`);
  const functions = [...called].map((name) => `${name} = ${memberOf(name)}`);
  const copies = names.map(([name]) => `${name} = ${copyOf(name)}`);
  const written = names.map(([name]) => `${memberOf(name)} = ${name};`);
  edits.open(
    toOriginal(statement.getStart()),
    `{ const ${FLAG} = ${RUNTIME_NAME}.flag, ${[...read, ...functions].join(", ")}; { let ${copies.join(", ")}; try { ${LABEL}: `,
  );
  edits.close(
    toOriginal(statement.end),
    ` } finally { ${written.join(" ")} } } if (${flag}) ${RUNTIME_NAME}.stop(); }`,
  );
  for (const loop of loops) {
    heedFlag(ts, loop, statement, edits, toOriginal, flag);
  }
}

/**
 * Has a loop end when the flag is raised. A loop that has a condition gets a second one: V8 keeps
 * numbers unboxed in loops with one exit, so that is four times as fast as a `break`.
 */
function heedFlag(
  ts: TypeScript,
  loop: ts.IterationStatement,
  outermost: ts.Statement,
  edits: Edits,
  toOriginal: (offset: number) => number,
  flag: string,
): void {
  const leave = `if (${flag}) break ${LABEL};`;
  const condition = conditionOf(ts, loop);
  if (!condition) {
    const { statement: body } = loop;
    if (ts.isBlock(body)) {
      edits.open(toOriginal(body.getStart()) + 1, ` ${leave}`);
    } else {
      edits.open(toOriginal(body.getStart()), `{ ${leave} `);
      edits.close(toOriginal(body.end), " }");
    }
    return;
  }
  let whole: ts.Node = loop;
  while (ts.isLabeledStatement(whole.parent) && whole !== outermost) {
    whole = whole.parent;
  }
  if (whole !== outermost) {
    // Whoever is around it ends as well.
    edits.open(toOriginal(whole.getStart()), "{ ");
    edits.close(toOriginal(whole.end), ` ${leave} }`);
  }
  // The flag is 0 or 1. Of a dozen forms of "and not the flag" this was the fastest.
  edits.open(toOriginal(condition.getStart()), "!!(");
  edits.close(toOriginal(condition.end), `) & ~${flag}`);
}

function conditionOf(ts: TypeScript, loop: ts.IterationStatement): ts.Expression | undefined {
  if (ts.isForStatement(loop)) {
    return loop.condition;
  }
  return ts.isWhileStatement(loop) || ts.isDoStatement(loop) ? loop.expression : undefined;
}

function copyOf(name: string): string {
  return `${RUNTIME_NAME}_copy_${name}`;
}

function memberOf(name: string): string {
  return `${placeOf(name)}.${name}`;
}

/** Is a variable given a value where it is mentioned? */
function isChanged(ts: TypeScript, node: ts.Identifier): boolean {
  let at: ts.Node = node;
  for (; ; at = at.parent) {
    const { parent } = at;
    if (ts.isPrefixUnaryExpression(parent) || ts.isPostfixUnaryExpression(parent)) {
      return (
        parent.operator === ts.SyntaxKind.PlusPlusToken ||
        parent.operator === ts.SyntaxKind.MinusMinusToken
      );
    }
    if (ts.isBinaryExpression(parent)) {
      const { kind } = parent.operatorToken;
      const assigns = kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
      return assigns && parent.left === at;
    }
    if (ts.isForInStatement(parent) || ts.isForOfStatement(parent)) {
      return parent.initializer === at;
    }
    const isPartOfPattern =
      ts.isParenthesizedExpression(parent) ||
      ts.isNonNullExpression(parent) ||
      ts.isAsExpression(parent) ||
      ts.isArrayLiteralExpression(parent) ||
      ts.isObjectLiteralExpression(parent) ||
      ts.isSpreadElement(parent) ||
      ts.isSpreadAssignment(parent) ||
      ts.isShorthandPropertyAssignment(parent) ||
      (ts.isPropertyAssignment(parent) && parent.initializer === at);
    if (!isPartOfPattern) {
      return false;
    }
  }
}

function labelled(ts: TypeScript, node: ts.Node): ts.Node {
  return ts.isLabeledStatement(node) ? labelled(ts, node.statement) : node;
}

function isWithin(node: ts.Node, outer: ts.Node): boolean {
  return node.pos >= outer.pos && node.end <= outer.end;
}

function loopsIn(ts: TypeScript, node: ts.Node): ts.IterationStatement[] {
  const found: ts.IterationStatement[] = [];
  const visit = (part: ts.Node): void => {
    if (ts.isIterationStatement(part, false)) {
      found.push(part);
    }
    ts.forEachChild(part, visit);
  };
  visit(node);
  return found;
}
