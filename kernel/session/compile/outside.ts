import type ts from "typescript";
import type { TypeScript } from "../host";

/** Methods of promises and iterators: what they give is waiting for what they were called on. */
const PASSING_ON = new Set(["then", "catch", "finally", "next", "return", "throw"]);

/** The names that a text declares itself, at any depth; what it imports is not among them. */
export function declaredNames(ts: TypeScript, file: ts.SourceFile): Set<string> {
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
    if (declares && node.name && ts.isIdentifier(node.name)) {
      names.add(node.name.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return names;
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
    return ts.isIdentifier(callee) ? !own.has(callee.text) : !isFunction(ts, callee);
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

function isFunction(ts: TypeScript, expression: ts.Expression): boolean {
  return ts.isParenthesizedExpression(expression)
    ? isFunction(ts, expression.expression)
    : ts.isArrowFunction(expression) || ts.isFunctionExpression(expression);
}
