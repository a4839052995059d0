import type ts from "typescript";
import type { Mention } from "./mentions";

/** A name of an earlier cell that a cell uses. */
export interface Input {
  name: string;
  /** Its type, as the checker writes it; none for a name that is only used as a type. */
  type?: string;
  /** Do functions use it, which may run at any time? */
  inFunction: boolean;
}

/**
 * What a cell takes from earlier ones, each name once.
 *
 * @param types the names that it uses as types
 */
export function readInputs(
  checker: ts.TypeChecker,
  mentions: readonly Mention[],
  types: Set<string>,
): Input[] {
  const inputs = new Map<string, Input>();
  for (const { name, node, inFunction } of mentions.filter(({ from }) => from === "earlier")) {
    const known = inputs.get(name);
    const type = known?.type ?? checker.typeToString(checker.getTypeAtLocation(node));
    inputs.set(name, { name, type, inFunction: inFunction || known?.inFunction === true });
  }
  for (const name of types) {
    if (!inputs.has(name)) {
      inputs.set(name, { name, inFunction: false });
    }
  }
  return [...inputs.values()];
}
