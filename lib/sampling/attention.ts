import { tf } from "../engine/tensorflow";
import { transformerLayers } from "./steppedLayers";
import { checkIds } from "./stepper";

/**
 * Reads a text with a transformer and keeps where each head of one block looks.
 *
 * @param ids the text's T symbols, each 0 ... V - 1; with learnt positions no more than its contextLength
 * @param options.layer which block, counted from 0 at the input; default the last one
 * @returns for each head T rows of T weights: row t says how much step t looks at each step, and sums to 1
 * @throws Error if the model is no transformer, has no such block, or an id is out of range
 *
 * @example
 * const [head] = readAttention(model, vocabulary.encode("Анна Каренина"));
 * show(heatMapFigure(head));
 */
export function readAttention(
  model: tf.LayersModel,
  ids: Int32Array,
  { layer }: { layer?: number } = {},
): number[][][] {
  const { input, positions, blocks, symbols } = transformerLayers(model);
  const wanted = layer ?? blocks.length - 1;
  if (!Number.isInteger(wanted) || wanted < 0 || wanted >= blocks.length) {
    throw new Error(
      `layer is ${layer}, but the model's blocks are 0 to ${blocks.length - 1}, counted from the input.`,
    );
  }
  if (ids.length === 0) {
    throw new Error("There is nothing to read: `ids` is empty.");
  }
  checkIds(ids, ids.length, symbols);
  return tf.tidy(() => {
    const embedded = input.apply(tf.tensor2d(ids, [1, ids.length], "int32")) as tf.Tensor;
    let x = positions?.addFrom(embedded, 0) ?? embedded;
    for (const block of blocks.slice(0, wanted)) {
      x = block.advance(x).output;
    }
    const [weights] = tf.unstack(blocks[wanted].attentionOf(x));
    return weights.arraySync() as number[][][];
  });
}
