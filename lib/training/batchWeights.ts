import type { BatchNumbers, LossWeights } from "../engine/engine";
import { tf } from "../engine/tensorflow";
import { checkLabelRows, rowsShape, sumOfWeights } from "../losses/lossInputs";
import { type TargetKind, targetKindOf } from "../losses/lossKind";
import { type Batch, nameOf, toTensor } from "./batch";
import type { Loss } from "./options";

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
    if (classWeights === undefined) return;
    if (this.kind !== "classes") {
      throw new Error(
        "classWeights go with a loss of classes, sparseSoftmaxCrossEntropy, which is the default. To " +
          "weigh examples for another loss, give each batch its own: { x, y, weights }.",
      );
    }
    const V = model.outputs?.[0]?.shape.at(-1);
    const count = typeof classWeights === "object" ? classWeights?.length : undefined;
    if (!count || (V != null && count !== V)) {
      throw new Error(
        `classWeights has ${count ?? "no"} numbers, but needs one for each of the model's ` +
          `${V ?? "several"} classes, in their order: [1, 5] lets class 1 count five times.`,
      );
    }
    sumOfWeights(classWeights);
  }

  /** Those of a batch; undefined where all its predictions count alike. */
  of(batch: Batch, y: BatchNumbers): LossWeights | undefined {
    const { classWeights, kind, loss } = this;
    if (!classWeights && batch.weights === undefined) return undefined;
    if (!kind && loss.length < 3) {
      throw new Error(
        "The batch has weights, but the loss is one of your own that does not take them. Let it have " +
          "a third parameter: (output, y, weights) => ..., or use a loss of the library.",
      );
    }
    const shape = kind === "classes" ? [...y.shape] : rowsShape(y.shape);
    const count = shape.reduce((product, n) => product * n, 1);
    const values = new Float32Array(count).fill(1);
    if (batch.weights !== undefined) spread(valuesOf(batch.weights), values, shape);
    if (classWeights) {
      const rows = y.rows();
      checkLabelRows(rows, classWeights.length);
      let place = 0;
      for (const row of rows) {
        for (let t = 0; t < row.length; t++) values[place++]! *= classWeights[row[t]!]!;
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
    values[place] = given[Math.floor(place / perWeight)]!;
  }
}

function valuesOf(weights: NonNullable<Batch["weights"]>): ArrayLike<number> {
  if (weights instanceof tf.Tensor) return weights.dataSync();
  const isFlat =
    weights instanceof Float32Array ||
    (Array.isArray(weights) && weights.every((weight) => typeof weight === "number"));
  if (isFlat) return weights as ArrayLike<number>;
  if (Array.isArray(weights)) return toTensor(weights as Float32Array[]).dataSync();
  throw new Error(
    `The batch's weights are ${nameOf(weights)}, but must be a tensor or an array of numbers from 0 up.`,
  );
}
