import { topologicalOrder, type Value } from "./value";

/** A computation graph as plain data, for a drawing. */
export interface ValueGraph {
  /** Every value once, each after all that it was computed from. */
  nodes: { id: string; label: string; value: number; gradient: number }[];
  /** From an input to what was computed from it; twice where it was used twice. */
  edges: [from: string, to: string, label?: string][];
}

/**
 * The graph below a result. A node's label is the value's name, the sign of its operation, or both
 * (`"loss: +"`); of a number without a name, the number.
 *
 * @param options.localDerivatives labels each arrow with what a gradient is multiplied by on its way back
 *   along it, `"× 4"`, rounded to four digits. Default false
 *
 * @example
 * show(computationGraphFigure(graphOf(loss)));
 */
export function graphOf(
  result: Value,
  { localDerivatives = false }: { localDerivatives?: boolean } = {},
): ValueGraph {
  const order = topologicalOrder(result);
  const ids = new Map(order.map((value, i) => [value, String(i)]));
  return {
    nodes: order.map((value) => ({
      id: ids.get(value)!,
      label: labelOf(value),
      value: value.data,
      gradient: value.gradient,
    })),
    edges: order.flatMap((value) => {
      const derivatives = localDerivatives ? value.localDerivatives() : [];
      return value.inputs.map((input, i): [string, string, string?] => {
        const [from, to] = [ids.get(input)!, ids.get(value)!];
        return localDerivatives ? [from, to, `× ${rounded(derivatives[i])}`] : [from, to];
      });
    }),
  };
}

function labelOf({ name, operation, data }: Value): string {
  if (name !== "" && operation !== "") {
    return `${name}: ${operation}`;
  }
  return name || operation || String(data);
}

const rounded = (number: number) => Number(number.toPrecision(4));
