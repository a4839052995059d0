import { differentiable } from "../backend/differentiable";
import {
  addBias,
  matMul,
  matMulTransposeA,
  reshape,
  sumRows,
  transpose,
} from "../backend/nativeMatrices";
import {
  compute,
  type Handle,
  handleOf,
  isNative,
  release,
  toTensor,
} from "../backend/nativeOperations";
import { tf } from "../backend/tensorflow";
import {
  type Initializer,
  type InitializerLike,
  resolveInitializer,
  serializeInitializer,
} from "./initializers";
import type { LayerArgs, Shape } from "./layerTypes";
import { matMulTransposeA as plainMatMulTransposeA } from "./plain/sequence";

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
  /** Names of TensorFlow's operations: x to y, and (y, dy) to dx in the order that it takes them. */
  forward: string;
  backward: (y: Handle, dy: Handle) => Handle;
  plain: (x: tf.Tensor) => tf.Tensor;
  plainSlope: (y: tf.Tensor) => tf.Tensor;
}

const activations: Record<string, Activation> = {
  relu: {
    forward: "Relu",
    backward: (y, dy) => compute("ReluGrad", [dy, y]),
    plain: tf.relu,
    plainSlope: tf.step,
  },
  sigmoid: {
    forward: "Sigmoid",
    backward: (y, dy) => compute("SigmoidGrad", [y, dy]),
    plain: tf.sigmoid,
    plainSlope: (y) => tf.mul(y, tf.sub(1, y)),
  },
  tanh: {
    forward: "Tanh",
    backward: (y, dy) => compute("TanhGrad", [y, dy]),
    plain: tf.tanh,
    plainSlope: (y) => tf.sub(1, tf.square(y)),
  },
};

/**
 * A fully connected layer, y = f(x W + b): [..., D] in, [..., M] out, any leading dimensions.
 *
 * Weights, as in tf.layers.dense: kernel [D, M], bias [M]. It takes about half as long on small
 * batches, because tf.matMul is an operation for stacks of matrices and because each step of the
 * gradient is one operation here.
 */
export class Dense extends tf.layers.Layer {
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
    if (!(Number.isInteger(this.units) && this.units > 0)) {
      throw new Error(`units is ${this.units}, but must be a positive integer.`);
    }
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
    this.kernel = this.addWeight("kernel", [D, this.units], "float32", this.kernelInitializer);
    if (this.useBias) {
      this.bias = this.addWeight("bias", [this.units], "float32", this.biasInitializer);
    }
    this.built = true;
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape | Shape[] {
    return [...(inputShape as Shape).slice(0, -1), this.units];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [x] = [inputs].flat();
    const kernel = (this.kernel as tf.LayerVariable).read();
    const bias = this.bias?.read();
    const compute = isNative ? nativeDense : plainDense;
    return compute(x, kernel, bias, activations[this.activation]);
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

function nativeDense(
  x: tf.Tensor,
  kernel: tf.Tensor,
  bias: tf.Tensor | undefined,
  activation: Activation | undefined,
): tf.Tensor {
  const [D, M] = kernel.shape as number[];
  const rows = x.size / D;
  const [y] = differentiable(
    { x, kernel, ...(bias && { bias }) },
    (save) => {
      const flat = reshape(handleOf(x), rows, D);
      let result = matMul(flat, handleOf(kernel));
      release(flat);
      const replace = (next: Handle) => {
        release(result);
        result = next;
      };
      if (bias) replace(addBias(result, handleOf(bias)));
      if (activation) replace(compute(activation.forward, [result]));
      const shape = [...x.shape.slice(0, -1), M];
      if (shape.length !== 2) replace(reshape(result, ...shape));
      const output = toTensor(result, shape);
      save(activation ? [x, kernel, output] : [x, kernel]);
      return [output];
    },
    ([dy], [x, kernel, output]) => {
      const dz = activation ? activation.backward(handleOf(output), handleOf(dy)) : handleOf(dy);
      const flat = reshape(dz, rows, M);
      if (activation) release(dz);
      toTensor(flat, [rows, M]); // so that tf.tidy frees it
      return {
        x: () => {
          const transposed = transpose(handleOf(kernel));
          const product = matMul(flat, transposed);
          const dx = reshape(product, ...x.shape);
          release(transposed, product);
          return toTensor(dx, x.shape);
        },
        kernel: () => {
          const input = reshape(handleOf(x), rows, D);
          const gradient = matMulTransposeA(input, flat);
          release(input);
          return toTensor(gradient, [D, M]);
        },
        bias: () => toTensor(sumRows(flat), [M]),
      };
    },
  );
  return y;
}

function plainDense(
  x: tf.Tensor,
  kernel: tf.Tensor,
  bias: tf.Tensor | undefined,
  activation: Activation | undefined,
): tf.Tensor {
  const [D, M] = kernel.shape as number[];
  const rows = x.size / D;
  const [y] = differentiable(
    { x, kernel, ...(bias && { bias }) },
    (save) => {
      const product = tf.matMul(tf.reshape(x, [rows, D]), kernel as tf.Tensor2D);
      const sum = bias ? tf.add(product, bias) : product;
      const result = activation ? activation.plain(sum) : sum;
      const output = tf.reshape(result, [...x.shape.slice(0, -1), M]);
      save([x, kernel, output]);
      return [output];
    },
    ([dy], [x, kernel, output]) => {
      const dz = activation ? tf.mul(dy, activation.plainSlope(output)) : dy;
      const flat = tf.reshape(dz, [rows, M]) as tf.Tensor2D;
      return {
        x: () => tf.reshape(tf.matMul(flat, tf.transpose(kernel) as tf.Tensor2D), x.shape),
        kernel: () => plainMatMulTransposeA(tf.reshape(x, [rows, D]), flat),
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
