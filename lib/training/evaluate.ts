import { tf } from "../engine/tensorflow";
import { sparseSoftmaxCrossEntropy } from "../losses/crossEntropy";
import { rowsShape } from "../losses/lossInputs";
import { type Batch, batchesToRead, numbersOf, toTensor } from "./batch";
import { inputOf, requireModel } from "./batchInput";
import { BatchWeights } from "./batchWeights";
import { requireLoss, scalarOf } from "./lossValue";
import { NotFiniteError } from "./notFinite";
import type { Loss } from "./options";
import { withFreshStates } from "./statefulLayers";

/** Options of `evaluate`. */
export interface EvaluateOptions {
  /** Default: the mean cross-entropy of logits against codes, in nats. */
  loss?: Loss;
  /** What each class counts, as the option of `train`. Default: all alike. */
  classWeights?: ArrayLike<number>;
}

/**
 * The mean loss over batches that the model does not learn from, without dropout. A stateful model
 * begins at zero and carries its state from batch to batch; afterwards it has the state back that it
 * had before, so that a training can be interrupted for it.
 *
 * Every prediction counts alike, whatever batch it is in: a batch's mean counts by its predictions,
 * which are the rows of the model's output (N examples, or N T steps of sequences). With `classWeights`
 * or a batch's `weights` it counts by the sum of these, so that the result is Σ w loss / Σ w over all.
 *
 * @returns the mean: nats a symbol for the default loss; its exponential is the perplexity. It is
 *   infinite where a loss is
 * @throws NotFiniteError naming the batch whose loss is NaN
 * @throws Error where there is no batch, or a batch does not fit the model
 */
export async function evaluate<B extends Batch>(
  model: tf.LayersModel,
  batches: Iterable<B> | AsyncIterable<B>,
  { loss = sparseSoftmaxCrossEntropy, classWeights }: EvaluateOptions = {},
): Promise<number> {
  requireModel(model, "evaluate");
  requireLoss(loss);
  const weights = new BatchWeights(model, loss, classWeights);
  const all = batchesToRead(batches, "evaluate");
  return withFreshStates(model, async () => {
    let sum = 0;
    let total = 0;
    let count = 0;
    /** In units of the first batch's weight, so that batches of one size give their plain mean. */
    let unit = 0;
    for await (const batch of all) {
      count++;
      const { value, weight } = tf.tidy(() => lossOfBatch(model, batch, loss, weights));
      if (weight === 0) continue;
      if (Number.isNaN(value)) {
        throw new NotFiniteError(
          `The loss of batch ${count} is NaN, so there is no mean. Look for NaN in the batch and in the ` +
            "model's weights; a training with too high a learning rate leaves such weights behind.",
        );
      }
      unit ||= weight;
      sum += value * (weight / unit);
      total += weight / unit;
    }
    if (count === 0) {
      throw new Error(
        "There was no batch to evaluate on. Hand over at least one, such as getBatches(...). A " +
          "generator that was read before is empty: make a new one for each evaluation.",
      );
    }
    if (total === 0) {
      throw new Error(`The weights of all ${count} batches are 0, so there is no mean.`);
    }
    return sum / total;
  });
}

/** A batch's mean loss, and what it counts. */
function lossOfBatch(
  model: tf.LayersModel,
  batch: Batch,
  loss: Loss,
  batchWeights: BatchWeights,
): { value: number; weight: number } {
  const x = inputOf(model, batch);
  const y = toTensor(batch.y);
  const weights = batchWeights.of(batch, numbersOf(y));
  const output = model.apply(x, { training: false }) as tf.Tensor;
  if (weights?.sum === 0) return { value: 0, weight: 0 };
  const value = weights
    ? loss(output, y, tf.tensor(weights.values, weights.shape))
    : loss(output, y);
  return { value: scalarOf(value).dataSync()[0]!, weight: weights?.sum ?? predictionsIn(output) };
}

/** How many predictions an output holds: its rows. */
function predictionsIn(output: tf.Tensor | tf.Tensor[]): number {
  const [first] = [output].flat();
  return rowsShape(first!.shape).reduce((product, n) => product * n, 1);
}
