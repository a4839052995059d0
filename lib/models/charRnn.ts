import { warnOnce } from "../deprecated";
import { tf } from "../engine/tensorflow";
import * as layers from "../layers";
import { type OptionNames, requireNames } from "../optionNames";
import { OptionError, requireFraction, requireOneOf, requireWhole } from "../options";
import { sequential } from "./sequential";

/** Options of `charRnn`. N is the batch, T the time steps, D the input, H the hidden state, V the vocabulary. */
export interface CharRnnOptions {
  /** V, the number of symbols: `vocabulary.size`. */
  vocabularySize: number;
  /** N, the rows of a batch. The network keeps one state for each. Default 64. */
  batchSize?: number;
  /** H, the size of each layer's state. Default 128. */
  hiddenSize?: number;
  /** How many recurrent layers stand one above the other. Default 2. */
  numLayers?: number;
  /** The recurrent layer: "lstm" (default), "gru" or "rnn" (tanh). */
  cell?: "lstm" | "gru" | "rnn";
  /** Of cell "gru": whether the reset gate acts as in PyTorch; see `layers.gru`. Default false. */
  resetAfter?: boolean;
  /**
   * D, the size of the learnt vector that stands for each symbol; 0 feeds one-hot vectors, D = V.
   * Default 0, as in the article. The vectors begin as normal numbers of deviation 1, as torch-rnn's
   * and PyTorch's do: from the small ones of tf.layers.embedding, learning begins a hundred steps later.
   */
  embeddingSize?: number;
  /** The probability with which dropout blanks a value, after each recurrent layer. Default 0: none. */
  dropout?: number;
  /** @deprecated Write `dropout: 1 - keepProb`. */
  keepProb?: number;
}

const NAMES: OptionNames<CharRnnOptions> = {
  vocabularySize: true,
  batchSize: true,
  hiddenSize: true,
  numLayers: true,
  cell: true,
  resetAfter: true,
  embeddingSize: true,
  dropout: true,
  keepProb: true,
};

/**
 * A network that reads a text symbol by symbol and predicts the next one: codes [N, T] in, logits
 * [N, T, V] out. It is stateful: the state after a batch is where the next batch begins, until
 * `model.resetStates()`.
 *
 * One-hot or embedded symbols; `numLayers` recurrent layers, each followed by dropout; a dense layer
 * for the logits, whose weights begin as normal numbers cut off at two standard deviations of 0.1
 * and whose bias begins at zero.
 *
 * After Karpathy, "The Unreasonable Effectiveness of Recurrent Neural Networks" (2015), in the form
 * that Udacity's notebook on Anna Karenina gave it.
 *
 * @throws OptionError naming the option
 */
export function charRnn(options: CharRnnOptions): tf.Sequential {
  requireNames("charRnn", options, NAMES, { others: "ignored" });
  const {
    vocabularySize,
    batchSize = 64,
    hiddenSize = 128,
    numLayers = 2,
    cell = "lstm",
    resetAfter = false,
    embeddingSize = 0,
    dropout = dropoutOf(options),
  } = options;
  requireWhole({ vocabularySize, batchSize, hiddenSize, numLayers });
  requireWhole({ embeddingSize }, 0);
  if (options.dropout !== undefined && options.keepProb !== undefined) {
    throw new OptionError(
      "dropout and keepProb are both given: they mean the same, so leave keepProb out.",
    );
  }
  requireFraction({ dropout }, { remedy: ": the probability that a value is blanked" });
  requireOneOf({ cell }, ["lstm", "gru", "rnn"]);
  const recurrent = { lstm: layers.lstm, gru: layers.gru, rnn: layers.simpleRNN }[cell];
  if (resetAfter && cell !== "gru") {
    throw new OptionError(`resetAfter is an option of the cell "gru", but cell is "${cell}".`);
  }

  const model = sequential();
  const batchInputShape: [number, null] = [batchSize, null];
  model.add(
    embeddingSize > 0
      ? layers.embedding({
          inputDim: vocabularySize,
          outputDim: embeddingSize,
          batchInputShape,
          dtype: "int32",
          embeddingsInitializer: tf.initializers.randomNormal({ mean: 0, stddev: 1 }),
        })
      : layers.oneHot({ depth: vocabularySize, batchInputShape, dtype: "int32" }),
  );
  for (let layer = 0; layer < numLayers; layer++) {
    model.add(
      recurrent({
        units: hiddenSize,
        returnSequences: true,
        stateful: true,
        ...(resetAfter && { resetAfter }),
        // tfjs's default, orthogonal, takes seconds for matrices of this size.
        recurrentInitializer: "glorotUniform",
      }),
    );
    if (dropout > 0) {
      model.add(layers.dropout({ rate: dropout }));
    }
  }
  model.add(
    layers.dense({
      units: vocabularySize,
      kernelInitializer: tf.initializers.truncatedNormal({ stddev: 0.1 }),
      biasInitializer: "zeros",
    }),
  );
  return model;
}

/** The rate of dropout that the old option meant. */
function dropoutOf({ keepProb }: CharRnnOptions): number {
  if (keepProb === undefined) {
    return 0;
  }
  warnOnce("charRnn({ keepProb })", "charRnn({ dropout: 1 - keepProb })");
  if (!(keepProb > 0 && keepProb <= 1)) {
    throw new OptionError(
      `keepProb is ${keepProb}, but must be above 0 and at most 1. Write dropout, the probability that ` +
        "a value is blanked, in its place.",
    );
  }
  return 1 - keepProb;
}
