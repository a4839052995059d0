import { random, randomInteger, randomNormal } from "../engine/random";
import { tf } from "../engine/tensorflow";
import { nameOf } from "../errors";
import { requireNames } from "../optionNames";
import { requireNotNegative, requireWhole } from "../options";
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
  const { x, y, weights } = requireExamples(examples);
  const N = x.shape[0] ?? 0;
  requireWhole({ batchSize }, 1, { Thrown: BatchError });
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

/** @throws BatchError where x, y or weights are no tensors */
function requireExamples(examples: Examples): Examples {
  const { x, y, weights } = examples ?? {};
  for (const [name, value] of Object.entries({ x, y, ...(weights && { weights }) })) {
    if (!(value instanceof tf.Tensor)) {
      throw new BatchError(
        `shuffledBatches takes examples { x, y }, two tensors, but ${name} is ${nameOf(value)}. Make one with ` +
          "tf.tensor(...); of a frame's columns, toTensors does.",
      );
    }
  }
  return examples;
}

/** The numbers 0 ... length - 1 in a random order (Fisher and Yates's shuffle). */
export function shuffledOrder(length: number): Int32Array {
  const order = Int32Array.from({ length }, (_, n) => n);
  for (let n = length - 1; n > 0; n--) {
    const other = randomInteger(n + 1);
    [order[n], order[other]] = [order[other], order[n]];
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

/** Points of the plane in two classes. */
export interface LabelledPoints {
  /** One row a point: [x, y]. */
  points: [x: number, y: number][];
  /** The class of each point, 0 or 1. */
  labels: number[];
}

/** Options of `makeMoons`. */
export interface MoonsOptions {
  /** How many points in both moons together. Default 100. */
  count?: number;
  /** Standard deviation of the normal noise on both coordinates. Default 0.1. */
  noise?: number;
}

/**
 * Two half circles of radius 1, one arching over the other: the smallest data set that no straight line
 * separates. Class 0 is the upper moon around (0, 0), class 1 the lower one around (1, 0.5). (The shape
 * is scikit-learn's make_moons; the points lie at random along it, in random order.)
 *
 * `setSeed` makes them repeatable.
 *
 * @throws OptionError for a count or noise out of range
 */
export function makeMoons(options: MoonsOptions = {}): LabelledPoints {
  requireNames<MoonsOptions>("makeMoons", options, { count: true, noise: true });
  const { count = 100, noise = 0.1 } = options;
  requireWhole({ count });
  requireNotNegative({ noise });
  const labels = Array.from({ length: count }, (_, i) => i % 2);
  for (let i = count - 1; i > 0; i--) {
    const other = Math.floor(random() * (i + 1));
    [labels[i], labels[other]] = [labels[other], labels[i]];
  }
  const points = labels.map((label): [number, number] => {
    const angle = Math.PI * random();
    const [x, y] = [Math.cos(angle), Math.sin(angle)];
    const [centred, arched] = label === 0 ? [x, y] : [1 - x, 0.5 - y];
    return [centred + noise * randomNormal(), arched + noise * randomNormal()];
  });
  return { points, labels };
}
