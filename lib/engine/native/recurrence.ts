import { compute, type Handle, int, release, zeros } from "./operations";
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
} from "./tensors";
import type { WeightGradient } from "./weightGradients";

/** Batch, time steps, input features, units. */
export interface Sizes {
  N: number;
  T: number;
  D: number;
  H: number;
}

/** A layer's weights, in its own order of gates. */
export interface CellWeights {
  kernel: Handle;
  recurrentKernel: Handle;
  bias: Handle;
}

/** What forward and backward both read. They release none of it. */
export interface Inputs extends CellWeights {
  /** [T, N, D] */
  x: Handle;
  /** [T N], where each x is one-hot: the place of its 1. Products with x are then look-ups. */
  indices?: Handle;
  /** h_0, and c_0 of an LSTM, each [N, H] */
  initial: Handle[];
}

/** One step of a recurrence at a time, with weights in the form that its kernel wants. */
export interface NativeCell {
  /** The handles to release when the cell is no longer needed; they share no memory with the layer's. */
  weights: Handle[];
  /** From x [N, D] and the state, each [N, H], to new handles of the next state; h comes first. */
  step(x: Handle, state: Handle[]): Handle[];
}

/**
 * A recurrence on handles. Its functions own nothing: what they return belongs to the caller, what
 * they make besides they release. They are also recorded as graphs, so they may decide nothing by
 * values, only by sizes.
 */
export interface NativeRecurrence {
  name: string;
  /** Tensors that make up the state: 1, or 2 of an LSTM. */
  stateCount: number;
  /** How many tensors `forward` saves. */
  savedCount: number;
  /**
   * @returns the state after the last step, each [N, H] with memory of its own; and what `backward`
   *   needs, all [T, N, H], the hidden states first
   */
  forward(inputs: Inputs, sizes: Sizes): { final: Handle[]; saved: Handle[] };
  /** The chain rule through `forward`. */
  backward(
    inputs: Inputs,
    saved: Handle[],
    gradients: { sequence?: Handle; final: (Handle | undefined)[] },
    sizes: Sizes,
    wanted: { x: boolean; initial: boolean },
  ): Gradients;
  /** The same, step by step. */
  cell(weights: CellWeights, H: number): NativeCell;
  /** Another way to compute it while a whole training step is recorded, at sizes where it is faster. */
  record?(inputs: Inputs, sizes: Sizes): RecordedSequence | undefined;
}

/** A sequence in the recording of a training step, and the chain rule through it. */
export interface RecordedSequence {
  /** [T, N, H] */
  sequence: Handle;
  /** The state after the last step, each [N, H]. */
  final: Handle[];
  backward(
    gradients: { sequence?: Handle; final: (Handle | undefined)[] },
    wanted: { x: boolean; initial: boolean },
  ): RecordedGradients;
}

/** Those of a recording, by the weights as {@link WeightGradient}. */
export interface RecordedGradients {
  x?: Handle;
  kernel: WeightGradient;
  recurrentKernel: WeightGradient;
  bias: WeightGradient;
}

/** Gradients by each of {@link Inputs}; x and initial only where wanted. */
export interface Gradients {
  x?: Handle;
  initial: Handle[];
  kernel: Handle;
  recurrentKernel: Handle;
  bias: Handle;
}

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
export function inputProduct({ x, indices, kernel }: Inputs, { T, N, D }: Sizes): Handle {
  if (indices !== undefined) {
    return compute("GatherV2", [kernel, indices, int(0)]);
  }
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
  if (indices !== undefined) {
    return compute("UnsortedSegmentSum", [gates, indices, int(D)]);
  }
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
