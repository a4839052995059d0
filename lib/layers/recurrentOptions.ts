import type { InitializerLike } from "./initializers";
import type { LayerArgs } from "./layerTypes";

/** What all recurrent layers can be told. N is the batch, T time, D features, H units. */
export interface RecurrentOptions extends LayerArgs {
  /** H, the width of the hidden state. */
  units: number;
  /** Return every step's output [N, T, H] instead of the last one's [N, H]. Default false. */
  returnSequences?: boolean;
  /** Return the state after the last step as well: [output, h] or, of an LSTM, [output, h, c]. */
  returnState?: boolean;
  /**
   * Begin each batch with the state that the batch before ended with (truncated backpropagation
   * through time: gradients do not flow between batches). Default false: begin with zeros.
   */
  stateful?: boolean;
  /** Read the sequence from its end; the outputs come in that order too. Default false. */
  goBackwards?: boolean;
  /** Add a trainable bias. Default true. */
  useBias?: boolean;
  /** Fraction of input features set to 0 while training, the same at all steps of a sequence. */
  dropout?: number;
  /**
   * Fraction of h set to 0 on its way into the gates while training, the same at all steps of a
   * sequence (Gal & Ghahramani 2016). The fused kernels cannot do it: training is slower. Default 0.
   */
  recurrentDropout?: number;
  /** Default "glorotUniform". */
  kernelInitializer?: InitializerLike;
  /** Default GateOrthogonal: an orthogonal matrix for each gate. */
  recurrentInitializer?: InitializerLike;
  /** Default "zeros". */
  biasInitializer?: InitializerLike;
}

/** @throws Error if the value is not one */
export function positiveInteger(name: string, value: number): number {
  if (Number.isInteger(value) && value > 0) return value;
  throw new Error(`${name} is ${value}, but must be a positive integer.`);
}

/** @throws Error if the value is not within 0 ... 1, 1 excluded */
export function fraction(name: string, value: number): number {
  if (value >= 0 && value < 1) return value;
  throw new Error(`${name} is ${value}, but must be a fraction from 0 up to, not including, 1.`);
}
