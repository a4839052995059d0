import { tf } from "../backend";
import { type Batch, toTensor } from "./batch";

/**
 * The share of right answers, from 0 to 1: examples whose largest logit belongs to their class. Every
 * example counts alike, also where the last batch is smaller.
 *
 * @param model gives logits [N, classes]
 * @param batches x as the model takes it, y the classes [N]
 * @throws Error where there is no batch, or the model does not give one row of logits an example
 */
export async function accuracy<B extends Batch>(
  model: tf.LayersModel,
  batches: Iterable<B> | AsyncIterable<B>,
): Promise<number> {
  let right = 0;
  let all = 0;
  for await (const batch of batches) {
    const [answers, classes] = tf.tidy(() => {
      const output = model.apply(toTensor(batch.x), { training: false }) as tf.Tensor;
      const y = toTensor(batch.y);
      if (output.rank !== 2 || y.rank !== 1 || output.shape[0] !== y.shape[0]) {
        throw new Error(
          `The model's output has the shape [${output.shape}] and y [${y.shape}], but accuracy needs ` +
            "logits [N, classes] and classes [N].",
        );
      }
      return [tf.argMax(output, -1).dataSync(), y.dataSync()];
    });
    for (let n = 0; n < classes.length; n++) right += answers[n] === classes[n] ? 1 : 0;
    all += classes.length;
  }
  if (all === 0) {
    throw new Error("There was no batch to count on. Hand over at least one, such as { x, y }.");
  }
  return right / all;
}
