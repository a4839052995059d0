import { causalMask, rotaryTables } from "../attention";
import type { BlockSizes } from "../engine";
import { boolAttribute, compute, float, floats, type Handle, ints } from "./operations";
import { ownOperations } from "./ownOperations";
import { type Differentiable, recordOwnAttention } from "./ownTransformer";
import { add, concat, multiply, reshape, split, stack, subtract, unstack } from "./tensors";

// Causal attention on handles, forward and backward, to be recorded in graphs. Row t N + n of [T N, D] is step
// t of sequence n.

const KEEP_DIMENSIONS = [boolAttribute("keep_dims", true)];
const [PLAIN, SECOND_TRANSPOSED, FIRST_TRANSPOSED] = [
  [false, false],
  [false, true],
  [true, false],
].map(([first, second]) => [boolAttribute("adj_x", first), boolAttribute("adj_y", second)]);

const permuted = (x: Handle, ...order: number[]) => compute("Transpose", [x, ints(...order)]);
/** Products of matrices that lie in stacks. */
const products = (a: Handle, b: Handle, kind = PLAIN) => compute("BatchMatMulV2", [a, b], kind);

/** The numbers of a block's input: sequences, steps, width. */
export interface InputSizes {
  N: number;
  T: number;
  D: number;
}

/** [2, N, h, T, d], queries and keys, turned by the tables of their places [T, d]. */
function turned(x: Handle, cosines: Handle, sines: Handle, isBackward: boolean): Handle {
  const [low, high] = split(x, 2, 4);
  const minus = float(-1);
  const across = isBackward
    ? concat([high, multiply(low, minus)], 4)
    : concat([multiply(high, minus), low], 4);
  return add(multiply(x, cosines), multiply(across, sines));
}

/** Keys and values of the steps before, each [N, h, S, d], and the tables of the places of those that come. */
export interface RecordedPast {
  keys: Handle;
  values: Handle;
  cosines: Handle;
  sines: Handle;
}

/**
 * Causal attention of all heads.
 *
 * @param qkv [T N, 3 D]
 * @param past of a stepper, which reads one step at a time
 * @returns [T N, D], and the keys and values, each [N, h, S + T, d]
 */
export function recordAttention(
  qkv: Handle,
  { heads: h, rotary }: Pick<BlockSizes, "heads" | "rotary">,
  { N, T, D }: InputSizes,
  past?: RecordedPast,
): Differentiable<Handle> & { keys: Handle; values: Handle } {
  const d = D / h;
  const scale = float(1 / Math.sqrt(d));
  const heads = permuted(reshape(qkv, T, N, 3, h, d), 2, 1, 3, 0, 4); // [3, N, h, T, d]
  let [q, k, v] = unstack(heads, 3);
  const tables = rotaryTables(0, T, d);
  const cosines = () => past?.cosines ?? floats(tables.cosines, T, d);
  const sines = () => past?.sines ?? floats(tables.sines, T, d);
  if (rotary) {
    [q, k] = unstack(turned(stack([q, k]), cosines(), sines(), false), 2);
  }
  const keys = past ? concat([past.keys, k], 2) : k;
  const values = past ? concat([past.values, v], 2) : v;
  const scaled = multiply(q, scale);
  const scores = products(scaled, keys, SECOND_TRANSPOSED);
  const masked = T === 1 ? scores : add(scores, floats(causalMask(T), T, T));
  const weights = compute("Softmax", [masked]); // [N, h, T, T]
  const seen = products(weights, values);
  return {
    value: reshape(permuted(seen, 2, 0, 1, 3), T * N, D),
    keys,
    values,
    backward(gradient) {
      const dy = permuted(reshape(gradient, T, N, h, d), 1, 2, 0, 3); // [N, h, T, d]
      const byValues = products(weights, dy, FIRST_TRANSPOSED);
      const byWeights = products(dy, v, SECOND_TRANSPOSED);
      // Σ weights byWeights of a row is Σ seen dy of it, which is T / d times less to sum.
      const means = compute("Sum", [multiply(seen, dy), ints(3)], KEEP_DIMENSIONS);
      const byScores = multiply(weights, subtract(byWeights, means));
      let byQueries = multiply(products(byScores, k), scale);
      let byKeys = products(byScores, scaled, FIRST_TRANSPOSED);
      if (rotary) {
        const back = turned(stack([byQueries, byKeys]), cosines(), sines(), true);
        [byQueries, byKeys] = unstack(back, 2);
      }
      return reshape(permuted(stack([byQueries, byKeys, byValues]), 3, 1, 0, 2, 4), T * N, 3 * D);
    },
  };
}

/** The same where nothing was read before. */
export function recordFullAttention(
  qkv: Handle,
  sizes: Pick<BlockSizes, "heads" | "rotary">,
  input: InputSizes,
): Differentiable<Handle> {
  return ownOperations() === undefined
    ? recordAttention(qkv, sizes, input)
    : recordOwnAttention(qkv, sizes, { ...input, d: input.D / sizes.heads });
}
