import { drawMaskSeed, maskNumbers } from "../dropoutMask";
import type { Activation, CharRnnLayers, Engine, Logits, SteppedLayers, Stepper } from "../engine";
import { differentiable, tf } from "../tensorflow";
import { matMulTransposeA, plainCell, sigmoidSlope, tanh, tanhSlope } from "./recurrence";
import { PlainTransformerStepper } from "./transformerStepper";
import { PlainSlots } from "./updates";

/**
 * A {@link Stepper} in plain operations, for WebAssembly, and for texts that are read in stretches; it
 * reads the model's weights as they are.
 */
export class PlainStepper implements Stepper {
  /** [layer][state] */
  private states: tf.Tensor[][] = [];

  constructor(
    private readonly layers: CharRnnLayers,
    private readonly N: number,
  ) {
    this.reset();
  }

  step(ids: Int32Array): Logits {
    return this.read(ids, 1);
  }

  /**
   * Goes T steps at once.
   *
   * @param ids [T, N], row by row
   * @returns the logits after each of them, [T, N, V] row by row
   */
  read(ids: Int32Array, T: number): Logits {
    return tf.tidy(() => {
      const { input, recurrent, dense } = this.layers;
      let x = input.apply(tf.tensor2d(ids, [T, this.N], "int32")) as tf.Tensor;
      recurrent.forEach((layer, i) => {
        const { sequence, final } = layer.advance(x, this.states[i]);
        tf.dispose(this.states[i]);
        this.states[i] = final.map((state) => tf.keep(state));
        x = sequence;
      });
      const rows = tf.reshape(x, [T * this.N, x.shape[2]!]);
      const logits = dense.apply(rows) as tf.Tensor;
      return Float32Array.from(logits.dataSync());
    });
  }

  reset(): void {
    this.dispose();
    this.states = this.layers.recurrent.map((layer) => layer.zeroStates(this.N).map(tf.keep));
  }

  dispose(): void {
    tf.dispose(this.states);
    this.states = [];
  }
}

/** A stepper in plain operations, which can also read many symbols at once. */
export function plainStepper(
  layers: SteppedLayers,
  N: number,
): PlainStepper | PlainTransformerStepper {
  return "blocks" in layers ? new PlainTransformerStepper(layers, N) : new PlainStepper(layers, N);
}

/** An activation, and its derivative from its value. */
const activations: Record<
  Exclude<Activation, "linear">,
  { of: (x: tf.Tensor) => tf.Tensor; slope: (y: tf.Tensor) => tf.Tensor }
> = {
  relu: { of: tf.relu, slope: tf.step },
  sigmoid: { of: tf.sigmoid, slope: sigmoidSlope },
  tanh: { of: tanh, slope: tanhSlope },
};

/** The engine in operations of TensorFlow.js: for WebAssembly, and for all other backends. */
export const plainEngine: Engine = {
  name: "plain",
  recurrence: (cell, { mask }) => plainCell(cell, mask),
  dense: (x, { kernel, bias }, { activation }) => plainDense(x, kernel, bias, activation),
  oneHot: (indices, depth) => tf.cast(tf.oneHot(indices, depth), "float32"),
  lookUp: (table, indices) => tf.gather(table, indices),
  sumByIndex,
  dropoutMask,
  crossEntropy: plainCrossEntropy,
  recordSteps: () => undefined,
  scaled: (tensors, factor) => tensors.map((tensor) => tf.mul(tensor, factor)),
  limited: (tensors, limit) => tensors.map((tensor) => tf.clipByValue(tensor, -limit, limit)),
  plusScaled: (tensors, others, factor) =>
    tensors.map((tensor, i) => tf.add(tensor, tf.mul(others[i], factor))),
  sumOfSquares: (tensor) => tf.tidy(() => tf.sum(tf.square(tensor)).dataSync()[0]),
  slots: (rule, variables, initial) => new PlainSlots(rule, variables, initial),
  stepper: (layers, N) => plainStepper(layers, N),
};

function plainDense(
  x: tf.Tensor,
  kernel: tf.Tensor,
  bias: tf.Tensor | undefined,
  name: Activation,
): tf.Tensor {
  const activation = name === "linear" ? undefined : activations[name];
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

/** By a one-hot product: WebAssembly has no segment sum, but a fast matMul. */
function sumByIndex(rows: tf.Tensor, indices: tf.Tensor, V: number): tf.Tensor {
  const D = rows.size / indices.size;
  const flat = tf.reshape(rows, [indices.size, D]) as tf.Tensor2D;
  const oneHot = tf.cast(
    tf.oneHot(tf.reshape(indices, [indices.size]) as tf.Tensor1D, V),
    "float32",
  );
  return tf.matMul(tf.transpose(oneHot), flat);
}

function dropoutMask(shape: number[], rate: number): tf.Tensor {
  const size = shape.reduce((product, n) => product * n, 1);
  return tf.tensor(maskNumbers(drawMaskSeed(), size, rate), shape);
}

/** The cross-entropy of the {@link Engine} in plain operations. */
export function plainCrossEntropy(
  logits: tf.Tensor,
  labels: tf.Tensor,
  shares?: Float32Array,
): tf.Scalar {
  const M = labels.size;
  const [mean] = differentiable(
    { logits },
    (save) => {
      const { losses, slopes } = lossesOfRows(logits, labels, M);
      if (!shares) {
        save([slopes]);
        return [tf.mean(losses)];
      }
      const share = tf.tensor2d(shares, [M, 1]);
      save([tf.mul(slopes, share)]);
      return [tf.sum(tf.mul(losses, share))];
    },
    ([dLoss], [slopes]) => ({
      logits: () => tf.reshape(tf.mul(slopes, shares ? dLoss : tf.div(dLoss, M)), logits.shape),
    }),
  );
  return mean as tf.Scalar;
}

/** Each row's loss [M, 1], and its gradient by the logits [M, V]. */
function lossesOfRows(logits: tf.Tensor, labels: tf.Tensor, M: number) {
  const V = logits.size / M;
  const rows = tf.reshape(logits, [M, V]);
  const oneHot = tf.cast(tf.oneHot(tf.reshape(labels, [M]) as tf.Tensor1D, V), "float32");
  const shifted = tf.sub(rows, tf.max(rows, 1, true));
  const exponentials = tf.exp(shifted);
  const sums = tf.sum(exponentials, 1, true);
  const right = tf.sum(tf.mul(shifted, oneHot), 1, true);
  const slopes = tf.sub(tf.div(exponentials, sums), oneHot);
  return { losses: tf.sub(tf.log(sums), right), slopes };
}
