import type ts from "typescript";
import type { Edits } from "./edits";
import { RUNTIME_NAME } from "./instrument";
import type { TypeScript } from "./typescript";

/**
 * Has what a `catch` catches looked at first, so that a message in which V8 quotes emitted code is
 * in terms of the user's when it is read (see engine-messages.ts). A function may be sent elsewhere
 * as text, where nobody is there to look.
 */
export function watchCatches(ts: TypeScript, file: ts.SourceFile, edits: Edits): void {
  const visit = (node: ts.Node): void => {
    const name = ts.isCatchClause(node) ? node.variableDeclaration?.name : undefined;
    if (ts.isCatchClause(node) && name && ts.isIdentifier(name)) {
      edits.open(
        node.block.getStart(file) + 1,
        ` typeof ${RUNTIME_NAME} === "object" && ${RUNTIME_NAME}.caught?.(${name.text});`,
      );
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
}
