import { warnOnce } from "../deprecated";
import { KareninaError, nameOf } from "../errors";
import { type OptionNames, requireNames } from "../optionNames";
import { requireWhole } from "../options";

/** Codes to read and codes to predict: N rows of T each; `y[n][t]` is the code after `x[n][t]`. */
export interface SequenceBatch {
  x: Int32Array[];
  y: Int32Array[];
}

/** Thrown where a text cannot be cut as asked; the message says what to do. */
export class BatchError extends KareninaError {
  override name = "BatchError";
  readonly code = "bad-batch";
}

/** How a text is cut into batches. */
export interface SequenceBatchOptions {
  /** N, the rows of a batch. */
  batchSize: number;
  /** T, the codes in a row of a batch. */
  steps: number;
}

const NAMES: OptionNames<SequenceBatchOptions> = { batchSize: true, steps: true };

/**
 * How many batches `sequenceBatches` yields: floor((length - 1) / (batchSize * steps)).
 *
 * @throws BatchError for sizes that are not whole numbers from 1 up, or a text shorter than one batch
 */
export function countSequenceBatches(
  encoded: Pick<Int32Array, "length">,
  options: SequenceBatchOptions,
): number {
  requireNames("sequenceBatches", options, NAMES, { Thrown: BatchError });
  const { batchSize, steps } = options;
  if (typeof encoded?.length !== "number" || typeof encoded === "string") {
    throw new BatchError(
      `A text is cut into batches as codes, but this is ${nameOf(encoded)}. Make them by vocabulary.encode(text).`,
    );
  }
  requireWhole({ batchSize, steps }, 1, { Thrown: BatchError });
  // One code more than the windows cover, because the last window has a next character too.
  const count = Math.floor((encoded.length - 1) / (batchSize * steps));
  if (count < 1) {
    throw new BatchError(
      `The text has ${encoded.length} symbols, but one batch of ${batchSize} sequences of ${steps} steps ` +
        `needs ${batchSize * steps + 1}. Take a smaller batchSize, fewer steps, or a longer text.`,
    );
  }
  return count;
}

/**
 * Cuts a text into batches for a network that carries its state from one batch to the next.
 *
 * The text is laid out as `batchSize` long rows, one below the other. A batch is a window `steps` wide
 * over all rows, and the next batch is the window to its right; so row n of a batch goes on where
 * row n of the batch before it ended. What does not fill a last window is left out.
 *
 * The rows are views of `encoded`, not copies. Targets are the true next codes everywhere, at the
 * borders of windows and rows too. (The article's own code put a window's first code there:
 * udacity/deep-learning#239.)
 *
 * @param encoded the codes of the whole text
 * @throws BatchError for sizes that are not whole numbers from 1 up, or a text shorter than one batch
 *
 * @example
 * const batches = () => sequenceBatches(encoded, { batchSize: 50, steps: 50 });
 */
export function* sequenceBatches(
  encoded: Int32Array,
  options: SequenceBatchOptions,
): Generator<SequenceBatch> {
  const count = countSequenceBatches(encoded, options);
  const { batchSize, steps } = options;
  const rowStarts = Array.from({ length: batchSize }, (_, n) => n * count * steps);
  for (let batch = 0; batch < count; batch++) {
    const window = (shift: number) =>
      rowStarts.map((start) => {
        const begin = start + batch * steps + shift;
        return encoded.subarray(begin, begin + steps);
      });
    yield { x: window(0), y: window(1) };
  }
}

/** @deprecated Write `sequenceBatches(encoded, { batchSize, steps })`. */
export function getBatches(
  encoded: Int32Array,
  batchSize: number,
  steps: number,
): Generator<SequenceBatch> {
  warnOnce("getBatches(codes, N, T)", "sequenceBatches(codes, { batchSize: N, steps: T })");
  return sequenceBatches(encoded, { batchSize, steps });
}

/** @deprecated Write `countSequenceBatches(encoded, { batchSize, steps })`. */
export function countBatches(
  encoded: Pick<Int32Array, "length">,
  batchSize: number,
  steps: number,
): number {
  warnOnce("countBatches(codes, N, T)", "countSequenceBatches(codes, { batchSize: N, steps: T })");
  return countSequenceBatches(encoded, { batchSize, steps });
}
