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

// What the recurrences on the library's own operations share in a recording: products over all T N rows, x W
// and the gradients of x, W and U where z = x W + h U.

/** x W for all steps, [T N, M]. */
export function recordedInputProduct(inputs: Inputs, sizes: Sizes): Handle {
  return inputs.indices === undefined && ownProductsPay()
    ? ownDense(inputs.x, inputs.kernel, undefined, "linear")
    : inputProduct(inputs, sizes);
}

/**
 * The chain rule through x W and h U.
 *
 * @param dz the gradient by z [T, N, M]
 * @param sequence h of every step, [T, N, H]
 * @param wantsX whether the gradient by x is wanted, too
 */
export function recordedProductGradients(
  dz: Handle,
  inputs: Inputs,
  sequence: Handle,
  { M, ...sizes }: Sizes & { M: number },
  wantsX: boolean,
): Omit<RecordedGradients, "bias"> {
  const { T, N, D } = sizes;
  const flat = reshape(dz, T * N, M);
  return {
    x: wantsX ? reshape(recordedByTransposed(flat, inputs.kernel), T, N, D) : undefined,
    ...(ownProductsPay()
      ? weightFactors(dz, flat, inputs, sequence, { M, ...sizes })
      : {
          kernel: kernelGradient(flat, inputs, sizes),
          recurrentKernel: matMulTransposeA(statesBefore(inputs.initial[0], sequence, sizes), flat),
        }),
  };
}

function weightFactors(
  dz: Handle,
  flat: Handle,
  inputs: Inputs,
  sequence: Handle,
  { M, ...sizes }: Sizes & { M: number },
): Pick<RecordedGradients, "kernel" | "recurrentKernel"> {
  const { T, N, D, H } = sizes;
  // Step t was a product with the state of step t - 1, the first one with the initial state.
  const xs = [inputs.initial[0]];
  const dzs = [T > 1 ? slice(dz, [0, 0, 0], [1, N, M]) : dz];
  if (T > 1) {
    xs.push(slice(sequence, [0, 0, 0], [T - 1, N, H]));
    dzs.push(slice(dz, [1, 0, 0], [T - 1, N, M]));
  }
  return {
    kernel:
      inputs.indices === undefined
        ? { xs: [inputs.x], dzs: [dz], rows: D, work: T * N * D * M }
        : kernelGradient(flat, inputs, sizes),
    recurrentKernel: { xs, dzs, rows: H, work: T * N * H * M },
  };
}
