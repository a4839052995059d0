import { tf } from "../engine/tensorflow";

/**
 * Indices as int32. A model's float32 input of whole numbers is taken too, as model.fit makes it.
 *
 * @throws Error if an index is no whole number within 0 ... count - 1
 */
export function checkIndices(layer: string, indices: tf.Tensor, count: number): tf.Tensor {
  if (!(indices instanceof tf.Tensor)) {
    throw new Error(
      `${layer} was given ${indices === null ? "null" : typeof indices} as its input, but reads a ` +
        "tensor of indices.",
    );
  }
  if (indices.size === 0) {
    throw new Error(
      `${layer} was given an input of the shape [${indices.shape}], which holds nothing. A batch needs ` +
        "at least one example, and a sequence one step.",
    );
  }
  const values = indices.dataSync();
  const wrong = values.find((index) => !(index >= 0 && index < count));
  if (wrong !== undefined) {
    throw new Error(
      `${layer} was given the index ${wrong}, but knows ${count}: 0 to ${count - 1}. Encode the text ` +
        "with the vocabulary that the model was made for.",
    );
  }
  if (indices.dtype === "int32") return indices;
  const broken = values.find((index) => !Number.isInteger(index));
  if (broken !== undefined) {
    throw new Error(
      `${layer} was given ${broken} as an index, but indices are whole numbers from 0 to ${count - 1}. ` +
        "Where numbers are to be read and not indices, begin the model with another layer.",
    );
  }
  return tf.cast(indices, "int32");
}
