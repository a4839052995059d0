import type { tf } from "../engine/tensorflow";

/** The trainable arrays of a recurrent layer, G gates wide (LSTM 4, GRU 3, tanh 1). */
export interface Weights {
  /** [D, G H] */
  kernel: tf.Tensor;
  /** [H, G H] */
  recurrentKernel: tf.Tensor;
  /** [G H]; a GRU that resets after the product has [2, G H] */
  bias: tf.Tensor;
}

/** What a recurrence computed for one sequence. */
export interface Forward {
  /** The hidden states h_1 ... h_T: [T, N, H]. */
  sequence: tf.Tensor;
  /** The state after the last step, each [N, H] with memory of its own: h_T, and c_T for an LSTM. */
  final: tf.Tensor[];
  /** Whatever `backward` needs besides the inputs. */
  saved: tf.Tensor[];
}

/** Functions that compute the gradient of each input; call them in this order, each at most once. */
export interface InputGradients {
  x: () => tf.Tensor;
  initial: (() => tf.Tensor)[];
  kernel: () => tf.Tensor;
  recurrentKernel: () => tf.Tensor;
  bias: () => tf.Tensor;
}

/** Everything `backward` reads: the inputs of `forward` and its saved tensors. */
export interface Recorded {
  x: tf.Tensor;
  initial: tf.Tensor[];
  weights: Weights;
  saved: tf.Tensor[];
}

/** Gradients of the loss by what `forward` returned; undefined where that was not used. */
export interface OutputGradients {
  /** [T, N, H]; `backward` disposes of it, because it is as large as the layer's output. */
  sequence?: tf.Tensor;
  final: (tf.Tensor | undefined)[];
}

/**
 * One recurrent layer's mathematics over a whole sequence, forward and backward. Time comes first
 * here, x [T, N, D], because then one time step is one contiguous block of memory. Every recurrence
 * exists twice: in native/ on TensorFlow's fused kernels, in plain/ on tf.* operations.
 */
export interface Recurrence {
  forward(x: tf.Tensor, initial: tf.Tensor[], weights: Weights): Forward;
  backward(recorded: Recorded, gradients: OutputGradients): InputGradients;
}
