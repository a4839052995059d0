import type { Handle } from "../engine/native/operations";
import type { tf } from "../engine/tensorflow";

// How layers take part in the recording of a whole training step as one graph (engine/native/recordedStep).
// Time comes first everywhere in it, so that one step of time is one contiguous block of memory.

/** What passes from one layer to the next. Its leading dimensions are [T, N], or [N] without time. */
export type Signal =
  /** int32 in one row, [T N] or [N] */
  | { kind: "indices"; handle: Handle; leading: number[] }
  /** One-hot vectors by their indices; whoever multiplies with them looks rows up instead. */
  | { kind: "oneHot"; handle: Handle; leading: number[]; depth: number }
  /** float32 [..., D] */
  | { kind: "values"; handle: Handle; leading: number[]; D: number };

/** What a layer reads besides its input. */
export interface RecordingInputs {
  /** Its trainable weights, in the layer's order. */
  weights: Handle[];
  /** The state it begins with, each [N, H], where the layer is stateful. */
  states: Handle[];
  /** A new pair of random numbers, int32 [2]. */
  seed: () => Handle;
}

/** A recorded layer: its output, and the chain rule through it. */
export interface LayerRecord {
  output: Signal;
  /** The state after the last step, each [N, H], where the layer is stateful. */
  states?: Handle[];
  /**
   * From the gradient by the output to those by the weights, in the layer's order, and by the input
   * where that is wanted.
   */
  backward(gradient: Handle, wantsInput: boolean): { input?: Handle; weights: Handle[] };
}

/** A layer that can be recorded. */
export interface Recordable {
  /** Whether its options allow it. */
  recordable(input: Signal["kind"]): boolean;
  /** What it gives; default values. */
  readonly outputKind?: Signal["kind"];
  /** Seeds that it asks for; default none. */
  readonly seedCount?: number;
  /** @throws Error if a batch has an index that the layer does not know */
  checkInput?(x: tf.Tensor): void;
  record(input: Signal, read: RecordingInputs): LayerRecord;
}
