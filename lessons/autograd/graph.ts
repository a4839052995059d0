import { topologicalOrder, type Value } from "./value";

/** A computation graph as plain data, for a drawing. */
export interface ValueGraph {
  /** Every value once, each after all that it was computed from. */
  nodes: { id: string; label: string; value: number; gradient: number }[];
  /** From an input to what was computed from it; twice where it was used twice. */
  edges: [from: string, to: string][];
}

/**
 * The graph below a result. A node's label is the value's name, the sign of its operation, or both
 * (`"loss: +"`); of a number without a name, the number.
 *
 * @example
 * show(computationGraphFigure(graphOf(loss)));
 */
export function graphOf(result: Value): ValueGraph {
  const order = topologicalOrder(result);
  const ids = new Map(order.map((value, i) => [value, String(i)]));
  return {
    nodes: order.map((value) => ({
      id: ids.get(value)!,
      label: labelOf(value),
      value: value.data,
      gradient: value.gradient,
    })),
    edges: order.flatMap((value) =>
      value.inputs.map((input): [string, string] => [ids.get(input)!, ids.get(value)!]),
    ),
  };
}

function labelOf({ name, operation, data }: Value): string {
  if (name !== "" && operation !== "") {
    return `${name}: ${operation}`;
  }
  return name || operation || String(data);
}
