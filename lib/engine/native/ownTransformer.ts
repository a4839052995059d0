import { GELU_CUBIC, GELU_LINEAR, NORM_EPSILON, rotaryTables } from "../attention";
import type { BlockSizes } from "../engine";
import {
  compute,
  computeAll,
  floatAttribute,
  floats,
  type Handle,
  intAttribute,
  zeros,
} from "./operations";

// The parts of a transformer's block that are neither products with weights nor sums, in a recording, on the
// library's own operations: each is one operation, and one for the chain rule through it.

/** A value, and the chain rule through what made it: from the gradient by it to those by the inputs. */
export interface Differentiable<Gradients> {
  value: Handle;
  backward(gradient: Handle): Gradients;
}

/** Layer normalisation of rows [R, D]. */
export function recordOwnNorm(
  x: Handle,
  gain: Handle,
  bias: Handle,
): Differentiable<{ x: Handle; gain: Handle; bias: Handle }> {
  const attributes = [floatAttribute("epsilon", NORM_EPSILON)];
  const [value, normal, inverse] = computeAll("KareninaNorm", [x, gain, bias], 3, attributes);
  return {
    value,
    backward(dy) {
      const given = [dy, gain, normal, inverse];
      const [byX, byGain, byBias] = computeAll("KareninaNormGrad", given, 3);
      return { x: byX, gain: byGain, bias: byBias };
    },
  };
}

/** GELU of each number of [R, D]. */
export function recordOwnGelu(x: Handle): Differentiable<Handle> {
  const attributes = [floatAttribute("cubic", GELU_CUBIC), floatAttribute("linear", GELU_LINEAR)];
  return {
    value: compute("KareninaGelu", [x], attributes),
    backward: (dy) => compute("KareninaGeluGrad", [x, dy], attributes),
  };
}

/**
 * Causal attention of all heads.
 *
 * @param qkv [T N, 3 D]
 * @param size.d numbers of a head
 * @returns [T N, D]
 */
export function recordOwnAttention(
  qkv: Handle,
  { heads, rotary }: Pick<BlockSizes, "heads" | "rotary">,
  { N, T, d }: { N: number; T: number; d: number },
): Differentiable<Handle> {
  const tables = rotary ? rotaryTables(0, T, d) : undefined;
  const turns = () =>
    tables === undefined
      ? [zeros(0), zeros(0)]
      : [floats(tables.cosines, T, d), floats(tables.sines, T, d)];
  const attributes = [intAttribute("heads", heads), intAttribute("sequences", N)];
  const given = [qkv, ...turns()];
  const [value, weights] = computeAll("KareninaAttention", given, 2, attributes);
  return {
    value,
    backward: (dy) => compute("KareninaAttentionGrad", [...given, value, weights, dy], attributes),
  };
}
