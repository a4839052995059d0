// What layers in the program of a step have in common. Numbers are known by their places in the module's memory.

/** What passes from one layer to the next. Its leading dimensions are [T, N], or [N] without time. */
export type Signal =
  /** int32 in one row, [T N] or [N] */
  | { kind: "indices"; at: number; leading: number[] }
  /** One-hot vectors by their indices; whoever multiplies with them looks rows up instead. */
  | { kind: "oneHot"; at: number; leading: number[]; depth: number }
  | Values;

/** float32 [..., D] */
export interface Values {
  kind: "values";
  at: number;
  leading: number[];
  D: number;
}

/** A weight, and where its gradient is to be written. */
export interface Weight {
  value: number;
  gradient: number;
}

/** What a layer reads besides its input. */
export interface LayerInputs {
  /** Its trainable weights, in the layer's order. */
  weights: Weight[];
  /** The state it begins with, each [N, H], where the layer is stateful. */
  states: number[];
  /** Of each of its dropout masks: two random numbers. */
  seeds: readonly (readonly number[])[];
}

/** A layer in a program: its output, and the chain rule through it. */
export interface LayerProgram {
  output: Signal;
  /** The state after the last step, each [N, H], where the layer is stateful. */
  states?: number[];
  /**
   * From the gradient by the output, which it may overwrite, to those by the weights, and by the input where
   * that is wanted and there is one.
   */
  backward(gradient: number, wantsInput: boolean): number | undefined;
}
