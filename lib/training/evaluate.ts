import { tf } from "../backend";
import { sparseSoftmaxCrossEntropy } from "../losses";
import { type Batch, toTensor } from "./batch";
import type { Loss } from "./options";
import { statefulLayers } from "./statefulLayers";

/** Options of `evaluate`. */
export interface EvaluateOptions {
  /** Default: the mean cross-entropy of logits against codes, in nats. */
  loss?: Loss;
}

/**
 * The mean loss over batches that the model does not learn from, without dropout. A stateful model
 * begins at zero and carries its state from batch to batch; afterwards it has the state back that it
 * had before, so that a training can be interrupted for it.
 *
 * @returns the mean over batches: nats a symbol for the default loss; its exponential is the perplexity
 * @throws Error where there is no batch
 */
export async function evaluate<B extends Batch>(
  model: tf.LayersModel,
  batches: Iterable<B> | AsyncIterable<B>,
  { loss = sparseSoftmaxCrossEntropy }: EvaluateOptions = {},
): Promise<number> {
  const stateful = statefulLayers(model);
  const carried = stateful.map(({ layer }) => layer.getStates().map((state) => state.clone()));
  model.resetStates();
  let sum = 0;
  let count = 0;
  try {
    for await (const batch of batches) {
      sum += tf.tidy(() => {
        const output = model.apply(toTensor(batch.x), { training: false }) as tf.Tensor;
        return loss(output, toTensor(batch.y)).dataSync()[0]!;
      });
      count++;
    }
  } finally {
    for (const [place, { layer }] of stateful.entries()) layer.setStates(carried[place]!);
    tf.dispose(carried);
  }
  if (count === 0) {
    throw new Error(
      "There was no batch to evaluate on. Hand over at least one, such as getBatches(...).",
    );
  }
  return sum / count;
}
