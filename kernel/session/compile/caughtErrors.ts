import type ts from "typescript";
import type { TypeScript } from "../host";
import type { Edits } from "./edits";

/** Methods that take a listener, and the events that bring it errors. */
const LISTENING = new Set(["on", "once", "addListener", "prependListener"]);
const ERROR_EVENTS = new Set(["error", "unhandledRejection", "uncaughtException"]);

/**
 * Has what code catches looked at first, so that a message in which V8 quotes emitted code is in
 * terms of the user's when it is read (see run/engineTexts.ts): what a `catch` catches, what the
 * handlers of promises and listeners to errors get, and what `await Promise.allSettled` gives. A
 * function with a name is a handler where it is handed over by that name, or, for another cell may
 * hand it over, where its first parameter has the name of an error or its `message` is read. A
 * function may be sent elsewhere as text, where nobody is there to look.
 *
 * @param runtime the name under which running code reaches its runtime
 */
export function watchCaught(
  ts: TypeScript,
  file: ts.SourceFile,
  edits: Edits,
  runtime: string,
): void {
  const handed = new Set<string>();
  const look = (name: string) => `typeof ${runtime} === "object" && ${runtime}.caught?.(${name})`;

  const visit = (node: ts.Node): void => {
    if (ts.isCatchClause(node) && node.variableDeclaration) {
      watchCatch(node, node.variableDeclaration.name);
    } else if (ts.isCallExpression(node)) {
      for (const handler of handlersOfErrors(ts, node)) {
        if (!ts.isIdentifier(handler)) {
          watchHandler(handler);
        }
      }
      if (isAwaitedOutcome(ts, node)) {
        edits.open(node.parent.getStart(file), `${runtime}.outcomes(`);
        edits.close(node.parent.end, ")");
      }
    }
    const named = namedFunction(ts, node);
    if (named && (handed.has(named.name) || takesError(ts, named.code))) {
      watchHandler(named.code);
    }
    ts.forEachChild(node, visit);
  };
  const note = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      for (const handler of handlersOfErrors(ts, node).filter(ts.isIdentifier)) {
        handed.add(handler.text);
      }
    }
    ts.forEachChild(node, note);
  };

  function watchCatch(clause: ts.CatchClause, name: ts.BindingName): void {
    if (ts.isIdentifier(name)) {
      edits.open(clause.block.getStart(file) + 1, ` ${look(name.text)};`);
      return;
    }
    // A pattern takes the error apart at once: it gets it by another `catch` around it.
    const error = `${runtime}_error`;
    edits.open(
      clause.getStart(file),
      `catch (${error}) { ${look(error)}; try { throw ${error}; } `,
    );
    edits.close(clause.end, " }");
  }

  function watchHandler({ parameters, body }: Handler): void {
    const [first] = parameters;
    if (!body || !first || first.dotDotDotToken) {
      return;
    }
    if (!ts.isIdentifier(first.name)) {
      if (parameters.length === 1 && !first.initializer) {
        // The pattern becomes that of a second parameter, which gets the first one's value.
        const error = `${runtime}_error`;
        edits.open(first.getStart(file), `${error}, `);
        edits.close(first.end, ` = (${look(error)}, ${error})`);
      }
      return;
    }
    const { text: name } = first.name;
    if (!ts.isBlock(body)) {
      edits.open(body.getStart(file), `(${look(name)}, `);
      edits.close(body.end, ")");
    } else if (!body.statements.some(isDirective)) {
      edits.open(body.getStart(file) + 1, ` ${look(name)};`);
    }
  }

  const isDirective = (statement: ts.Statement) =>
    ts.isExpressionStatement(statement) && ts.isStringLiteral(statement.expression);

  note(file);
  visit(file);
}

type Handler = ts.FunctionDeclaration | ts.FunctionExpression | ts.ArrowFunction;

/** A function that is declared, or that a variable gets. */
function namedFunction(ts: TypeScript, node: ts.Node): { name: string; code: Handler } | undefined {
  if (ts.isFunctionDeclaration(node)) {
    return node.name && { name: node.name.text, code: node };
  }
  if (!ts.isVariableDeclaration(node) || !ts.isIdentifier(node.name)) {
    return undefined;
  }
  const { name, initializer: code } = node;
  return code && (ts.isArrowFunction(code) || ts.isFunctionExpression(code))
    ? { name: name.text, code }
    : undefined;
}

/** Does a function call its first parameter as errors are called, or read the `message` of it? */
function takesError(ts: TypeScript, { parameters: [first], body }: Handler): boolean {
  if (!first || !body) {
    return false;
  }
  const { name } = first;
  if (ts.isObjectBindingPattern(name)) {
    return name.elements.some((element) => isNamed(element.propertyName ?? element.name, MESSAGE));
  }
  const reads = (node: ts.Node): boolean =>
    (ts.isPropertyAccessExpression(node) &&
      node.name.text === MESSAGE &&
      isNamed(withoutTypes(node.expression), (name as ts.Identifier).text)) ||
    ts.forEachChild(node, reads) === true;
  return ts.isIdentifier(name) && (ERROR_NAME.test(name.text) || reads(body));

  function isNamed(node: ts.Node, text: string): boolean {
    return ts.isIdentifier(node) && node.text === text;
  }

  function withoutTypes(node: ts.Expression): ts.Expression {
    return ts.isParenthesizedExpression(node) || ts.isAsExpression(node)
      ? withoutTypes(node.expression)
      : node;
  }
}

const MESSAGE = "message";
const ERROR_NAME = /^(e|ex|err|error|exception|reason|cause)$/i;

/** The functions, or their names, among the arguments of a call that are to be called with errors. */
function handlersOfErrors(ts: TypeScript, { expression, arguments: given }: ts.CallExpression) {
  if (!ts.isPropertyAccessExpression(expression)) {
    return [];
  }
  const { text: method } = expression.name;
  const [first, second] = given;
  const isListening =
    LISTENING.has(method) && first && ts.isStringLiteral(first) && ERROR_EVENTS.has(first.text);
  const handler =
    method === "catch" ? first : method === "then" || isListening ? second : undefined;
  return handler &&
    (ts.isArrowFunction(handler) || ts.isFunctionExpression(handler) || ts.isIdentifier(handler))
    ? [handler]
    : [];
}

/** `await Promise.allSettled(...)` */
function isAwaitedOutcome(ts: TypeScript, { expression, parent }: ts.CallExpression): boolean {
  return (
    ts.isAwaitExpression(parent) &&
    ts.isPropertyAccessExpression(expression) &&
    expression.name.text === "allSettled"
  );
}
