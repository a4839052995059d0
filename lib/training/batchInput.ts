import type { BatchNumbers } from "../engine/engine";
import { tf } from "../engine/tensorflow";
import { type Batch, numbersInRows, numbersOf, requireBatch } from "./batch";

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
  const { shape, dtype } = model.inputs[0]!;
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
  if (dtype === "int32" && x.dtype === "float32") requireWholeNumbers(model, x);
  if (dtype !== "float32" || x.dtype === "float32") return x;
  return x.given ? numbersOf(tf.cast(x.given, "float32")) : numbersInRows(x.rows(), "float32");
}

/** tfjs would cut codes off to whole numbers without a word. */
function requireWholeNumbers(model: tf.LayersModel, x: BatchNumbers): void {
  const isBroken = (code: number) => !Number.isInteger(code);
  const broken = x
    .rows()
    .map((row) => Array.prototype.find.call(row, isBroken))
    .find((code) => code !== undefined);
  if (broken === undefined) return;
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
  if (count === 1) return;
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
