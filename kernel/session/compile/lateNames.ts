import type ts from "typescript";
import type { TypeScript } from "../host";
import type { Edits } from "./edits";
import type { Mention } from "./mentions";

const PREFIX = "__at_";

/** The variable of running code that holds a name's place; see run/places.ts. */
export function placeOf(name: string): string {
  return PREFIX + name;
}

/** The mentions that are to find whatever the name stands for when they are evaluated. */
export function lateMentions(mentions: readonly Mention[]): Mention[] {
  return mentions.filter(({ from, inFunction }) => from !== "own" || inFunction);
}

/**
 * Has mentions read their name's place: `helper(1)` becomes `(0, __at_helper.helper)(1)`, and
 * `counter++` becomes `__at_counter.counter++`.
 *
 * @param toOriginal from a place in the text that the mentions are from to one in the edited text
 */
export function linkLate(
  ts: TypeScript,
  mentions: readonly Mention[],
  edits: Edits,
  toOriginal: (offset: number) => number,
): void {
  for (const { name, node } of mentions) {
    const start = toOriginal(node.getStart());
    const end = toOriginal(node.end);
    const { parent } = node;
    if (ts.isShorthandPropertyAssignment(parent)) {
      edits.open(start, `${name}: ${placeOf(name)}.`);
    } else if (isCalled(ts, node)) {
      // Called as a member it would get the place as its `this`.
      edits.open(start, `(0, ${placeOf(name)}.`);
      edits.close(end, ")");
      if (beginsStatement(ts, node)) {
        // The line before may do without a semicolon, and would call what it ends with.
        edits.ahead(start, ";");
      }
    } else {
      edits.open(start, `${placeOf(name)}.`);
    }
  }
}

/** A message of V8's in which places are called by the names that they are the places of. */
export function withoutPlaces(message: string): string {
  return message.replace(PLACE, (_, called: string, read: string) => called ?? read);
}

const IDENTIFIER = "[\\p{ID_Continue}$]+";
const PLACE = new RegExp(
  `\\(0 , ${PREFIX}(${IDENTIFIER})\\.\\1\\)|(?<![\\p{ID_Continue}$])${PREFIX}(${IDENTIFIER})\\.\\2(?![\\p{ID_Continue}$])`,
  "gu",
);

function isCalled(ts: TypeScript, node: ts.Identifier): boolean {
  const { parent } = node;
  return (
    (ts.isCallExpression(parent) && parent.expression === node) ||
    (ts.isTaggedTemplateExpression(parent) && parent.tag === node)
  );
}

/** Is it the first word of a statement in a list of statements? */
function beginsStatement(ts: TypeScript, node: ts.Node): boolean {
  let at = node;
  while (!ts.isStatement(at) && at.parent.getStart() === node.getStart()) {
    at = at.parent;
  }
  return (
    ts.isExpressionStatement(at) &&
    (ts.isSourceFile(at.parent) ||
      ts.isBlock(at.parent) ||
      ts.isModuleBlock(at.parent) ||
      ts.isCaseOrDefaultClause(at.parent))
  );
}
