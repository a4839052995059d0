import { tf } from "../backend";

/** Values of a batch: a tensor, or rows of one length each. */
export type BatchValues = tf.Tensor | Int32Array[] | Float32Array[];

/**
 * What one step learns from: inputs `x` and targets `y`. Tensors stay the property of whoever made
 * them; rows are copied into tensors for the step.
 */
export interface Batch {
  x: BatchValues;
  y: BatchValues;
}

/** All batches of an epoch, made afresh for each, or an array that serves every epoch. */
export type Batches<B extends Batch = Batch> =
  | ((epoch: number) => Iterable<B> | AsyncIterable<B>)
  | readonly B[];

/** The batches of one epoch. @throws Error for a generator, which could serve one epoch only */
export function batchesOfEpoch<B extends Batch>(
  batches: Batches<B>,
  epoch: number,
): Iterable<B> | AsyncIterable<B> {
  if (typeof batches === "function") return batches(epoch);
  if (Array.isArray(batches)) return batches;
  throw new Error(
    "batches is neither an array nor a function. A generator can be read only once, so hand over the " +
      "function that makes it: `() => getBatches(encoded, 100, 50)`.",
  );
}

/** A tensor of a batch's values; dispose it, or call this within tf.tidy. */
export function toTensor(values: BatchValues): tf.Tensor {
  if (values instanceof tf.Tensor) return values;
  const N = values.length;
  const T = values[0]?.length ?? 0;
  const isInteger = values[0] instanceof Int32Array;
  const flat = isInteger ? new Int32Array(N * T) : new Float32Array(N * T);
  for (const [n, row] of values.entries()) {
    if (row.length !== T) {
      throw new Error(
        `Row ${n} of a batch has ${row.length} values, but row 0 has ${T}. All rows need one length.`,
      );
    }
    flat.set(row, n * T);
  }
  return tf.tensor(flat, [N, T], isInteger ? "int32" : "float32");
}
