import { engine } from "../engine/choice";
import { tf } from "../engine/tensorflow";

/**
 * A new dropout mask for a batch. Of sequences [N, T, D] it is drawn with time first, which is how recorded steps
 * hold them: with and without recording the same values are dropped.
 */
export function dropoutMask(shape: number[], rate: number): tf.Tensor {
  if (shape.length !== 3) {
    return engine().dropoutMask(shape, rate);
  }
  const [N, T, D] = shape;
  return tf.tidy(() => tf.transpose(engine().dropoutMask([T, N, D], rate), [1, 0, 2]));
}
