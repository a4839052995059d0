import type { BatchNumbers, LossWeights } from "../engine/engine";
import { tf } from "../engine/tensorflow";
import { nameOf } from "../errors";
import {
  checkLabelRows,
  rowsShape,
  sumOfWeights,
  type TargetKind,
  targetKindOf,
} from "../losses/lossInputs";
import { OptionError } from "../options";
import { type Batch, toTensor } from "./batch";

/**
 * From the model's output and the targets to the mean loss, a scalar; with `weights`, of the losses'
 * shape, to the weighted mean. One of your own needs the third parameter only where weights are used.
 */
export type Loss = (output: tf.Tensor, targets: tf.Tensor, weights?: tf.Tensor) => tf.Tensor;

/** @throws OptionError where a loss is no function */
export function requireLoss(loss: unknown): asserts loss is Loss {
  if (typeof loss === "function") {
    return;
  }
  throw new OptionError(
    `loss is ${nameOf(loss)}, but must be a function from outputs and targets to a scalar: leave it out ` +
      "for the cross-entropy of classes, or use meanSquaredError where numbers are to be predicted.",
  );
}

/** What a loss gave, as a scalar. @throws Error where it gave none */
export function scalarOf(value: unknown): tf.Scalar {
  if (!(value instanceof tf.Tensor)) {
    throw new Error(
      `The loss gave ${nameOf(value)}, but must give a scalar tensor. Is a return missing, or was ` +
        "dataSync() called in it?",
    );
  }
  if (value.size !== 1) {
    throw new Error(
      `The loss gave a tensor of the shape [${value.shape}], but must give one number, the mean: ` +
        "put tf.mean(...) around it.",
    );
  }
  return (value.rank === 0 ? value : tf.reshape(value, [])) as tf.Scalar;
}

/** Weights by class, and what loss they go with. */
export class BatchWeights {
  private readonly kind: TargetKind | undefined;

  /** @throws Error for weights that are no numbers from 0 up, or go with no loss of classes */
  constructor(
    model: tf.LayersModel,
    private readonly loss: Loss,
    private readonly classWeights: ArrayLike<number> | undefined,
  ) {
    this.kind = targetKindOf(loss);
    if (classWeights === undefined) {
      return;
    }
    if (this.kind !== "classes") {
      throw new OptionError(
        "classWeights go with a loss of classes, sparseSoftmaxCrossEntropy, which is the default. To " +
          "weigh examples for another loss, give each batch its own: { x, y, weights }.",
      );
    }
    const V = model.outputs?.[0]?.shape.at(-1);
    const count = typeof classWeights === "object" ? classWeights?.length : undefined;
    if (!count || (V != null && count !== V)) {
      throw new OptionError(
        `classWeights has ${count ?? "no"} numbers, but needs one for each of the model's ` +
          `${V ?? "several"} classes, in their order: [1, 5] lets class 1 count five times.`,
      );
    }
    sumOfWeights(classWeights);
  }

  /** Those of a batch; undefined where all its predictions count alike. */
  of(batch: Batch, y: BatchNumbers): LossWeights | undefined {
    const { classWeights, kind, loss } = this;
    if (!classWeights && batch.weights === undefined) {
      return undefined;
    }
    if (!kind && loss.length < 3) {
      throw new Error(
        "The batch has weights, but the loss is one of your own that does not take them. Let it have " +
          "a third parameter: (output, y, weights) => ..., or use a loss of the library.",
      );
    }
    const shape = kind === "classes" ? [...y.shape] : rowsShape(y.shape);
    const count = shape.reduce((product, n) => product * n, 1);
    const values = new Float32Array(count).fill(1);
    if (batch.weights !== undefined) {
      spread(valuesOf(batch.weights), values, shape);
    }
    if (classWeights) {
      const rows = y.rows();
      checkLabelRows(rows, classWeights.length);
      let place = 0;
      for (const row of rows) {
        for (let t = 0; t < row.length; t++) {
          values[place++] *= classWeights[row[t]];
        }
      }
    }
    return { values, shape, sum: sumOfWeights(values) };
  }
}

/** Weights of examples become those of all predictions of the example. */
function spread(given: ArrayLike<number>, values: Float32Array, shape: number[]): void {
  const N = shape[0] ?? 1;
  if (given.length !== N && given.length !== values.length) {
    throw new Error(
      `The batch has ${given.length} weights for ${N} examples. It needs one an example` +
        `${values.length > N ? `, or one for each of the ${values.length} predictions` : ""}.`,
    );
  }
  const perWeight = values.length / given.length;
  for (let place = 0; place < values.length; place++) {
    values[place] = given[Math.floor(place / perWeight)];
  }
}

function valuesOf(weights: NonNullable<Batch["weights"]>): ArrayLike<number> {
  if (weights instanceof tf.Tensor && weights.dtype !== "string") {
    return weights.dataSync();
  }
  const isFlat =
    weights instanceof Float32Array ||
    (Array.isArray(weights) && !weights.some((weight) => typeof weight === "object"));
  if (isFlat) {
    // What is no number among them is named with its place.
    sumOfWeights(weights as ArrayLike<number>);
    return weights as ArrayLike<number>;
  }
  if (Array.isArray(weights)) {
    return toTensor(weights as Float32Array[]).dataSync();
  }
  throw new Error(
    `The batch's weights are ${nameOf(weights)}, but must be a tensor or an array (or Float32Array) of ` +
      "numbers from 0 up.",
  );
}
