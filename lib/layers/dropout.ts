import { engine } from "../engine/choice";
import { differentiable } from "../engine/differentiable";
import type { DescribedLayer, LayerDescription } from "../engine/engine";
import { tf } from "../engine/tensorflow";
import type { LayerArgs, Shape } from "./layerInput";

export interface DropoutOptions extends LayerArgs {
  /** Probability, from 0 up to but not including 1, that a number is dropped. */
  rate: number;
}

/**
 * Dropout (Srivastava et al. 2014): while training, sets each number to 0 with probability `rate`
 * and multiplies the others by 1 / (1 - rate); otherwise passes its input on. Any shape.
 *
 * It differs from tf.layers.dropout in where its random numbers come from: from TensorFlow instead
 * of a JavaScript loop, and from the state that `setSeed` sets and a checkpoint keeps.
 */
export class Dropout extends tf.layers.Layer implements DescribedLayer {
  static readonly className = "KareninaDropout";
  readonly rate: number;

  constructor(options: DropoutOptions) {
    super(options);
    this.rate = options.rate;
    if (!(this.rate >= 0 && this.rate < 1)) {
      throw new Error(
        `dropout's rate is ${this.rate}, but must be a probability from 0 up to, not including, 1.`,
      );
    }
    this.supportsMasking = true;
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape | Shape[] {
    return inputShape;
  }

  override call(inputs: tf.Tensor | tf.Tensor[], options: { training?: boolean }): tf.Tensor {
    const [x] = [inputs].flat();
    if (!options.training || this.rate === 0) return x;
    const [y] = differentiable(
      { x },
      (save) => {
        const mask = engine().dropoutMask(x.shape, this.rate);
        save([mask]);
        return [tf.mul(x, mask)];
      },
      // tf.mul's own gradient would compute the mask's gradient as well.
      ([dy], [mask]) => ({ x: () => tf.mul(dy, mask) }),
    );
    return y;
  }

  describe(): LayerDescription {
    return { kind: "dropout", rate: this.rate };
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), rate: this.rate };
  }
}
tf.serialization.registerClass(Dropout);

/** A {@link Dropout} layer. */
export function dropout(options: DropoutOptions): Dropout {
  return new Dropout(options);
}
