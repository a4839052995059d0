import { GELU_CUBIC, GELU_LINEAR, NORM_EPSILON } from "../attention";
import type { BlockSizes } from "../engine";
import { boolAttribute, compute, float, type Handle, ints } from "./operations";
import { ownOperations } from "./ownOperations";
import { type Differentiable, recordOwnGelu, recordOwnNorm } from "./ownTransformer";
import { type InputSizes, recordFullAttention } from "./recordedAttention";
import { recordDenseOf } from "./recordedDense";
import { add, multiply, sigmoid, subtract, sumRows } from "./tensors";
import type { WeightGradient } from "./weightGradients";

// A transformer's block on handles, forward and backward, to be recorded in graphs. Time comes first, as in
// all of a recorded step: row t N + n of [T N, D] is step t of sequence n.

const KEEP_DIMENSIONS = [boolAttribute("keep_dims", true)];
const square = (x: Handle) => compute("Square", [x]);
/** The mean of each row [R, D], as [R, 1]. */
const rowMeans = (x: Handle) => compute("Mean", [x, ints(1)], KEEP_DIMENSIONS);

/** Layer normalisation of rows [R, D]. */
export function recordNorm(
  x: Handle,
  gain: Handle,
  bias: Handle,
): Differentiable<{ x: Handle; gain: Handle; bias: Handle }> {
  if (ownOperations() !== undefined) {
    return recordOwnNorm(x, gain, bias);
  }
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
  if (ownOperations() !== undefined) {
    return recordOwnGelu(x);
  }
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

/** A function of a tensor that keeps its shape, or attention. */
type Differentiated = (x: Handle) => Differentiable<Handle>;

/** A recorded block. */
interface RecordedBlock {
  /** [T N, D] */
  output: Handle;
  /** The gradients by the input [T N, D] and by the 12 weights. */
  backward(gradient: Handle): { input: Handle; weights: WeightGradient[] };
}

/**
 * Records a block.
 *
 * @param x [T N, D]
 * @param w the block's 12 weights
 * @param drop multiplies what is added to the input by a new dropout mask
 * @param attend computes causal attention [T N, D] from [T N, 3 D]
 */
export function recordBlock(
  x: Handle,
  w: readonly Handle[],
  sizes: Pick<BlockSizes, "heads" | "hidden" | "rotary">,
  input: InputSizes,
  {
    drop = kept,
    attend = (qkv) => recordFullAttention(qkv, sizes, input),
  }: { drop?: Differentiated; attend?: Differentiated } = {},
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
  const attention = attend(product.value);
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

const kept: Differentiated = (value) => ({ value, backward: (dy) => dy });
