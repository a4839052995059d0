import type { Handle } from "./operations";
import { ownDense, ownProductsPay } from "./ownProducts";
import { recordedByTransposed } from "./recordedDense";
import {
  type Inputs,
  inputProduct,
  kernelGradient,
  type RecordedGradients,
  type Sizes,
  statesBefore,
} from "./recurrence";
import { matMulTransposeA, reshape, slice } from "./tensors";
import type { WeightGradient } from "./weightGradients";

// What the recurrences on the library's own operations share in a recording: products over all T N rows, x W
// and the gradients of x, W and U where z = x W + h U.

/** x W for all steps, [T N, M]. */
export function recordedInputProduct(inputs: Inputs, sizes: Sizes): Handle {
  return inputs.indices === undefined && ownProductsPay()
    ? ownDense(inputs.x, inputs.kernel, undefined, "linear")
    : inputProduct(inputs, sizes);
}

/**
 * The chain rule through x W.
 *
 * @param dz the gradient by x W, [T, N, M]
 * @param wantsX whether the gradient by x is wanted, too
 */
export function recordedInputGradients(
  dz: Handle,
  inputs: Inputs,
  { M, ...sizes }: Sizes & { M: number },
  wantsX: boolean,
): Pick<RecordedGradients, "x" | "kernel"> {
  const { T, N, D } = sizes;
  const flat = reshape(dz, T * N, M);
  return {
    x: wantsX ? reshape(recordedByTransposed(flat, inputs.kernel), T, N, D) : undefined,
    kernel:
      ownProductsPay() && inputs.indices === undefined
        ? { xs: [inputs.x], dzs: [dz], rows: D, work: T * N * D * M }
        : kernelGradient(flat, inputs, sizes),
  };
}

/**
 * The chain rule through h U, as far as U goes.
 *
 * @param dz the gradient by h U, [T, N, M]
 * @param sequence h of every step, [T, N, H]
 */
export function recordedStateGradient(
  dz: Handle,
  inputs: Inputs,
  sequence: Handle,
  { M, ...sizes }: Sizes & { M: number },
): WeightGradient {
  const { T, N, H } = sizes;
  if (!ownProductsPay()) {
    const before = statesBefore(inputs.initial[0], sequence, sizes);
    return matMulTransposeA(before, reshape(dz, T * N, M));
  }
  // Step t was a product with the state of step t - 1, the first one with the initial state.
  const xs = [inputs.initial[0]];
  const dzs = [T > 1 ? slice(dz, [0, 0, 0], [1, N, M]) : dz];
  if (T > 1) {
    xs.push(slice(sequence, [0, 0, 0], [T - 1, N, H]));
    dzs.push(slice(dz, [1, 0, 0], [T - 1, N, M]));
  }
  return { xs, dzs, rows: H, work: T * N * H * M };
}
