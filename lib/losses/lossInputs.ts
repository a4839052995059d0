import type { LossDescription, Rows } from "../engine/engine";
import { tf } from "../engine/tensorflow";
import { nameOf } from "../errors";

/** The shape of one loss each: an output's without its last dimension, but [N] of an output [N]. */
export function rowsShape(output: readonly number[]): number[] {
  return output.length > 1 ? output.slice(0, -1) : [...output];
}

/** @throws Error where outputs or targets are no tensors of numbers, or there are none to take a mean of */
export function requireTensors(loss: string, output: unknown, targets: unknown): void {
  for (const [name, value] of Object.entries({ outputs: output, targets })) {
    const dtype = value instanceof tf.Tensor ? value.dtype : undefined;
    if (dtype && ["float32", "int32", "bool"].includes(dtype)) {
      continue;
    }
    throw new Error(
      `${loss} was given ${dtype ? `a tensor of ${dtype}` : nameOf(value)} as ` +
        `${name}, but compares two tensors of numbers: make one with tf.tensor(...).`,
    );
  }
  const { shape, size } = output as tf.Tensor;
  if (size > 0) {
    return;
  }
  throw new Error(
    `${loss} was given outputs of the shape [${shape}], which hold no numbers, so there is no mean. ` +
      "A batch needs at least one example.",
  );
}

/**
 * @param labels the numbers of a batch, in one row
 * @param V how many classes there are
 * @throws Error naming the first label that is not one of 0 ... V - 1
 */
export function checkLabels(labels: ArrayLike<number>, V: number): void {
  checkLabelRows([labels], V);
}

/** The same for labels that come in rows. */
export function checkLabelRows(rows: Rows, V: number): void {
  let before = 0;
  for (const labels of rows) {
    for (let place = 0; place < labels.length; place++) {
      const label = labels[place];
      if (label >= 0 && label < V && Number.isInteger(label)) {
        continue;
      }
      const count = rows.reduce((total, row) => total + row.length, 0);
      throw new Error(
        `A label is ${label}, but with ${V} classes labels are whole numbers from 0 to ${V - 1}. It is ` +
          `number ${before + place + 1} of the batch's ${count}. Number the classes from 0, and give ` +
          "the model an output for each.",
      );
    }
    before += labels.length;
  }
}

/**
 * What each loss of a batch counts in its weighted mean, w / Σ w, in one row.
 *
 * @param weights of the shape `rows`
 * @throws Error for another shape, a weight below 0 or not finite, or weights that are all 0
 */
export function sharesOf(weights: tf.Tensor, rows: readonly number[]): Float32Array {
  if (weights.shape.join() !== rows.join()) {
    throw new Error(
      `The weights have the shape [${weights.shape}], but there are losses of the shape [${rows}], ` +
        "and each needs one weight.",
    );
  }
  const values = weights.dataSync();
  const sum = sumOfWeights(values);
  requireSomeWeight(values.length, sum);
  return Float32Array.from(values, (weight) => weight / sum);
}

/** @throws Error where the weights of a batch are all 0 */
export function requireSomeWeight(count: number, sum: number): void {
  if (sum > 0) {
    return;
  }
  throw new Error(
    `The ${count} weights of a batch are all 0, so their weighted mean does not exist. Leave such a ` +
      "batch out, or give at least one of its examples a weight above 0.",
  );
}

/** @throws Error naming the first weight that is below 0 or not finite */
export function sumOfWeights(weights: ArrayLike<number>): number {
  let sum = 0;
  for (let place = 0; place < weights.length; place++) {
    const weight = weights[place];
    if (typeof weight !== "number" || !(weight >= 0 && weight < Number.POSITIVE_INFINITY)) {
      throw new Error(
        `A weight is ${typeof weight === "number" ? weight : nameOf(weight)} (number ${place + 1} of ${weights.length}), but weights are numbers ` +
          "from 0 up: 0 leaves an example out, 2 counts it twice.",
      );
    }
    sum += weight;
  }
  return sum;
}

/** From outputs, targets and, where given, weights to the mean loss, a scalar. */
type LossFunction = (output: tf.Tensor, targets: tf.Tensor, weights?: tf.Tensor) => tf.Tensor;

/** What a loss of this library is compared with: numbers of classes, or numbers like the outputs. */
export type TargetKind = "classes" | "numbers";

// Under a symbol that a reload of the library does not change: a loss keeps its description over it.
const DESCRIPTION = Symbol.for("karenina.loss");

/** Makes it known what a loss computes: that it takes weights, and that an engine may fuse it. */
export function describeLoss<Loss extends LossFunction>(
  loss: Loss,
  description: LossDescription,
): Loss {
  return Object.defineProperty(loss, DESCRIPTION, { value: description });
}

/** What a loss computes; undefined of one that is not of this library. */
export function lossDescriptionOf(loss: unknown): LossDescription | undefined {
  return (loss as { [DESCRIPTION]?: LossDescription } | undefined)?.[DESCRIPTION];
}

/** What a loss compares with; undefined of one that is not of this library. */
export function targetKindOf(loss: unknown): TargetKind | undefined {
  const description = lossDescriptionOf(loss);
  if (!description) {
    return undefined;
  }
  return description.kind === "crossEntropy" ? "classes" : "numbers";
}
