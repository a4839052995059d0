import type { tf } from "../engine/tensorflow";
import type { Batches } from "./batch";
import type { HistoryRow } from "./history";
import type { TrainOptions } from "./options";
import { TrainingRun } from "./trainingRun";

/**
 * Trains a model: for each batch the loss, its gradient, clipping, and an optimizer's update.
 *
 * A stateful model carries its state from batch to batch (truncated backpropagation through time)
 * and begins every epoch at zero. The history comes back as plain rows, one a step; with `resume` it
 * begins with the rows of the training that goes on. What else is to happen meanwhile, callbacks do:
 * `validate`, `checkpoints`, `earlyStopping`, `writeSamples`, `live` and others.
 *
 * @param model any tfjs model; its last layer gives logits where `loss` is not set
 * @param batches a function from the epoch (1, 2, ...) to its batches, or an array of batches
 * @throws NotFiniteError where the loss is NaN or infinite, before the weights are touched
 * @throws TrainingStopped on Stop, Ctrl-C or `signal`
 * @throws EmptyEpochError where an epoch has no batch; it holds the history of those before
 * @throws CheckpointError where `resume` is not a checkpoint of this model, or nothing is left to do
 * @throws Error for options that it cannot work with, and a batch that does not fit the model
 *
 * @example
 * const history = await train(model, () => sequenceBatches(encoded, { batchSize: 100, steps: 50 }), {
 *   epochs: 2, optimizer: adam({ learningRate: 0.002 }), clipNorm: 5,
 * });
 */
export async function train(
  model: tf.LayersModel,
  batches: Batches,
  options: TrainOptions = {},
): Promise<HistoryRow[]> {
  const run = new TrainingRun(model, options);
  try {
    await run.run(batches);
  } finally {
    run.dispose();
  }
  return run.history;
}
