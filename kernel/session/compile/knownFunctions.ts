import type ts from "typescript";
import type { TypeScript } from "../host";
import { isUsing, type Mention, runsLater } from "./mentions";

/** What is known of the functions of all cells that were compiled. */
export class KnownFunctions {
  private readonly seen = new Set<string>();
  private readonly all = new Set<string>();
  private readonly brief = new Map<string, Set<string>>();

  constructor(private readonly ts: TypeScript) {}

  /** @param declared the names of values that the cell declares */
  add(file: ts.SourceFile, mentions: readonly Mention[], declared: Iterable<string>): void {
    for (const { name, inFunction } of mentions) {
      if (inFunction) {
        this.seen.add(name);
      }
    }
    for (const name of declared) {
      this.all.delete(name);
      this.brief.delete(name);
    }
    const ours = new Set<ts.Node>(mentions.map(({ node }) => node));
    for (const { name, body, like } of functionsOf(this.ts, file)) {
      this.all.add(name);
      const calls = isPlain(this.ts, like) ? callsOf(this.ts, body, ours) : undefined;
      if (calls) {
        this.brief.set(name, calls);
      }
    }
  }

  /** Is a name that of a function whose text is in a cell? */
  has(name: string): boolean {
    return this.all.has(name);
  }

  /** Does a function mention a name, so that it may look at it at any time? */
  isSeen(name: string): boolean {
    return this.seen.has(name);
  }

  /**
   * Is a name that of a function without loops that calls others of that kind, and itself never?
   *
   * @param met what is known of the functions on the way: each is looked at once, and one that is met
   *   again while it is being looked at calls itself
   */
  isBrief(name: string, met = new Map<string, boolean>()): boolean {
    const known = met.get(name);
    if (known !== undefined) {
      return known;
    }
    met.set(name, false);
    const calls = this.brief.get(name);
    const brief = calls !== undefined && [...calls].every((called) => this.isBrief(called, met));
    met.set(name, brief);
    return brief;
  }
}

/** The standard library's objects and functions that run for moments only. */
const BRIEF_OBJECTS = new Set(["Math", "Number"]);
const BRIEF_FUNCTIONS = new Set(["Boolean", "Number", "isFinite", "isNaN"]);

/**
 * The session's functions that a piece of code calls, where it calls nothing else that may take
 * long or hand a value to somebody; undefined where it does.
 *
 * @param ours the identifiers that mean names of the session
 * @param options `loops`: may it hold loops?
 */
export function callsOf(
  ts: TypeScript,
  code: ts.Node,
  ours: ReadonlySet<ts.Node>,
  { loops = false } = {},
): Set<string> | undefined {
  const calls = new Set<string>();
  const visit = (node: ts.Node): boolean => {
    if (ts.isCallExpression(node)) {
      const { expression: callee } = node;
      const base = ts.isPropertyAccessExpression(callee) ? callee.expression : callee;
      if (!ts.isIdentifier(base)) {
        return false;
      }
      const isOurs = ours.has(base);
      if (isOurs && base === callee) {
        calls.add(base.text);
      } else if (isOurs || !(base === callee ? BRIEF_FUNCTIONS : BRIEF_OBJECTS).has(base.text)) {
        return false;
      }
    } else if (
      ts.isNewExpression(node) ||
      ts.isTaggedTemplateExpression(node) ||
      ts.isAwaitExpression(node) ||
      ts.isYieldExpression(node) ||
      ts.isClassLike(node) ||
      runsLater(ts, node) ||
      (ts.isForOfStatement(node) && node.awaitModifier) ||
      (ts.isVariableDeclarationList(node) && isUsing(ts, node)) ||
      (ts.isIterationStatement(node, false) && !loops)
    ) {
      return false;
    }
    return !ts.forEachChild(node, (child) => !visit(child));
  };
  return visit(code) ? calls : undefined;
}

/** A function that a cell declares. */
interface DeclaredFunction {
  name: string;
  body: ts.Node;
  /** What has its modifiers and its asterisk. */
  like: ts.Node;
}

/** The functions that a cell declares at its top level, by `function` or as a constant. */
function functionsOf(ts: TypeScript, file: ts.SourceFile): DeclaredFunction[] {
  return file.statements.flatMap((statement): DeclaredFunction[] => {
    if (ts.isFunctionDeclaration(statement)) {
      const { name, body } = statement;
      return name && body ? [{ name: name.text, body, like: statement }] : [];
    }
    if (
      !ts.isVariableStatement(statement) ||
      !(statement.declarationList.flags & ts.NodeFlags.Const)
    ) {
      return [];
    }
    return statement.declarationList.declarations.flatMap(({ name, initializer: like }) =>
      ts.isIdentifier(name) && like && (ts.isArrowFunction(like) || ts.isFunctionExpression(like))
        ? [{ name: name.text, body: like.body, like }]
        : [],
    );
  });
}

/** Does a call of a function run all of it? */
function isPlain(ts: TypeScript, like: ts.Node): boolean {
  const modifiers = ts.canHaveModifiers(like) ? (ts.getModifiers(like) ?? []) : [];
  return (
    !modifiers.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword) &&
    !(like as { asteriskToken?: ts.Node }).asteriskToken
  );
}
