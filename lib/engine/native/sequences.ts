import {
  addBias,
  concat,
  copy,
  matMul,
  matMulTransposeA,
  reshape,
  slice,
  stack,
  transpose,
  unstack,
} from "./matrices";
import { compute, type Handle, int, release, zeros } from "./operations";
import type { Inputs, Sizes } from "./recurrence";

// What the native recurrences share: cutting sequences [T, N, ...] into steps, and products over all
// T N rows at once. Handles that are returned belong to the caller; none that is given is released.

/** Step T of [T, N, H] as a tensor [N, H] that does not keep the other steps in memory. */
export function lastStep(sequence: Handle, { T, N, H }: Sizes): Handle {
  const sliced = slice(sequence, [T - 1, 0, 0], [1, N, H]);
  const reshaped = reshape(sliced, N, H);
  const own = copy(reshaped);
  release(sliced, reshaped);
  return own;
}

/** Steps [N, M] above each other: [T N, M]. Releases the steps. */
export function stackRows(steps: Handle[], rows: number, M: number): Handle {
  const stacked = stack(steps);
  const flat = reshape(stacked, rows, M);
  release(stacked, ...steps);
  return flat;
}

/** x W + b for all steps at once, [T, N, M], cut into steps. */
export function projectInput(inputs: Inputs, bias: Handle, sizes: Sizes, M: number): Handle[] {
  const { T, N } = sizes;
  const product = inputProduct(inputs, sizes);
  const biased = addBias(product, bias);
  const projected = reshape(biased, T, N, M);
  const steps = unstack(projected, T);
  release(product, biased, projected);
  return steps;
}

/** x W for all steps, [T N, M]. */
function inputProduct({ x, indices, kernel }: Inputs, { T, N, D }: Sizes): Handle {
  if (indices !== undefined) return compute("GatherV2", [kernel, indices, int(0)]);
  const flat = reshape(x, T * N, D);
  const product = matMul(flat, kernel);
  release(flat);
  return product;
}

/** The gradient by x of {@link projectInput} from that by its result, [T N, M]: [T, N, D]. */
export function inputGradient(gates: Handle, kernel: Handle, { T, N, D }: Sizes): Handle {
  const transposed = transpose(kernel);
  const flat = matMul(gates, transposed);
  const dx = reshape(flat, T, N, D);
  release(transposed, flat);
  return dx;
}

/** The gradient by the kernel of {@link projectInput}: [D, M]. */
export function kernelGradient(gates: Handle, inputs: Inputs, { T, N, D }: Sizes): Handle {
  const { x, indices } = inputs;
  if (indices !== undefined) return compute("UnsortedSegmentSum", [gates, indices, int(D)]);
  const flat = reshape(x, T * N, D);
  const gradient = matMulTransposeA(flat, gates);
  release(flat);
  return gradient;
}

/** The states that the steps began with, h_0 ... h_{T-1} above each other: [T N, H]. */
export function statesBefore(initial: Handle, sequence: Handle, { T, N, H }: Sizes): Handle {
  const allButLast = slice(sequence, [0, 0, 0], [T - 1, N, H]);
  const flat = reshape(allButLast, (T - 1) * N, H);
  const before = concat([initial, flat], 0);
  release(allButLast, flat);
  return before;
}

/** The gradients by each step's h from above (none: empty), and by the state after the last step. */
export function outputGradients(
  gradients: { sequence?: Handle; final: (Handle | undefined)[] },
  { T, N, H }: Sizes,
): { above: Handle[]; final: Handle[] } {
  return {
    above: gradients.sequence === undefined ? [] : unstack(gradients.sequence, T),
    final: gradients.final.map((each) => copy(each ?? zeros(N, H))),
  };
}
