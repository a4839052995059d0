import { differentiable } from "../engine/differentiable";
import { nativeDense, recordDense } from "../engine/native/dense";
import { isNative } from "../engine/native/operations";
import { matMulTransposeA, sigmoidSlope, tanh, tanhSlope } from "../engine/plain/sequence";
import { tf } from "../engine/tensorflow";
import {
  type Initializer,
  type InitializerLike,
  resolveInitializer,
  serializeInitializer,
} from "./initializers";
import { numbersOf } from "./layerInput";
import type { LayerArgs, Shape } from "./layerTypes";
import type { LayerRecord, Recordable, RecordingInputs, Signal } from "./recording";
import { positiveInteger } from "./recurrentOptions";

export interface DenseOptions extends LayerArgs {
  /** M, the number of outputs. */
  units: number;
  /** Default "linear". For a softmax leave it linear and use the loss that takes logits. */
  activation?: "linear" | "relu" | "sigmoid" | "tanh";
  /** Add a trainable bias. Default true. */
  useBias?: boolean;
  /** Default "glorotNormal", as of tf.layers.dense. */
  kernelInitializer?: InitializerLike;
  /** Default "zeros". */
  biasInitializer?: InitializerLike;
}

interface Activation {
  of: (x: tf.Tensor) => tf.Tensor;
  /** The derivative, from the value. */
  slope: (y: tf.Tensor) => tf.Tensor;
}

const activations: Record<string, Activation> = {
  relu: { of: tf.relu, slope: tf.step },
  sigmoid: { of: tf.sigmoid, slope: sigmoidSlope },
  tanh: { of: tanh, slope: tanhSlope },
};

/**
 * A fully connected layer, y = f(x W + b): [..., D] in, [..., M] out, any leading dimensions.
 *
 * Weights, as in tf.layers.dense: kernel [D, M], bias [M]. It takes about half as long on small
 * batches, because tf.matMul is an operation for stacks of matrices and because each step of the
 * gradient is one operation here.
 */
export class Dense extends tf.layers.Layer implements Recordable {
  static readonly className = "KareninaDense";
  readonly units: number;
  readonly activation: NonNullable<DenseOptions["activation"]>;
  readonly useBias: boolean;
  private readonly kernelInitializer: Initializer;
  private readonly biasInitializer: Initializer;
  private kernel?: tf.LayerVariable;
  private bias?: tf.LayerVariable;

  constructor(options: DenseOptions) {
    super(options);
    this.units = options.units;
    positiveInteger("units", this.units);
    this.activation = options.activation ?? "linear";
    if (this.activation !== "linear" && !activations[this.activation]) {
      throw new Error(
        `activation is "${this.activation}", but must be linear, ${Object.keys(activations).join(", ")}.`,
      );
    }
    this.useBias = options.useBias ?? true;
    this.kernelInitializer = resolveInitializer(options.kernelInitializer ?? "glorotNormal");
    this.biasInitializer = resolveInitializer(options.biasInitializer ?? "zeros");
  }

  override build(inputShape: Shape | Shape[]): void {
    const D = (inputShape as Shape)[inputShape.length - 1];
    if (inputShape.length < 2 || typeof D !== "number") {
      throw new Error(
        `${this.name} expects inputs [batch, ..., features] with a known number of features, but its ` +
          `input has the shape [${inputShape.map((n) => n ?? "any")}]. Give the first layer an ` +
          "inputShape whose last number is the number of features.",
      );
    }
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
      return isNative
        ? nativeDense(x, kernel, bias, this.activation, options.training ?? false)
        : plainDense(x, kernel, bias, activations[this.activation]);
    });
  }

  recordable(input: Signal["kind"]): boolean {
    return input === "values";
  }

  record(input: Signal, { weights: [kernel, bias] }: RecordingInputs): LayerRecord {
    return recordDense(input, kernel, bias, { M: this.units, activation: this.activation });
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

function plainDense(
  x: tf.Tensor,
  kernel: tf.Tensor,
  bias: tf.Tensor | undefined,
  activation: Activation | undefined,
): tf.Tensor {
  const [D, M] = kernel.shape as number[];
  const rows = x.size / D;
  const [y] = differentiable(
    { x, kernel, bias },
    (save) => {
      const product = tf.matMul(tf.reshape(x, [rows, D]), kernel as tf.Tensor2D);
      const sum = bias ? tf.add(product, bias) : product;
      const result = activation ? activation.of(sum) : sum;
      const output = tf.reshape(result, [...x.shape.slice(0, -1), M]);
      save([x, kernel, output]);
      return [output];
    },
    ([dy], [x, kernel, output]) => {
      const dz = activation ? tf.mul(dy, activation.slope(output)) : dy;
      const flat = tf.reshape(dz, [rows, M]) as tf.Tensor2D;
      return {
        x: () => tf.reshape(tf.matMul(flat, tf.transpose(kernel) as tf.Tensor2D), x.shape),
        kernel: () => matMulTransposeA(tf.reshape(x, [rows, D]), flat),
        bias: () => tf.sum(flat, 0),
      };
    },
  );
  return y;
}

/** A {@link Dense} layer. */
export function dense(options: DenseOptions): Dense {
  return new Dense(options);
}
