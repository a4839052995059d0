import { differentiable } from "../engine/differentiable";
import { multiply } from "../engine/native/matrices";
import { tf } from "../engine/tensorflow";
import { dropoutMask, maskOfSeed } from "./dropoutMask";
import type { LayerArgs, Shape } from "./layerTypes";
import type { LayerRecord, Recordable, RecordingInputs, Signal } from "./recording";

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
export class Dropout extends tf.layers.Layer implements Recordable {
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
        const mask = dropoutMask(x.shape, this.rate);
        save([mask]);
        return [tf.mul(x, mask)];
      },
      // tf.mul's own gradient would compute the mask's gradient as well.
      ([dy], [mask]) => ({ x: () => tf.mul(dy, mask) }),
    );
    return y;
  }

  get seedCount(): number {
    return this.rate > 0 ? 1 : 0;
  }

  recordable(input: Signal["kind"]): boolean {
    return input === "values";
  }

  record(input: Signal, { seed }: RecordingInputs): LayerRecord {
    if (this.rate === 0) {
      return { output: input, backward: (gradient) => ({ input: gradient, weights: [] }) };
    }
    const x = input as Extract<Signal, { kind: "values" }>;
    const mask = maskOfSeed(seed(), [...x.leading, x.D], this.rate);
    return {
      output: { ...x, handle: multiply(x.handle, mask) },
      backward: (gradient) => ({ input: multiply(gradient, mask), weights: [] }),
    };
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
