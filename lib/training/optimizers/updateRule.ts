import type { Handle } from "../../engine/native/operations";
import type { tf } from "../../engine/tensorflow";

/** How an optimizer changes one variable: its formula, once in place and once in plain operations. */
export interface UpdateRule {
  kind: string;
  /** Names of the arrays kept for each variable, of its shape, and what fills them at first. */
  slots: Record<string, number>;
  /** The numbers of one step's formula; the first step is 1. */
  scalars(step: number, learningRate: number): number[];
  /** Updates a variable and its slots in place, by one of TensorFlow's ResourceApply... operations. */
  native(variable: Handle, slots: Handle[], gradient: Handle, scalars: Handle[]): void;
  /** The variable's new value followed by those of its slots. */
  plain(value: tf.Tensor, slots: tf.Tensor[], gradient: tf.Tensor, scalars: number[]): tf.Tensor[];
}

/** An optimizer's memory, and the steps on it. */
export interface Slots {
  update(scalars: number[], gradients: tf.Tensor[]): void;
  /** Copies of all slots: [slot][variable]. */
  values(): Float32Array[][];
  dispose(): void;
}
