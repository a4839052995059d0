import type ts from "typescript";
import type { TypeScript } from "../host";

/** Methods of promises and iterators: what they give is waiting for what they were called on. */
const PASSING_ON = new Set(["then", "catch", "finally", "next", "return", "throw"]);

/**
 * The names that a piece of code declares itself, at any depth; what it imports, be it by `require` or
 * `import()`, is not among them.
 */
export function declaredNames(ts: TypeScript, code: ts.Node): Set<string> {
  const names = new Set<string>(["Promise"]);
  const visit = (node: ts.Node) => {
    const declares =
      ts.isVariableDeclaration(node) ||
      ts.isParameter(node) ||
      ts.isBindingElement(node) ||
      ts.isFunctionLike(node) ||
      ts.isClassLike(node) ||
      ts.isEnumDeclaration(node) ||
      ts.isModuleDeclaration(node);
    if (declares && node.name && ts.isIdentifier(node.name) && !isImported(ts, node)) {
      names.add(node.name.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(code);
  return names;
}

/** Is it a variable for a module, or for a part of one? */
function isImported(ts: TypeScript, node: ts.Node): boolean {
  if (ts.isBindingElement(node)) {
    return isImported(ts, node.parent.parent);
  }
  let from = ts.isVariableDeclaration(node) ? node.initializer : undefined;
  while (
    from &&
    (ts.isParenthesizedExpression(from) ||
      ts.isAwaitExpression(from) ||
      ts.isPropertyAccessExpression(from))
  ) {
    from = from.expression;
  }
  return (
    from !== undefined &&
    ts.isCallExpression(from) &&
    (from.expression.kind === ts.SyntaxKind.ImportKeyword ||
      (ts.isIdentifier(from.expression) && from.expression.text === "require"))
  );
}

/**
 * Can the promise that an expression gives be one that no code of this text is behind, such as
 * Node's, a package's or an earlier cell's? (Whether it is so shows at run time.) What is called may
 * be anybody's, and so may what is mentioned, unless it is declared here.
 */
export function comesFromOutside(
  ts: TypeScript,
  expression: ts.Expression,
  own: Set<string>,
): boolean {
  if (ts.isParenthesizedExpression(expression) || ts.isNonNullExpression(expression)) {
    return comesFromOutside(ts, expression.expression, own);
  }
  if (ts.isAsExpression(expression) || ts.isSatisfiesExpression(expression)) {
    return comesFromOutside(ts, expression.expression, own);
  }
  if (ts.isCallExpression(expression)) {
    const { expression: callee } = expression;
    if (ts.isPropertyAccessExpression(callee)) {
      const { expression: base, name } = callee;
      if (PASSING_ON.has(name.text)) {
        return comesFromOutside(ts, base, own);
      }
      return !own.has(name.text) && !(ts.isIdentifier(base) && base.text === "Promise");
    }
    return ts.isIdentifier(callee) ? !own.has(callee.text) : !isFunctionText(ts, callee);
  }
  if (ts.isConditionalExpression(expression) || ts.isBinaryExpression(expression)) {
    const [first, second] = ts.isBinaryExpression(expression)
      ? [expression.left, expression.right]
      : [expression.whenTrue, expression.whenFalse];
    return comesFromOutside(ts, first, own) && comesFromOutside(ts, second, own);
  }
  if (ts.isPropertyAccessExpression(expression) || ts.isElementAccessExpression(expression)) {
    return comesFromOutside(ts, expression.expression, own);
  }
  return ts.isIdentifier(expression) && !own.has(expression.text);
}

/** What the language itself has under these names gives no promise that somebody waits for. */
const PROMISELESS = new Set([
  "Array",
  "BigInt",
  "Boolean",
  "Date",
  "JSON",
  "Math",
  "Number",
  "Object",
  "RegExp",
  "String",
  "Symbol",
  "console",
  "isNaN",
  "parseFloat",
  "parseInt",
]);

/**
 * Is a call one that {@link comesFromOutside}, and what it gives kept for later: in a variable, in a
 * list or an object, or by returning it?
 *
 * @param isFunction is a name that of a function whose text is known, though it is not here?
 */
export function isHeld(
  ts: TypeScript,
  call: ts.CallExpression,
  own: Set<string>,
  isFunction: (name: string) => boolean,
): boolean {
  const { parent, expression: callee } = call;
  const isKept =
    (ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name)) ||
    (ts.isBinaryExpression(parent) &&
      parent.right === call &&
      parent.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
      ts.isExpressionStatement(parent.parent)) ||
    (ts.isPropertyAssignment(parent) && parent.initializer === call) ||
    ts.isArrayLiteralExpression(parent) ||
    ts.isReturnStatement(parent) ||
    (ts.isArrowFunction(parent) && parent.body === call) ||
    (ts.isCallExpression(parent) && parent.expression !== call && isAddition(ts, parent));
  return (
    isKept &&
    !(ts.isIdentifier(callee) && isFunction(callee.text)) &&
    !isPromiseless(ts, callee, own) &&
    comesFromOutside(ts, call, own)
  );
}

/** `list.push(x)`, `set.add(x)`, `map.set(key, x)` */
function isAddition(ts: TypeScript, { expression }: ts.CallExpression): boolean {
  return (
    ts.isPropertyAccessExpression(expression) &&
    ["push", "unshift", "add", "set"].includes(expression.name.text)
  );
}

function isPromiseless(ts: TypeScript, callee: ts.Expression, own: Set<string>): boolean {
  const first = ts.isPropertyAccessExpression(callee) ? callee.expression : callee;
  return (
    first.kind === ts.SyntaxKind.SuperKeyword ||
    callee.kind === ts.SyntaxKind.ImportKeyword ||
    (ts.isIdentifier(first) && PROMISELESS.has(first.text) && !own.has(first.text))
  );
}

function isFunctionText(ts: TypeScript, expression: ts.Expression): boolean {
  return ts.isParenthesizedExpression(expression)
    ? isFunctionText(ts, expression.expression)
    : ts.isArrowFunction(expression) || ts.isFunctionExpression(expression);
}
