import { tf } from "../engine/tensorflow";
import { RecurrentLayer } from "./recurrentLayer";
import type { RecurrentOptions } from "./recurrentWeights";

/**
 * The simple recurrent layer (Elman 1990), h' = tanh(x W + h U + b).
 *
 * Weights, as in tf.layers.simpleRNN: kernel [D, H], recurrent kernel [H, H], bias [H].
 */
export class SimpleRNN extends RecurrentLayer {
  static readonly className = "KareninaSimpleRNN";
  protected readonly cell = "simpleRnn";
  protected readonly gates = 1;
  protected readonly stateCount = 1;
}
tf.serialization.registerClass(SimpleRNN);

/** A {@link SimpleRNN} layer. */
export function simpleRNN(options: RecurrentOptions): SimpleRNN {
  return new SimpleRNN(options);
}
