import type { BatchNumbers, Rows } from "../engine/engine";
import { tf } from "../engine/tensorflow";
import { nameOf } from "../errors";

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
    if (isIterable(ofEpoch)) {
      return ofEpoch;
    }
    throw new Error(
      `The function of batches gave ${nameOf(ofEpoch)} for epoch ${epoch}, but must give batches: a ` +
        "generator, or an array of { x, y }. Is a return missing, or an await too many?",
    );
  }
  if (Array.isArray(batches)) {
    return batches;
  }
  throw new Error(
    "batches is neither an array nor a function. A generator can be read only once, so hand over the " +
      "function that makes it: `() => sequenceBatches(encoded, { batchSize: 100, steps: 50 })`. One batch alone becomes an array: " +
      "`[{ x, y }]`.",
  );
}

/** What can be read once: all that `train` takes, of which a function is asked for epoch 1; a generator. */
export type BatchesToRead<B extends Batch = Batch> = Batches<B> | Iterable<B> | AsyncIterable<B>;

/** Batches that are read once. @throws Error that names `reader` where they are none */
export function batchesToRead<B extends Batch>(
  batches: BatchesToRead<B>,
  reader: string,
): Iterable<B> | AsyncIterable<B> {
  if (typeof batches === "function") {
    return batchesOfEpoch(batches, 1);
  }
  if (isIterable(batches)) {
    return batches;
  }
  throw new Error(
    `${reader} was given ${nameOf(batches)} as its batches, but reads a generator, an array of ` +
      "{ x, y }, or a function that gives one. One batch alone becomes an array: `[{ x, y }]`.",
  );
}

/** @throws Error where something is no batch */
function requireBatch(batch: Batch): void {
  if (typeof batch === "object" && batch !== null && batch.x != null && batch.y != null) {
    const other = Object.keys(batch).find((name) => /^(sample)?_?weights?$/i.test(name));
    if (other === undefined || other === "weights" || batch.weights !== undefined) {
      return;
    }
    throw new Error(
      `A batch has "${other}", which would be ignored: write { x, y, weights } where they are the weights of ` +
        "its examples.",
    );
  }
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
function numbersInRows(rows: Rows, dtype: "int32" | "float32"): BatchNumbers {
  const [N, T] = [rows.length, rows[0]?.length ?? 0];
  const tensor = () => {
    const flat = dtype === "int32" ? new Int32Array(N * T) : new Float32Array(N * T);
    for (const [n, row] of rows.entries()) {
      flat.set(row, n * T);
    }
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
  if (ArrayBuffer.isView(row)) {
    return "length" in row && !(row instanceof BigInt64Array);
  }
  return Array.isArray(row) && row.every((value) => typeof value === "number");
}

function isIterable(value: unknown): boolean {
  if (typeof value !== "object" || value === null) {
    return false;
  }
  return Symbol.iterator in value || Symbol.asyncIterator in value;
}

/** {@link numbersFor} as a tensor. Call it within tf.tidy. */
export function inputOf(model: tf.LayersModel, batch: Batch): tf.Tensor {
  return numbersFor(model, batch).tensor();
}

/**
 * A batch's x as numbers that the model can read: sizes are compared with those that the model was
 * made for, and whole numbers become float32 where it reads these. Call it within tf.tidy.
 *
 * The number of examples is free, also of a stateful model; its layers refuse a change of it.
 *
 * @throws Error naming both shapes and the first layer
 */
export function numbersFor(model: tf.LayersModel, batch: Batch): BatchNumbers {
  requireBatch(batch);
  const x = numbersOf(batch.x);
  const { shape, dtype } = model.inputs[0];
  const fits =
    x.shape.length === shape.length &&
    shape.every((size, i) => i === 0 || size === null || size === x.shape[i]);
  if (!fits) {
    const wanted = shape.map((size, i) => (i === 0 ? "batch" : (size ?? "any")));
    throw new Error(
      `The batch's x has the shape [${x.shape}], but the model reads [${wanted.join(", ")}], as its first ` +
        `layer ${firstLayer(model)} was made for. ${remedyFor(x.shape, shape)}`,
    );
  }
  if (x.shape.includes(0)) {
    throw new Error(
      `The batch's x has the shape [${x.shape}], so there is nothing in it. A batch needs at least one ` +
        "example, and a sequence one step.",
    );
  }
  if (x.dtype === "string" || x.dtype === "complex64") {
    throw new Error(
      `The batch's x is a tensor of ${x.dtype}, but ${firstLayer(model)} reads numbers. Texts become ` +
        "numbers by a Vocabulary.",
    );
  }
  if (dtype === "int32" && x.dtype === "float32") {
    requireWholeNumbers(model, x);
  }
  if (dtype !== "float32" || x.dtype === "float32") {
    return x;
  }
  return x.given ? numbersOf(tf.cast(x.given, "float32")) : numbersInRows(x.rows(), "float32");
}

/** tfjs would cut codes off to whole numbers without a word. */
function requireWholeNumbers(model: tf.LayersModel, x: BatchNumbers): void {
  const isBroken = (code: number) => !Number.isInteger(code);
  const broken = x
    .rows()
    .map((row) => Array.prototype.find.call(row, isBroken))
    .find((code) => code !== undefined);
  if (broken === undefined) {
    return;
  }
  throw new Error(
    `The batch's x holds ${broken}, but ${firstLayer(model)} reads codes, which are whole numbers. Make ` +
      'them with `tf.tensor(codes, shape, "int32")`, or begin the model with another layer.',
  );
}

/** @throws Error where something is no model with one input whose shape is known */
export function requireModel(model: tf.LayersModel, reader: string): void {
  if (typeof model?.apply !== "function" || !Array.isArray(model.layers)) {
    throw new Error(
      `${reader} was given ${model === null ? "null" : typeof model} as its model, but needs one of ` +
        "TensorFlow.js's, such as charRnn(...), mlp(...) or tf.sequential(...).",
    );
  }
  const count = model.inputs?.length ?? 0;
  if (count === 1) {
    return;
  }
  throw new Error(
    count === 0
      ? `The model "${model.name}" does not know its input's shape yet. Give its first layer an ` +
          "inputShape: layers.dense({ units: 8, inputShape: [4] })."
      : `The model "${model.name}" has ${count} inputs, but ${reader} feeds one tensor x. Join them to ` +
          "one input, or train by model.fit.",
  );
}

function firstLayer(model: tf.LayersModel): string {
  const [first] = model.layers.filter((layer) => layer.getClassName() !== "InputLayer");
  return `"${(first ?? model.layers[0])?.name ?? model.name}"`;
}

function remedyFor(x: readonly number[], wanted: readonly (number | null)[]): string {
  if (x.length !== wanted.length) {
    return `It has ${x.length} dimension${x.length === 1 ? "" : "s"} instead of ${wanted.length}: use tf.reshape or tf.expandDims.`;
  }
  const place = wanted.findIndex((size, i) => i > 0 && size !== null && size !== x[i]);
  return place === wanted.length - 1
    ? `Each example has ${x[place]} numbers there instead of ${wanted[place]}.`
    : `Its dimension ${place}, counted from 0, is ${x[place]} instead of ${wanted[place]}.`;
}
