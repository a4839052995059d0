import { causalMask, GELU_CUBIC, GELU_LINEAR, NORM_EPSILON, rotaryTables } from "../attention";
import type { BlockSizes } from "../engine";
import { boolAttribute, compute, float, floats, type Handle, ints } from "./operations";
import { recordDenseOf } from "./recordedDense";
import {
  add,
  concat,
  multiply,
  reshape,
  sigmoid,
  split,
  stack,
  subtract,
  sumRows,
  unstack,
} from "./tensors";
import type { WeightGradient } from "./weightGradients";

// A transformer's block on handles, forward and backward, to be recorded in graphs. Time comes first, as in
// all of a recorded step: row t N + n of [T N, D] is step t of sequence n.

const KEEP_DIMENSIONS = [boolAttribute("keep_dims", true)];
const [PLAIN, SECOND_TRANSPOSED, FIRST_TRANSPOSED] = [
  [false, false],
  [false, true],
  [true, false],
].map(([first, second]) => [boolAttribute("adj_x", first), boolAttribute("adj_y", second)]);

const permuted = (x: Handle, ...order: number[]) => compute("Transpose", [x, ints(...order)]);
const square = (x: Handle) => compute("Square", [x]);
/** Products of matrices that lie in stacks. */
const products = (a: Handle, b: Handle, kind = PLAIN) => compute("BatchMatMulV2", [a, b], kind);
/** The mean of each row [R, D], as [R, 1]. */
const rowMeans = (x: Handle) => compute("Mean", [x, ints(1)], KEEP_DIMENSIONS);

/** A value, and the chain rule through what made it: from the gradient by it to those by the inputs. */
interface Differentiable<Gradients> {
  value: Handle;
  backward(gradient: Handle): Gradients;
}

/** Layer normalisation of rows [R, D]. */
export function recordNorm(
  x: Handle,
  gain: Handle,
  bias: Handle,
): Differentiable<{ x: Handle; gain: Handle; bias: Handle }> {
  const centred = subtract(x, rowMeans(x));
  const inverse = compute("Rsqrt", [add(rowMeans(square(centred)), float(NORM_EPSILON))]);
  const normal = multiply(centred, inverse);
  return {
    value: add(multiply(normal, gain), bias),
    backward(dy) {
      const byNormal = multiply(dy, gain);
      const along = multiply(normal, rowMeans(multiply(byNormal, normal)));
      const across = subtract(subtract(byNormal, rowMeans(byNormal)), along);
      return {
        x: multiply(across, inverse),
        gain: sumRows(multiply(dy, normal)),
        bias: sumRows(dy),
      };
    },
  };
}

function recordGelu(x: Handle): Differentiable<Handle> {
  const cubic = multiply(square(x), float(GELU_CUBIC));
  const gate = sigmoid(multiply(x, add(cubic, float(GELU_LINEAR))));
  const value = multiply(x, gate);
  return {
    value,
    backward(dy) {
      const inner = add(multiply(cubic, float(3)), float(GELU_LINEAR));
      // x gate (1 - gate) inner = (value - value gate) inner
      const bend = multiply(subtract(value, multiply(value, gate)), inner);
      return multiply(dy, add(gate, bend));
    },
  };
}

/** The numbers of a block's input: sequences, steps, width. */
interface InputSizes {
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
 * @returns [T N, D], and the keys and values
 */
function recordAttention(
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

/** A recorded block. */
interface RecordedBlock {
  /** [T N, D] */
  output: Handle;
  /** Each [N, h, S + T, d]. */
  keys: Handle;
  values: Handle;
  /** The gradients by the input [T N, D] and by the 12 weights. */
  backward(gradient: Handle): { input: Handle; weights: WeightGradient[] };
}

/**
 * Records a block.
 *
 * @param x [T N, D]
 * @param w the block's 12 weights
 * @param drop multiplies what is added to the input by a new dropout mask
 * @param past of a stepper
 */
export function recordBlock(
  x: Handle,
  w: readonly Handle[],
  sizes: Pick<BlockSizes, "heads" | "hidden" | "rotary">,
  input: InputSizes,
  { drop = kept, past }: { drop?: (x: Handle) => Differentiable<Handle>; past?: RecordedPast } = {},
): RecordedBlock {
  const { N, T, D } = input;
  const { hidden: E } = sizes;
  const dense = (from: Handle, place: number, D: number, M: number) => {
    const ofLayer = { rows: T * N, D, M, activation: "linear" } as const;
    const { value, backward } = recordDenseOf(from, w[place], w[place + 1], ofLayer);
    return {
      value,
      backward(dy: Handle) {
        const { x, kernel, bias } = backward(dy, true);
        return { x: x as Handle, weights: [kernel, bias] };
      },
    };
  };
  const first = recordNorm(x, w[0], w[1]);
  const product = dense(first.value, 2, D, 3 * D);
  const attention = recordAttention(product.value, sizes, input, past);
  const projection = dense(attention.value, 4, D, D);
  const mixed = drop(projection.value);
  const middle = add(x, mixed.value);
  const second = recordNorm(middle, w[6], w[7]);
  const expansion = dense(second.value, 8, D, E);
  const hidden = recordGelu(expansion.value);
  const contraction = dense(hidden.value, 10, E, D);
  const thought = drop(contraction.value);
  return {
    output: add(middle, thought.value),
    keys: attention.keys,
    values: attention.values,
    backward(gradient) {
      const byContraction = contraction.backward(thought.backward(gradient));
      const byExpansion = expansion.backward(hidden.backward(byContraction.x));
      const byNorm = second.backward(byExpansion.x);
      const byMiddle = add(gradient, byNorm.x);
      const byProjection = projection.backward(mixed.backward(byMiddle));
      const byProduct = product.backward(attention.backward(byProjection.x));
      const byFirst = first.backward(byProduct.x);
      return {
        input: add(byMiddle, byFirst.x),
        weights: [
          byFirst.gain,
          byFirst.bias,
          ...byProduct.weights,
          ...byProjection.weights,
          byNorm.gain,
          byNorm.bias,
          ...byExpansion.weights,
          ...byContraction.weights,
        ],
      };
    },
  };
}

const kept = (value: Handle): Differentiable<Handle> => ({ value, backward: (dy) => dy });
