import {
  concat,
  copy,
  matMul,
  matMulTransposeA,
  reshape,
  slice,
  transpose,
  unstack,
} from "../../backend/nativeMatrices";
import {
  compute,
  type Handle,
  handleOf,
  release,
  toTensor,
  zeros,
} from "../../backend/nativeOperations";
import type { tf } from "../../backend/tensorflow";
import type { OutputGradients } from "../recurrence";

// What the native recurrences share: cutting sequences [T, N, ...] into steps and products over all
// T N rows at once. Handles that are returned belong to the caller.

/** Step T of [T, N, H] as a tensor [N, H] that does not keep the other steps in memory. */
export function lastStep(sequence: Handle, T: number, N: number, H: number): tf.Tensor {
  const sliced = slice(sequence, [T - 1, 0, 0], [1, N, H]);
  const reshaped = reshape(sliced, N, H);
  const own = copy(reshaped);
  release(sliced, reshaped);
  return toTensor(own, [N, H]);
}

/** x W + b for all steps at once: [T, N, D] and [D, M] to [T, N, M]. */
export function projectInput(x: tf.Tensor, kernel: tf.Tensor, bias: Handle): Handle {
  const [T, N, D] = x.shape as number[];
  const M = kernel.shape[1] as number;
  const flat = reshape(handleOf(x), T * N, D);
  const product = matMul(flat, handleOf(kernel));
  const biased = compute("BiasAdd", [product, bias]);
  const projected = reshape(biased, T, N, M);
  release(flat, product, biased);
  return projected;
}

/** The gradient by x of {@link projectInput} from that by its result, [T N, M]: [T, N, D]. */
export function inputGradient(gates: Handle, kernel: tf.Tensor, x: tf.Tensor): tf.Tensor {
  const transposed = transpose(handleOf(kernel));
  const flat = matMul(gates, transposed);
  const dx = reshape(flat, ...x.shape);
  release(transposed, flat);
  return toTensor(dx, x.shape);
}

/** The gradient by the kernel of {@link projectInput}: [D, M]. */
export function kernelGradient(gates: Handle, kernel: tf.Tensor, x: tf.Tensor): tf.Tensor {
  const [T, N, D] = x.shape as number[];
  const flat = reshape(handleOf(x), T * N, D);
  const gradient = matMulTransposeA(flat, gates);
  release(flat);
  return toTensor(gradient, kernel.shape);
}

/** The states that the steps began with, h_0 ... h_{T-1} above each other: [T N, H]. */
export function statesBefore(initial: tf.Tensor, sequence: tf.Tensor): Handle {
  const [T, N, H] = sequence.shape as number[];
  const allButLast = slice(handleOf(sequence), [0, 0, 0], [T - 1, N, H]);
  const flat = reshape(allButLast, (T - 1) * N, H);
  const before = concat([handleOf(initial), flat], 0);
  release(allButLast, flat);
  return before;
}

/** The gradients by each step's h from above, and by the state after the last step. */
export function outputGradients(gradients: OutputGradients, T: number, N: number, H: number) {
  return {
    above: gradients.sequence ? unstack(handleOf(gradients.sequence), T) : [],
    final: gradients.final.map((each) => copy(each ? handleOf(each) : zeros(N, H))),
  };
}
