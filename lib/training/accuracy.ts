import { tf } from "../engine/tensorflow";
import { checkLabels } from "../losses/lossInputs";
import { type Batch, batchesToRead, toTensor } from "./batch";
import { inputOf, requireModel } from "./batchInput";
import { NotFiniteError } from "./notFinite";
import { withFreshStates } from "./statefulLayers";

/**
 * The share of right answers, from 0 to 1: examples whose largest logit belongs to their class. Every
 * example counts alike, also where the last batch is smaller. A stateful model begins at zero, and has
 * its state back afterwards.
 *
 * @param model gives logits [N, classes]
 * @param batches x as the model takes it, y the classes [N]
 * @throws NotFiniteError naming the batch where a logit is NaN
 * @throws Error where there is no batch, the model does not give one row of logits an example, or a
 *   label is none of its classes
 */
export async function accuracy<B extends Batch>(
  model: tf.LayersModel,
  batches: Iterable<B> | AsyncIterable<B>,
): Promise<number> {
  requireModel(model, "accuracy");
  const read = batchesToRead(batches, "accuracy");
  return withFreshStates(model, async () => {
    let right = 0;
    let all = 0;
    let count = 0;
    for await (const batch of read) {
      count++;
      tf.tidy(() => {
        const [answers, classes] = answersAndClasses(model, batch, count);
        for (let n = 0; n < classes.length; n++) right += answers[n] === classes[n] ? 1 : 0;
        all += classes.length;
      });
    }
    if (all === 0) {
      throw new Error("There was no batch to count on. Hand over at least one, such as { x, y }.");
    }
    return right / all;
  });
}

function answersAndClasses(model: tf.LayersModel, batch: Batch, count: number) {
  const output = model.apply(inputOf(model, batch), { training: false }) as tf.Tensor;
  const y = toTensor(batch.y);
  if (output.rank !== 2 || y.rank !== 1 || output.shape[0] !== y.shape[0]) {
    throw new Error(
      `The model's output has the shape [${output.shape}] and y [${y.shape}], but accuracy needs ` +
        "logits [N, classes] and classes [N].",
    );
  }
  const classes = y.dataSync();
  checkLabels(classes, output.shape[1]!);
  if (output.dataSync().some(Number.isNaN)) {
    throw new NotFiniteError(
      `The model's output for batch ${count} holds NaN, so it has no largest logit. Look for NaN in the ` +
        "batch and in the model's weights.",
    );
  }
  return [tf.argMax(output, -1).dataSync(), classes] as const;
}
