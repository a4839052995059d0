import type { Handle } from "./operations";

/** Batch, time steps, input features, units. */
export interface Sizes {
  N: number;
  T: number;
  D: number;
  H: number;
}

/** What forward and backward both read. They release none of it. */
export interface Inputs {
  /** [T, N, D] */
  x: Handle;
  /** [T N], where each x is one-hot: the place of its 1. Products with x are then look-ups. */
  indices?: Handle;
  /** h_0, and c_0 of an LSTM, each [N, H] */
  initial: Handle[];
  kernel: Handle;
  recurrentKernel: Handle;
  bias: Handle;
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
  ): Gradients;
}

/** Gradients by each of {@link Inputs}; x and initial only where wanted. */
export interface Gradients {
  x?: Handle;
  initial: Handle[];
  kernel: Handle;
  recurrentKernel: Handle;
  bias: Handle;
}
