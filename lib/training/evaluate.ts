import { tf } from "../engine/tensorflow";
import { host } from "../host/host";
import { sparseSoftmaxCrossEntropy } from "../losses/losses";
import { checkLabels, rowsShape } from "../losses/lossInputs";
import { type OptionNames, requireNames } from "../optionNames";
import {
  type Batch,
  type BatchesToRead,
  batchesToRead,
  inputOf,
  numbersOf,
  requireModel,
  toTensor,
} from "./batch";
import type { Loss } from "./loss";
import { BatchWeights, requireLoss, scalarOf } from "./loss";
import { requireSignal } from "./options";
import { PassState } from "./passState";
import { NotFiniteError } from "./stopping";

/** Options of `evaluate`. */
export interface EvaluateOptions {
  /** Default: the mean cross-entropy of logits against codes, in nats. */
  loss?: Loss;
  /** What each class counts, as the option of `train`. Default: all alike. */
  classWeights?: ArrayLike<number>;
  /** Ends the work between two batches, with `signal.reason`. */
  signal?: AbortSignal;
}

const NAMES: OptionNames<EvaluateOptions> = { loss: true, classWeights: true, signal: true };

/** The event loop gets a turn this often, so that a signal can come. */
const TURN_EVERY_MS = 20;

/**
 * The mean loss over batches that the model does not learn from, without dropout. A stateful model
 * begins at zero and carries its state from batch to batch; afterwards it has the state back that it
 * had before, so that a training can be interrupted for it.
 *
 * Every prediction counts alike, whatever batch it is in: a batch's mean counts by its predictions,
 * which are the rows of the model's output (N examples, or N T steps of sequences). With `classWeights`
 * or a batch's `weights` it counts by the sum of these, so that the result is Σ w loss / Σ w over all.
 *
 * @param batches what `train` takes, or a generator; a function is called with epoch 1
 * @returns the mean: nats a symbol for the default loss; its exponential is the perplexity. It is
 *   infinite where a loss is
 * @throws NotFiniteError naming the batch whose loss is NaN
 * @throws Error where there is no batch, or a batch does not fit the model
 */
export async function evaluate<B extends Batch>(
  model: tf.LayersModel,
  batches: BatchesToRead<B>,
  options: EvaluateOptions = {},
): Promise<number> {
  requireModel(model, "evaluate");
  requireNames("evaluate", options, NAMES);
  const { loss = sparseSoftmaxCrossEntropy, classWeights, signal } = options;
  requireSignal(signal);
  requireLoss(loss);
  const weights = new BatchWeights(model, loss, classWeights);
  const all = batchesToRead(batches, "evaluate");
  return withFreshStates(model, async () => {
    let sum = 0;
    let total = 0;
    let count = 0;
    /** In units of the first batch's weight, so that batches of one size give their plain mean. */
    let unit = 0;
    let turn = performance.now();
    for await (const batch of all) {
      count++;
      if (signal && performance.now() - turn > TURN_EVERY_MS) {
        await host.process.nextTurn();
        turn = performance.now();
      }
      signal?.throwIfAborted();
      const { value, weight } = tf.tidy(() => lossOfBatch(model, batch, loss, weights));
      if (weight === 0) {
        continue;
      }
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
        "There was no batch to evaluate on. Hand over at least one, such as sequenceBatches(...). A " +
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
  if (weights?.sum === 0) {
    return { value: 0, weight: 0 };
  }
  const value = weights
    ? loss(output, y, tf.tensor(weights.values, weights.shape))
    : loss(output, y);
  return { value: scalarOf(value).dataSync()[0], weight: weights?.sum ?? predictionsIn(output) };
}

/** How many predictions an output holds: its rows. */
function predictionsIn(output: tf.Tensor | tf.Tensor[]): number {
  const [first] = [output].flat();
  return rowsShape(first.shape).reduce((product, n) => product * n, 1);
}

/**
 * The share of right answers, from 0 to 1: examples whose largest logit belongs to their class. Every
 * example counts alike, also where the last batch is smaller. A stateful model begins at zero, and has
 * its state back afterwards.
 *
 * @param model gives logits [N, classes]
 * @param batches as of `evaluate`; x as the model takes it, y the classes [N]
 * @throws NotFiniteError naming the batch where a logit is NaN
 * @throws Error where there is no batch, the model does not give one row of logits an example, or a
 *   label is none of its classes
 */
export async function accuracy<B extends Batch>(
  model: tf.LayersModel,
  batches: BatchesToRead<B>,
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
        for (let n = 0; n < classes.length; n++) {
          right += answers[n] === classes[n] ? 1 : 0;
        }
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

/** Runs something with carried states that begin at zero; afterwards the model has those before. */
async function withFreshStates<Result>(
  model: tf.LayersModel,
  run: () => Promise<Result>,
): Promise<Result> {
  const before = new PassState(model).keep();
  model.resetStates();
  try {
    return await run();
  } finally {
    before.restore();
    before.dispose();
  }
}
