import { tf } from "../backend/tensorflow";

/**
 * Indices as int32. A model's float32 input of whole numbers is taken too, as model.fit makes it.
 * TensorFlow itself reports an index out of range, WebAssembly would read other memory.
 *
 * @throws Error if an index is not within 0 ... count - 1
 */
export function checkIndices(layer: string, indices: tf.Tensor, count: number): tf.Tensor {
  const whole = indices.dtype === "int32" ? indices : tf.cast(indices, "int32");
  const wrong = whole.dataSync().find((index) => index < 0 || index >= count);
  if (wrong !== undefined) {
    throw new Error(
      `${layer} was given the index ${wrong}, but knows ${count}: 0 to ${count - 1}. Encode the text ` +
        "with the vocabulary that the model was made for.",
    );
  }
  return whole;
}
