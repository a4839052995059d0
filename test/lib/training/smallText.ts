import {
  adam,
  charRnn,
  sequenceBatches,
  setSeed,
  type TrainOptions,
  tf,
  train,
  Vocabulary,
} from "karenina";

/** A text that a small network learns within seconds. */
export const text =
  "all happy families are alike; each unhappy family is unhappy in its own way. ".repeat(4);
export const vocabulary = Vocabulary.of(text);
const encoded = vocabulary.encode(text);

export const batches = () => sequenceBatches(encoded, { batchSize: 3, steps: 10 });
export const batchesPerEpoch = [...batches()].length;

/** A network for it, with dropout. */
export function build(seed: number, options = {}): tf.Sequential {
  setSeed(seed);
  return charRnn({
    vocabularySize: vocabulary.size,
    batchSize: 3,
    hiddenSize: 12,
    dropout: 0.3,
    ...options,
  });
}

export const weightsOf = (model: tf.LayersModel): number[][] =>
  model.getWeights().map((weight) => [...weight.dataSync()]);

/** A new network after a training. */
export async function trained(options: TrainOptions, seed = 1) {
  const model = build(seed);
  const optimizer = options.resume ? undefined : adam({ learningRate: 0.01 });
  const history = await train(model, batches, { optimizer, ...options });
  optimizer?.dispose();
  return { model, history };
}

/** The mean of a linear layer's outputs as loss: its gradient by the weights is the mean input. */
export const meanOutput = (output: tf.Tensor) => tf.mean(output);
