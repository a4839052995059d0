/** Codes to read and codes to predict: N rows of T each; `y[n][t]` is the code after `x[n][t]`. */
export interface SequenceBatch {
  x: Int32Array[];
  y: Int32Array[];
}

/** Thrown where a text cannot be cut as asked; the message says what to do. */
export class BatchError extends Error {
  override name = "BatchError";
}

/** How many batches `getBatches` yields: floor((length - 1) / (nSeqs * nSteps)). */
export function countBatches(
  encoded: Pick<Int32Array, "length">,
  nSeqs: number,
  nSteps: number,
): number {
  for (const [name, value] of Object.entries({ nSeqs, nSteps })) {
    if (!Number.isInteger(value) || value < 1) {
      throw new BatchError(`${name} is ${value}, but must be a whole number from 1 up.`);
    }
  }
  // One code more than the windows cover, because the last window has a next character too.
  const count = Math.floor((encoded.length - 1) / (nSeqs * nSteps));
  if (count < 1) {
    throw new BatchError(
      `The text has ${encoded.length} symbols, but one batch of ${nSeqs} sequences of ${nSteps} steps ` +
        `needs ${nSeqs * nSteps + 1}. Take fewer sequences, fewer steps, or a longer text.`,
    );
  }
  return count;
}

/**
 * Cuts a text into batches for a network that carries its state from one batch to the next.
 *
 * The text is laid out as `nSeqs` long rows, one below the other. A batch is a window `nSteps` wide
 * over all rows, and the next batch is the window to its right; so row n of a batch goes on where
 * row n of the batch before it ended. What does not fill a last window is left out.
 *
 * The rows are views of `encoded`, not copies. Targets are the true next codes everywhere, at the
 * borders of windows and rows too. (The article's own code put a window's first code there:
 * udacity/deep-learning#239.)
 *
 * @param encoded the codes of the whole text
 * @param nSeqs N, rows in a batch
 * @param nSteps T, codes in a row of a batch
 * @throws BatchError for a text shorter than one batch
 */
export function* getBatches(
  encoded: Int32Array,
  nSeqs: number,
  nSteps: number,
): Generator<SequenceBatch> {
  const count = countBatches(encoded, nSeqs, nSteps);
  const rowStarts = Array.from({ length: nSeqs }, (_, n) => n * count * nSteps);
  for (let batch = 0; batch < count; batch++) {
    const window = (shift: number) =>
      rowStarts.map((start) => {
        const begin = start + batch * nSteps + shift;
        return encoded.subarray(begin, begin + nSteps);
      });
    yield { x: window(0), y: window(1) };
  }
}
