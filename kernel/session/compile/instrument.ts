import type ts from "typescript";
import type { TypeScript } from "../host";
import { watchCaught } from "./caughtErrors";
import type { Edits } from "./edits";
import { comesFromOutside, declaredNames, isHeld } from "./outside";

/**
 * The name under which running code reaches its runtime (see CellRuntime). Code is changed only
 * between checking and emitting, so nobody meets the name while writing a cell.
 */
export const RUNTIME_NAME = "__cell";

/** Where a function that needs it notes the cell that it began in. */
const HERE = `${RUNTIME_NAME}_here`;

/** Functions of `Promise` that make one promise of several. */
const JOINS = new Set(["all", "allSettled", "any", "race"]);

/** How loops read the flag of the runtime: as an element of shared memory. */
export const FLAG_ELEMENT = "[0]";
/** The same for engines that read an element once where nothing in a loop changes it. */
export const FLAG_GETTER = ".raised";

/** Does a piece of changed code begin with a whole statement that {@link instrument} has inserted? */
export function isOwnStatement(code: string): boolean {
  return OWN_STATEMENT.test(code);
}

const OWN_STATEMENT = new RegExp(
  `^[\\s{;]*(?:if \\(${RUNTIME_NAME}(?:\\.|_)flag(?:\\[0\\]|\\.raised)\\)|(?:const|let) ${RUNTIME_NAME}_\\w+ =|` +
    `let [\\w$]+ = ${RUNTIME_NAME}_copy_|__at_([\\w$]+)\\.\\1 = \\1;|` +
    `${RUNTIME_NAME}\\.(?:stop\\(\\)|begin\\(\\);|enter\\(|resume\\(${RUNTIME_NAME}_here\\)|caught\\b)|` +
    `typeof ${RUNTIME_NAME} ===|throw ${RUNTIME_NAME}_error;)`,
);

/** What is known of the function, or of the top level, that is being looked through. */
interface Body {
  async: boolean;
  /** Where a statement can stand that comes before all others. */
  start: number;
  notesHere: boolean;
}

/**
 * Makes code stoppable and loadable, by insertions that move no line and, as far as the code can
 * tell, change neither values nor the order in which promises settle:
 *
 * - `await x` becomes `__cell.resume(__cell.here(), await __cell.wait(x))`: the same promise is
 *   awaited, and when the code goes on it learns whether its cell has been stopped. Where x comes
 *   from Node or a package, `guard` can put another promise in its place. To tell which do, async
 *   functions say when they begin;
 * - a promise from Node or a package may be awaited later, through a variable or by way of
 *   `Promise.all` and the like: `note` remembers it, and so do `joining` and `joined` what is made
 *   of several, so that `wait` can do as `guard` does;
 * - `new Promise(f)` becomes `new (__cell.promise(Promise))(f)`, which Stop can reject: so the
 *   awaits that wait for it, directly or not, end;
 * - after a rejection, and in `for await`, the cell that the code belongs to is noted again;
 * - `import(x)` and `import.meta` go to `__cell.import`, because the rest is CommonJS;
 * - loops that may run after an `await` look at a flag in shared memory. Terminating them from
 *   outside, as is done with all others, aborts Node 20 and 22 while AsyncLocalStorage is in use;
 * - what a `catch` or a handler catches is shown to `__cell.caught` first.
 *
 * @param options `everyLoop`: all loops look at the flag, which slows the tightest of them down;
 *   `flagRead`: how they do, behind its name; `asyncFrom`: where something is awaited first that is not in the text; `isFlagged`: does the loop
 *   that begins at an offset look at the flag already? `isFunction`: is a name that of a function whose
 *   text is in another cell? What such a one gives has been noted where it came from.
 */
export function instrument(
  ts: TypeScript,
  file: ts.SourceFile,
  edits: Edits,
  {
    everyLoop = false,
    flagRead = FLAG_ELEMENT,
    asyncFrom = Number.POSITIVE_INFINITY,
    isFlagged = (_start: number): boolean => false,
    isFunction = (_name: string): boolean => false,
  } = {},
): void {
  const own = declaredNames(ts, file);
  const topLevel = { async: false, start: afterPrologue(file.statements), notesHere: false };
  for (const statement of file.statements) {
    topLevel.async ||= statement.end > asyncFrom;
    visit(statement, topLevel);
  }
  watchCaught(ts, file, edits, RUNTIME_NAME);

  function visitBody(node: ts.Node, body: Body): void {
    ts.forEachChild(node, (child) => visit(child, body));
  }

  function visit(node: ts.Node, body: Body): void {
    if (ts.isFunctionLike(node) || ts.isClassStaticBlockDeclaration(node)) {
      const async = ts.canHaveModifiers(node)
        ? (ts.getModifiers(node) ?? []).some((m) => m.kind === ts.SyntaxKind.AsyncKeyword)
        : false;
      const block = (node as { body?: ts.Node }).body;
      const start = block && ts.isBlock(block) ? afterPrologue(block.statements) : -1;
      if (async && block && ts.isBlock(block)) {
        edits.ahead(start, `${RUNTIME_NAME}.begin(); `);
      } else if (async && block) {
        edits.open(block.getStart(file), `(${RUNTIME_NAME}.begin(), `);
        edits.close(block.end, ")");
      }
      visitBody(node, { async, start, notesHere: false });
      return;
    }
    if (ts.isTypeNode(node)) {
      return;
    }
    if (ts.isAwaitExpression(node)) {
      instrumentAwait(node);
      // From the first await of a cell's top level on, the rest of it runs as a continuation.
      body.async = true;
    } else if (ts.isCallExpression(node) && isJoin(node)) {
      instrumentJoin(node);
    } else if (ts.isCallExpression(node) && isHeld(ts, node, own, isFunction)) {
      // Whoever awaits what an async function returns waits for the function.
      instrumentHeld(node, isReturned(node) && body.async ? "guard" : "note");
    } else if (isImportKeyword(ts, node)) {
      edits.open(node.getStart(file), `${RUNTIME_NAME}.`);
    } else if (isNewPromise(node)) {
      edits.open(node.expression.getStart(file), `(${RUNTIME_NAME}.promise(`);
      edits.close(node.expression.end, "))");
    } else if (ts.isForOfStatement(node) && node.awaitModifier) {
      edits.open(node.expression.getStart(file), `${RUNTIME_NAME}.iterate(`);
      edits.close(
        node.expression.end,
        `, ${JSON.stringify(calledInErrors(ts, node.expression, file))})`,
      );
      noteHere(body);
      atBeginning(node.statement, `${RUNTIME_NAME}.resume(${HERE});`);
      if (ts.isBlock(node.parent) || ts.isSourceFile(node.parent)) {
        edits.close(node.end, ` ${RUNTIME_NAME}.resume(${HERE});`);
      }
      body.async = true;
    } else if (ts.isTryStatement(node) && containsAwait(ts, node.tryBlock)) {
      noteHere(body);
      for (const block of [node.catchClause?.block, node.finallyBlock]) {
        if (block) {
          atBeginning(block, `${RUNTIME_NAME}.enter(${HERE});`);
        }
      }
    }
    const isFlaggable = isLoop(ts, node) && !isFlagged(node.getStart(file));
    if (isFlaggable && (everyLoop || body.async || containsAwait(ts, node))) {
      atBeginning(node.statement, `if (${RUNTIME_NAME}.flag${flagRead}) ${RUNTIME_NAME}.stop();`);
    }
    visitBody(node, body);
  }

  function instrumentAwait(node: ts.AwaitExpression): void {
    edits.open(node.getStart(file), `${RUNTIME_NAME}.resume(${RUNTIME_NAME}.here(), `);
    const wait = comesFromOutside(ts, node.expression, own)
      ? `${RUNTIME_NAME}.guard(${RUNTIME_NAME}.mark(), `
      : `${RUNTIME_NAME}.wait(`;
    edits.open(node.expression.getStart(file), wait);
    edits.close(node.expression.end, "))");
  }

  function instrumentHeld(node: ts.CallExpression, how: "guard" | "note"): void {
    edits.open(node.getStart(file), `${RUNTIME_NAME}.${how}(${RUNTIME_NAME}.mark(), `);
    edits.close(node.end, ")");
  }

  function instrumentJoin(node: ts.CallExpression): void {
    const [list] = node.arguments;
    edits.open(node.getStart(file), `${RUNTIME_NAME}.joined(`);
    edits.open(list.getStart(file), `${RUNTIME_NAME}.joining(`);
    edits.close(list.end, ")");
    edits.close(node.end, ")");
  }

  /** `Promise.all(list)` and its like, unless `Promise` is something of the user's own. */
  function isJoin({ expression, arguments: given }: ts.CallExpression): boolean {
    return (
      ts.isPropertyAccessExpression(expression) &&
      ts.isIdentifier(expression.expression) &&
      expression.expression.text === "Promise" &&
      JOINS.has(expression.name.text) &&
      given.length === 1 &&
      !ts.isSpreadElement(given[0])
    );
  }

  function isReturned({ parent }: ts.Node): boolean {
    return ts.isReturnStatement(parent) || ts.isArrowFunction(parent);
  }

  function noteHere(body: Body): void {
    if (!body.notesHere) {
      body.notesHere = true;
      edits.ahead(body.start, `const ${HERE} = ${RUNTIME_NAME}.here(); `);
    }
  }

  function atBeginning(statement: ts.Statement, code: string): void {
    if (ts.isBlock(statement)) {
      edits.open(statement.getStart(file) + 1, ` ${code}`);
    } else {
      edits.open(statement.getStart(file), `{ ${code} `);
      edits.close(statement.end, " }");
    }
  }

  /** Behind directives such as "use strict", which are none unless they stand first. */
  function afterPrologue(statements: ts.NodeArray<ts.Statement>): number {
    const first = statements.find(
      (statement) =>
        !ts.isExpressionStatement(statement) || !ts.isStringLiteral(statement.expression),
    );
    return first ? first.getStart(file) : statements.end;
  }

  function isNewPromise(node: ts.Node): node is ts.NewExpression {
    return (
      ts.isNewExpression(node) &&
      ts.isIdentifier(node.expression) &&
      node.expression.text === "Promise"
    );
  }
}

/** What V8 calls an expression that has no name. */
const UNNAMED = "(intermediate value)";

/** What V8 says of a call that gives nothing iterable, behind its name for the call. */
export const NOTHING_ITERABLE = " is not a function or its return value";

/** How V8 calls an expression that turns out not to be iterable. */
function calledInErrors(ts: TypeScript, expression: ts.Expression, file: ts.SourceFile): string {
  const calledWithin = (inner: ts.Expression) =>
    calledInErrors(ts, inner, file).replace(NOTHING_ITERABLE, "");
  if (
    ts.isParenthesizedExpression(expression) ||
    ts.isNonNullExpression(expression) ||
    ts.isAsExpression(expression) ||
    ts.isSatisfiesExpression(expression)
  ) {
    return calledInErrors(ts, expression.expression, file);
  }
  if (ts.isCallExpression(expression)) {
    return `${calledWithin(expression.expression)}(...)${NOTHING_ITERABLE}`;
  }
  if (ts.isTaggedTemplateExpression(expression)) {
    return `${calledWithin(expression.tag)}(...)${NOTHING_ITERABLE}`;
  }
  if (ts.isNewExpression(expression)) {
    return UNNAMED + NOTHING_ITERABLE;
  }
  if (ts.isPropertyAccessExpression(expression)) {
    return `${calledWithin(expression.expression)}.${expression.name.text}`;
  }
  if (
    ts.isElementAccessExpression(expression) &&
    ts.isStringLiteral(expression.argumentExpression)
  ) {
    return `${calledWithin(expression.expression)}.${expression.argumentExpression.text}`;
  }
  const isNamed =
    ts.isIdentifier(expression) ||
    ts.isLiteralExpression(expression) ||
    expression.kind === ts.SyntaxKind.ThisKeyword;
  return isNamed ? expression.getText(file) : UNNAMED;
}

/** Has the runtime run a command of the shell at a place between two statements, and waits for it. */
export function runCommand(edits: Edits, position: number, command: string): void {
  const run = `${RUNTIME_NAME}.command(${JSON.stringify(command)})`;
  edits.open(
    position,
    `;${RUNTIME_NAME}.resume(${RUNTIME_NAME}.here(), await ${RUNTIME_NAME}.wait(${run}));`,
  );
}

/** Has the runtime measure an expression, or what a block does, and waits for it. */
export function measureStatement(
  ts: TypeScript,
  file: ts.SourceFile,
  statement: ts.Statement,
  edits: Edits,
): void {
  const measured = ts.isExpressionStatement(statement) ? statement.expression : statement;
  const asynchronous = containsAwait(ts, measured);
  const [open, close] = measured === statement ? ["", ""] : ["(", ")"];
  const call = `${RUNTIME_NAME}.measure(${asynchronous}, ${asynchronous ? "async " : ""}() => ${open}`;
  edits.open(
    measured.getStart(file),
    `;${RUNTIME_NAME}.resume(${RUNTIME_NAME}.here(), await ${RUNTIME_NAME}.wait(${call}`,
  );
  edits.close(measured.end, `${close})));`);
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

function containsAwait(ts: TypeScript, part: ts.Node): boolean {
  const look = (node: ts.Node): boolean =>
    ts.isAwaitExpression(node) ||
    (ts.isForOfStatement(node) && node.awaitModifier !== undefined) ||
    (!ts.isFunctionLike(node) && (ts.forEachChild(node, look) ?? false));
  return look(part);
}
