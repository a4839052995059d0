import { tf } from "../engine/tensorflow";
import * as layers from "../layers";
import { type OptionNames, requireNames } from "../optionNames";
import { OptionError, requireFraction, requireOneOf, requireWhole } from "../options";
import { sequential } from "./sequential";

/** Options of `transformer`. N is the batch, T the time steps, D the width, V the vocabulary. */
export interface TransformerOptions {
  /** V, the number of symbols: `vocabulary.size`. */
  vocabularySize: number;
  /**
   * C, how many symbols it can look at: the longest sequence that it is trained on. With learnt positions it
   * reads no longer ones; a sampler gives it no more in any case. Default 128.
   */
  contextLength?: number;
  /** D, the numbers that stand for each symbol on its way up. Default 128. */
  width?: number;
  /** How many blocks stand one above the other. Default 4. */
  numLayers?: number;
  /** h, the attentions side by side in a block; a divisor of the width. Default 4. */
  numHeads?: number;
  /** The width of the middle of a block's feed-forward part. Default 4 D. */
  mlpSize?: number;
  /**
   * How it knows the order of symbols: "learnt" adds a vector for each place (as GPT-2), "rotary" turns
   * queries and keys by their places (as most networks since 2022), "none" does neither. Default "learnt".
   */
  positions?: "learnt" | "rotary" | "none";
  /** The probability with which dropout blanks a value, after the embedding and in blocks. Default 0. */
  dropout?: number;
  /** N, where all batches have the same number of rows. Default: any. */
  batchSize?: number;
}

const NAMES: OptionNames<TransformerOptions> = {
  vocabularySize: true,
  contextLength: true,
  width: true,
  numLayers: true,
  numHeads: true,
  mlpSize: true,
  positions: true,
  dropout: true,
  batchSize: true,
};

/**
 * A decoder-only transformer that predicts the next symbol: codes [N, T] in, logits [N, T, V] out. It carries
 * no state from batch to batch: within a sequence each step looks at all steps before it, and at none after.
 *
 * Embedded symbols, with learnt positions added; `numLayers` blocks (`layers.transformerBlock`); a layer norm;
 * a dense layer without bias for the logits. Weights begin as in GPT-2: normal with deviation 0.02, and in
 * the last products of the blocks' parts with 0.02 / √(2 numLayers).
 *
 * After Vaswani et al., "Attention is all you need" (2017), in the form that Radford et al. gave it in
 * "Language models are unsupervised multitask learners" (2019).
 *
 * @throws OptionError naming the option
 *
 * @example
 * const model = transformer({ vocabularySize: vocabulary.size, contextLength: 64 });
 * await train(model, () => sequenceBatches(encoded, { batchSize: 32, steps: 64 }));
 */
export function transformer(options: TransformerOptions): tf.Sequential {
  requireNames("transformer", options, NAMES, { others: "ignored" });
  const {
    vocabularySize,
    contextLength = 128,
    width = 128,
    numLayers = 4,
    numHeads = 4,
    mlpSize = 4 * width,
    positions = "learnt",
    dropout = 0,
    batchSize,
  } = options;
  requireWhole({ vocabularySize, contextLength, width, numLayers, numHeads, mlpSize });
  requireFraction({ dropout }, { remedy: ": the probability that a value is blanked" });
  requireOneOf({ positions }, ["learnt", "rotary", "none"]);
  if (batchSize !== undefined) {
    requireWhole({ batchSize });
  }
  const pairs = positions === "rotary" ? 2 : 1;
  if (width % (numHeads * pairs) !== 0) {
    throw new OptionError(
      `width is ${width}, but must be a multiple of ${pairs === 2 ? "twice " : ""}numHeads, ${numHeads}` +
        `${pairs === 2 ? ": rotary positions turn a head's numbers in pairs" : ""}.`,
    );
  }
  const normal = (stddev: number) => tf.initializers.randomNormal({ stddev });
  const model = sequential();
  model.add(
    layers.embedding({
      inputDim: vocabularySize,
      outputDim: width,
      batchInputShape: [batchSize ?? null, null],
      dtype: "int32",
      embeddingsInitializer: normal(0.02),
    }),
  );
  if (positions === "learnt") {
    model.add(layers.positions({ contextLength }));
  }
  if (dropout > 0) {
    model.add(layers.dropout({ rate: dropout }));
  }
  for (let layer = 0; layer < numLayers; layer++) {
    model.add(
      layers.transformerBlock({
        numHeads,
        mlpSize,
        positions: positions === "rotary" ? "rotary" : "none",
        contextLength,
        dropout,
        residualScale: Math.sqrt(2 * numLayers),
      }),
    );
  }
  model.add(layers.layerNorm());
  model.add(
    layers.dense({ units: vocabularySize, useBias: false, kernelInitializer: normal(0.02) }),
  );
  return model;
}
