import type { Activation } from "../engine";
import { denseForward, slopeTimes } from "./feedForward";
import type { Handle } from "./operations";
import {
  ownDense,
  ownProductByTransposed,
  ownProductsPay,
  ownTransposedProductsPay,
  ownWeightGradientPays,
} from "./ownProducts";
import { matMul, matMulTransposeA, sumRows, transpose } from "./tensors";
import type { WeightGradient } from "./weightGradients";

// Dense layers in recordings, by the library's own products where these pay.

/** Sizes and kind of a dense layer on matrices: x [rows, D] to y [rows, M]. */
interface DenseSizes {
  rows: number;
  D: number;
  M: number;
  activation: Activation;
}

/** With fewer rows, packing the weights for a product takes longer than it saves. */
const FEWEST_ROWS = 8;

/** A dense layer in a recording, and the chain rule through it. */
interface RecordedDense {
  /** [rows, M] */
  value: Handle;
  backward(dy: Handle, wantsX: boolean): { x?: Handle; kernel: WeightGradient; bias: Handle };
}

/** Records f(x W + b). */
export function recordDenseOf(
  x: Handle,
  kernel: Handle,
  bias: Handle | undefined,
  { rows, D, M, activation }: DenseSizes,
): RecordedDense {
  const enough = rows >= FEWEST_ROWS;
  const value =
    enough && ownProductsPay()
      ? ownDense(x, kernel, bias, activation)
      : denseForward(x, kernel, bias, activation);
  return {
    value,
    backward(dy, wantsX) {
      const dz = slopeTimes(activation, value, dy);
      return {
        x: wantsX ? recordedByTransposed(dz, kernel) : undefined,
        kernel:
          enough && ownWeightGradientPays(rows)
            ? { xs: [x], dzs: [dz], rows: D, work: rows * D * M }
            : matMulTransposeA(x, dz),
        bias: sumRows(dz),
      };
    },
  };
}

/** dz Wᵀ for dz [rows, M], W [D, M]: [rows, D]. */
export function recordedByTransposed(dz: Handle, kernel: Handle): Handle {
  return ownTransposedProductsPay()
    ? ownProductByTransposed(dz, kernel)
    : matMul(dz, transpose(kernel));
}
