import type ts from "typescript";
import { Edits } from "../compile/edits";
import { declaredNames } from "../compile/outside";
import { parseModule, syntaxErrors } from "../compile/parse";
import type { TypeScript } from "../host";

/** An expression, or statements, in a notebook's TypeScript. */
export interface DebugExpression {
  code: string;
  /** JavaScript for an object that has the session's names as properties. */
  names: string;
  /** Is a name one of those properties? All others are variables of the frame, or global. */
  isSessionName(name: string): boolean;
}

/**
 * Turns what somebody types into a debugger into JavaScript that the engine can evaluate in a frame:
 * types go, and names of the session are read from where they lie.
 *
 * @throws SyntaxError where it is no TypeScript
 */
export function emitExpression(
  ts: TypeScript,
  { code, names, isSessionName }: DebugExpression,
): string {
  const whole = `(${code}\n)`;
  const asExpression = parseModule(ts, "expression.ts", whole);
  const isExpression = syntaxErrors(asExpression).length === 0;
  const text = isExpression ? whole : code;
  const file = isExpression ? asExpression : parseModule(ts, "expression.ts", code);
  const [error] = syntaxErrors(file);
  if (error) {
    throw new SyntaxError(ts.flattenDiagnosticMessageText(error.messageText, "\n"));
  }
  const own = declaredNames(ts, file);
  own.delete("Promise");
  const edits = new Edits();
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) {
      return;
    }
    if (ts.isIdentifier(node) && isReference(ts, node) && !own.has(node.text)) {
      if (isSessionName(node.text)) {
        link(ts, node, edits, names);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  const { outputText } = ts.transpileModule(edits.apply(text).text, {
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      removeComments: true,
    },
  });
  return outputText.trim().replace(/;$/, "");
}

/** The names that stand for values in a piece of code and that it does not declare. */
function isReference(ts: TypeScript, node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) || ts.isQualifiedName(parent)) {
    return (parent as { name?: ts.Node; right?: ts.Node }).name !== node;
  }
  if (ts.isShorthandPropertyAssignment(parent)) {
    return parent.name === node;
  }
  return (parent as { name?: ts.Node }).name !== node && !ts.isLabeledStatement(parent);
}

function link(ts: TypeScript, node: ts.Identifier, edits: Edits, names: string): void {
  const { parent } = node;
  const [start, end] = [node.getStart(), node.end];
  if (ts.isShorthandPropertyAssignment(parent)) {
    edits.open(start, `${node.text}: ${names}.`);
  } else if (
    (ts.isCallExpression(parent) && parent.expression === node) ||
    (ts.isTaggedTemplateExpression(parent) && parent.tag === node)
  ) {
    edits.open(start, `(0, ${names}.`);
    edits.close(end, ")");
  } else {
    edits.open(start, `${names}.`);
  }
}
