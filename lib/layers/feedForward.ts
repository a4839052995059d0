import { engine } from "../engine/choice";
import type { Activation, DescribedLayer, LayerDescription } from "../engine/engine";
import { differentiable, tf } from "../engine/tensorflow";
import { requireFraction, requireOneOf, requireWhole } from "../options";
import { dropoutMask } from "./dropoutMask";
import {
  featuresOf,
  type Initializer,
  type InitializerLike,
  type LayerArgs,
  numbersOf,
  resolveInitializer,
  type Shape,
  serializeInitializer,
} from "./layerArguments";

export interface DenseOptions extends LayerArgs {
  /** M, the number of outputs. */
  units: number;
  /** Default "linear". For a softmax leave it linear and use the loss that takes logits. */
  activation?: Activation;
  /** Add a trainable bias. Default true. */
  useBias?: boolean;
  /** Default "glorotNormal", as of tf.layers.dense. */
  kernelInitializer?: InitializerLike;
  /** Default "zeros". */
  biasInitializer?: InitializerLike;
}

const activations: readonly Activation[] = ["linear", "relu", "sigmoid", "tanh"];

/**
 * A fully connected layer, y = f(x W + b): [..., D] in, [..., M] out, any leading dimensions.
 *
 * Weights, as in tf.layers.dense: kernel [D, M], bias [M]. It takes about half as long on small
 * batches, because tf.matMul is an operation for stacks of matrices and because each step of the
 * gradient is one operation here.
 */
export class Dense extends tf.layers.Layer implements DescribedLayer {
  static readonly className = "KareninaDense";
  readonly units: number;
  readonly activation: Activation;
  readonly useBias: boolean;
  private readonly kernelInitializer: Initializer;
  private readonly biasInitializer: Initializer;
  private kernel?: tf.LayerVariable;
  private bias?: tf.LayerVariable;

  constructor(options: DenseOptions) {
    super(options);
    this.units = options.units;
    requireWhole({ units: this.units });
    this.activation = options.activation ?? "linear";
    requireOneOf({ activation: this.activation }, activations);
    this.useBias = options.useBias ?? true;
    this.kernelInitializer = resolveInitializer(options.kernelInitializer ?? "glorotNormal");
    this.biasInitializer = resolveInitializer(options.biasInitializer ?? "zeros");
  }

  override build(inputShape: Shape | Shape[]): void {
    const D = featuresOf(this.name, inputShape, {
      expects: "inputs [batch, ..., features]",
      remedy: "Give the first layer an inputShape whose last number is the number of features.",
    });
    this.kernel = this.addWeight("kernel", [D, this.units], "float32", this.kernelInitializer);
    if (this.useBias) {
      this.bias = this.addWeight("bias", [this.units], "float32", this.biasInitializer);
    }
    this.built = true;
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape | Shape[] {
    return [...(inputShape as Shape).slice(0, -1), this.units];
  }

  override call(inputs: tf.Tensor | tf.Tensor[], options: { training?: boolean }): tf.Tensor {
    const kernel = (this.kernel as tf.LayerVariable).read();
    const bias = this.bias?.read();
    return tf.tidy(() => {
      const x = numbersOf(this.name, [inputs].flat()[0], ["...", kernel.shape[0] as number]);
      const training = options.training ?? false;
      return engine().dense(x, { kernel, bias }, { activation: this.activation, training });
    });
  }

  describe(): LayerDescription {
    return { kind: "dense", units: this.units, activation: this.activation };
  }

  override getConfig(): tf.serialization.ConfigDict {
    return {
      ...super.getConfig(),
      units: this.units,
      activation: this.activation,
      useBias: this.useBias,
      kernelInitializer: { ...serializeInitializer(this.kernelInitializer) },
      biasInitializer: { ...serializeInitializer(this.biasInitializer) },
    };
  }
}
tf.serialization.registerClass(Dense);

/** A {@link Dense} layer. */
export function dense(options: DenseOptions): Dense {
  return new Dense(options);
}

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
    requireFraction({ "dropout's rate": this.rate });
    this.supportsMasking = true;
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape | Shape[] {
    return inputShape;
  }

  override call(inputs: tf.Tensor | tf.Tensor[], options: { training?: boolean }): tf.Tensor {
    const [x] = [inputs].flat();
    if (!options.training || this.rate === 0) {
      return x;
    }
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
