import type ts from "typescript";
import type { Edits } from "./edits";
import type { TypeScript } from "./typescript";

/**
 * The name under which running code reaches its runtime (see CellRuntime). Code is changed only
 * between checking and emitting, so nobody meets the name while writing a cell.
 */
export const RUNTIME_NAME = "__cell";

/** To be raised when {@link instrument} changes what it does: emitted modules are kept on disk. */
export const INSTRUMENTATION = 1;

/**
 * Makes code stoppable and loadable, by insertions that move no line:
 *
 * - `await x` becomes `__cell.resume(__cell.here(), await __cell.wait(x))`, which rejects when the
 *   cell is stopped, and `for await (const x of y)` iterates over `__cell.iterate(y)`;
 * - `import(x)` and `import.meta` go to `__cell.import`, because the rest is CommonJS;
 * - loops that may run after an `await` look at a flag in shared memory. Terminating them from
 *   outside, as is done with all others, aborts Node 20 and 22 while AsyncLocalStorage is in use.
 *
 * @param options `everyLoop`: all loops look at the flag. It slows the tightest of them down.
 */
export function instrument(
  ts: TypeScript,
  file: ts.SourceFile,
  edits: Edits,
  { everyLoop = false } = {},
): void {
  visitBody(file, { async: false });

  function visitBody(body: ts.Node, scope: { async: boolean }): void {
    ts.forEachChild(body, (child) => visit(child, scope));
  }

  function visit(node: ts.Node, scope: { async: boolean }): void {
    if (ts.isFunctionLike(node) || ts.isClassStaticBlockDeclaration(node)) {
      const async = ts.canHaveModifiers(node)
        ? (ts.getModifiers(node) ?? []).some((m) => m.kind === ts.SyntaxKind.AsyncKeyword)
        : false;
      visitBody(node, { async });
      return;
    }
    if (ts.isTypeNode(node)) {
      return;
    }
    if (ts.isAwaitExpression(node)) {
      edits.open(node.getStart(file), `${RUNTIME_NAME}.resume(${RUNTIME_NAME}.here(), `);
      edits.open(node.expression.getStart(file), `${RUNTIME_NAME}.wait(`);
      edits.close(node.expression.end, "))");
      // From the first await of a cell's top level on, the rest of it runs as a continuation.
      scope.async = true;
    } else if (isImportKeyword(ts, node)) {
      edits.open(node.getStart(file), `${RUNTIME_NAME}.`);
    } else if (ts.isForOfStatement(node) && node.awaitModifier) {
      edits.open(node.expression.getStart(file), `${RUNTIME_NAME}.iterate(`);
      edits.close(node.expression.end, ")");
      scope.async = true;
    }
    if (isLoop(ts, node) && (everyLoop || scope.async || containsAwait(ts, node))) {
      checkFlag(node.statement);
    }
    visitBody(node, scope);
  }

  function checkFlag(body: ts.Statement): void {
    const check = ` if (${RUNTIME_NAME}.flag[0]) ${RUNTIME_NAME}.stop();`;
    if (ts.isBlock(body)) {
      edits.open(body.getStart(file) + 1, check);
    } else {
      edits.open(body.getStart(file), `{${check} `);
      edits.close(body.end, " }");
    }
  }
}

/** Keeps the value of a cell's last statement, where that is an expression. */
export function keepLastValue(ts: TypeScript, file: ts.SourceFile, edits: Edits): boolean {
  const last = file.statements.at(-1);
  if (!last || !ts.isExpressionStatement(last)) {
    return false;
  }
  edits.open(last.getStart(file), `${RUNTIME_NAME}.value = (`);
  edits.close(last.expression.end, ")");
  return true;
}

function isImportKeyword(ts: TypeScript, node: ts.Node): boolean {
  return (
    (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) ||
    (ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword)
  );
}

function isLoop(ts: TypeScript, node: ts.Node): node is ts.IterationStatement {
  return ts.isIterationStatement(node, false);
}

function containsAwait(ts: TypeScript, loop: ts.Node): boolean {
  const look = (node: ts.Node): boolean =>
    ts.isAwaitExpression(node) ||
    (ts.isForOfStatement(node) && node.awaitModifier !== undefined) ||
    (!ts.isFunctionLike(node) && (ts.forEachChild(node, look) ?? false));
  return look(loop);
}
