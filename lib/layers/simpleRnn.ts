import type { NativeRecurrence } from "../engine/native/recurrence";
import { nativeSimpleRnn } from "../engine/native/simpleRnn";
import { plainSimpleRnn } from "../engine/plain/simpleRnn";
import { tf } from "../engine/tensorflow";
import type { Recurrence } from "./recurrence";
import { RecurrentLayer } from "./recurrentLayer";
import type { RecurrentOptions } from "./recurrentOptions";

/**
 * The simple recurrent layer (Elman 1990), h' = tanh(x W + h U + b).
 *
 * Weights, as in tf.layers.simpleRNN: kernel [D, H], recurrent kernel [H, H], bias [H].
 */
export class SimpleRNN extends RecurrentLayer {
  static readonly className = "KareninaSimpleRNN";
  protected readonly gates = 1;
  protected readonly stateCount = 1;

  protected plain(recurrentMask?: tf.Tensor): Recurrence {
    return plainSimpleRnn(recurrentMask);
  }

  protected native(): NativeRecurrence {
    return nativeSimpleRnn;
  }
}
tf.serialization.registerClass(SimpleRNN);

/** A {@link SimpleRNN} layer. */
export function simpleRNN(options: RecurrentOptions): SimpleRNN {
  return new SimpleRNN(options);
}
