import { randomInteger } from "../engine/random";
import { tf } from "../engine/tensorflow";
import { BatchError } from "../text/batches";

/** Examples to learn from: `x[n]` goes with `y[n]`. */
export interface Examples {
  /** Inputs, shape [N, ...]. */
  x: tf.Tensor;
  /** Targets, shape [N] or [N, ...]. */
  y: tf.Tensor;
  /** What each example counts in the mean of the losses, shape [N]. Default: all alike. */
  weights?: tf.Tensor;
}

/**
 * Batches of examples in a new random order every epoch, for `train`: each example comes once an epoch,
 * and the last batch is smaller where `batchSize` does not divide N. `setSeed` makes the orders
 * repeatable. A batch's tensors are disposed of when the next is asked for.
 *
 * @param examples stay the property of the caller
 * @returns a function that begins an epoch
 * @throws BatchError for a batch size that is no whole number from 1 up, or x and y of different lengths
 *
 * @example
 * await train(model, shuffledBatches({ x, y }, 32), { epochs: 10 });
 */
export function shuffledBatches(examples: Examples, batchSize: number): () => Generator<Examples> {
  const { x, y, weights } = examples;
  const N = x.shape[0] ?? 0;
  if (!(Number.isInteger(batchSize) && batchSize >= 1)) {
    throw new BatchError(`batchSize is ${batchSize}, but must be a whole number from 1 up.`);
  }
  if (N < 1 || y.shape[0] !== N) {
    throw new BatchError(
      `x has the shape [${x.shape}] and y [${y.shape}], but both must begin with the same number of ` +
        "examples, 1 or more.",
    );
  }
  if (weights && weights.shape[0] !== N) {
    throw new BatchError(
      `There are ${N} examples, but weights has the shape [${weights.shape}]: each needs one weight.`,
    );
  }
  return function* epoch() {
    yield* batchesInOrder(examples, shuffledOrder(N), batchSize);
  };
}

/** The numbers 0 ... length - 1 in a random order (Fisher and Yates's shuffle). */
export function shuffledOrder(length: number): Int32Array {
  const order = Int32Array.from({ length }, (_, n) => n);
  for (let n = length - 1; n > 0; n--) {
    const other = randomInteger(n + 1);
    [order[n], order[other]] = [order[other]!, order[n]!];
  }
  return order;
}

/**
 * One epoch of examples in a given order; the last batch may be smaller. A batch's tensors are disposed
 * of when the next is asked for.
 *
 * @param order places of the examples
 */
export function* batchesInOrder(
  { x, y, weights }: Examples,
  order: Int32Array,
  batchSize: number,
): Generator<Examples> {
  for (let from = 0; from < order.length; from += batchSize) {
    const batch = tf.tidy(() => {
      const places = tf.tensor1d(order.subarray(from, from + batchSize), "int32");
      const taken = { x: tf.gather(x, places), y: tf.gather(y, places) };
      return weights ? { ...taken, weights: tf.gather(weights, places) } : taken;
    });
    try {
      yield batch;
    } finally {
      tf.dispose(batch);
    }
  }
}
