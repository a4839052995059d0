import type { BatchNumbers, Rows } from "../engine/engine";
import { tf } from "../engine/tensorflow";

/** Values of a batch: a tensor, or rows of one length each. */
export type BatchValues = tf.Tensor | Int32Array[] | Float32Array[];

/**
 * What one step learns from: inputs `x` and targets `y`. Tensors stay the property of whoever made
 * them; rows are copied into tensors for the step.
 */
export interface Batch {
  x: BatchValues;
  y: BatchValues;
  /**
   * What each example counts in the mean of the losses, 0 or more: one number an example [N], or one a
   * prediction (of sequences [N, T]). Default: all alike. See the option `classWeights` for what the
   * mean is.
   */
  weights?: tf.Tensor | Float32Array | readonly number[] | Float32Array[];
}

/** All batches of an epoch, made afresh for each, or an array that serves every epoch. */
export type Batches<B extends Batch = Batch> =
  | ((epoch: number) => Iterable<B> | AsyncIterable<B>)
  | readonly B[];

/**
 * The batches of one epoch.
 *
 * @throws Error for a generator, which could serve one epoch only, and a function that gives no batches
 */
export function batchesOfEpoch<B extends Batch>(
  batches: Batches<B>,
  epoch: number,
): Iterable<B> | AsyncIterable<B> {
  if (typeof batches === "function") {
    const ofEpoch = batches(epoch);
    if (isIterable(ofEpoch)) return ofEpoch;
    throw new Error(
      `The function of batches gave ${nameOf(ofEpoch)} for epoch ${epoch}, but must give batches: a ` +
        "generator, or an array of { x, y }. Is a return missing, or an await too many?",
    );
  }
  if (Array.isArray(batches)) return batches;
  throw new Error(
    "batches is neither an array nor a function. A generator can be read only once, so hand over the " +
      "function that makes it: `() => sequenceBatches(encoded, { batchSize: 100, steps: 50 })`. One batch alone becomes an array: " +
      "`[{ x, y }]`.",
  );
}

/** Batches that are read once. @throws Error that names `reader` where they are none */
export function batchesToRead<B extends Batch>(
  batches: Iterable<B> | AsyncIterable<B>,
  reader: string,
): Iterable<B> | AsyncIterable<B> {
  if (isIterable(batches)) return batches;
  const remedy =
    typeof batches === "function"
      ? "Call the function, since they are read once: `validationBatches()`."
      : "One batch alone becomes an array: `[{ x, y }]`.";
  throw new Error(
    `${reader} was given ${nameOf(batches)} as its batches, but reads a generator or an array of ` +
      `{ x, y }. ${remedy}`,
  );
}

/** @throws Error where something is no batch */
export function requireBatch(batch: Batch): void {
  if (typeof batch === "object" && batch !== null && batch.x != null && batch.y != null) return;
  if (typeof batch !== "object" || batch === null) {
    throw new Error(
      `A batch is an object { x, y }: inputs and targets, but one is ${nameOf(batch)}.`,
    );
  }
  const missing = batch.x == null ? "x" : "y";
  throw new Error(
    `A batch is an object { x, y }: inputs and targets, but the ${missing} of one is ` +
      `${nameOf(batch[missing])}. It has ${Object.keys(batch).join(", ") || "nothing"}.`,
  );
}

/** A tensor of a batch's values; dispose it, or call this within tf.tidy. */
export function toTensor(values: BatchValues): tf.Tensor {
  return numbersOf(values).tensor();
}

/**
 * A batch's values as they came.
 *
 * @throws Error where they are neither a tensor nor rows of one length and type
 */
export function numbersOf(values: BatchValues): BatchNumbers {
  if (values instanceof tf.Tensor) {
    const { shape, dtype, size } = values;
    const rows = () => cut(values.dataSync(), size / (shape[0] ?? 1));
    return { shape, dtype, given: values, rows, tensor: () => values };
  }
  if (!Array.isArray(values)) {
    throw new Error(
      `A batch's values are ${nameOf(values)}, but must be a tensor or an array of rows, each an ` +
        "Int32Array or a Float32Array.",
    );
  }
  const T = values[0]?.length ?? 0;
  const isInteger = values[0] instanceof Int32Array;
  for (const [n, row] of values.entries()) {
    if (!isRow(row) || row instanceof Int32Array !== isInteger) {
      throw new Error(
        `Row ${n} of a batch is ${nameOf(row)}${n > 0 ? `, and row 0 ${nameOf(values[0])}` : ""}, but all ` +
          "rows must be Int32Array, for codes, or all Float32Array. For other shapes hand over a tensor.",
      );
    }
    if (row.length !== T) {
      throw new Error(
        `Row ${n} of a batch has ${row.length} values, but row 0 has ${T}. All rows need one length.`,
      );
    }
  }
  return numbersInRows(values, isInteger ? "int32" : "float32");
}

/** Rows of one length as numbers of a type. */
export function numbersInRows(rows: Rows, dtype: "int32" | "float32"): BatchNumbers {
  const [N, T] = [rows.length, rows[0]?.length ?? 0];
  const tensor = () => {
    const flat = dtype === "int32" ? new Int32Array(N * T) : new Float32Array(N * T);
    for (const [n, row] of rows.entries()) flat.set(row, n * T);
    return tf.tensor(flat, [N, T], dtype);
  };
  return { shape: [N, T], dtype, rows: () => rows, tensor };
}

/** Numbers that lie in one row, in rows of a length. */
function cut(values: Int32Array | Float32Array | Uint8Array, length: number): Rows {
  const rows: ArrayLike<number>[] = [];
  for (let from = 0; from < values.length; from += length) {
    rows.push(values.subarray(from, from + length));
  }
  return rows;
}

/** Numbers side by side, also plain ones, which types do not allow but JavaScript does. */
function isRow(row: unknown): row is Int32Array | Float32Array {
  if (ArrayBuffer.isView(row)) return "length" in row && !(row instanceof BigInt64Array);
  return Array.isArray(row) && row.every((value) => typeof value === "number");
}

function isIterable(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Symbol.iterator in value || Symbol.asyncIterator in value;
}

/** What a value is, in two words, for an error. */
export function nameOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === "number" || typeof value === "boolean")
    return `the ${typeof value} ${value}`;
  if (typeof value === "string") return `the text ${JSON.stringify(value)}`;
  if (typeof value === "function") return "a function";
  const name = (value as object).constructor?.name ?? "object";
  return `${/^[AEIOU]/i.test(name) ? "an" : "a"} ${name}`;
}
