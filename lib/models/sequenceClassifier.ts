import { tf } from "../engine/tensorflow";
import * as layers from "../layers";
import { ModelOptionError, requireWhole } from "./modelOption";
import { sequential } from "./sequential";

/** Options of `sequenceClassifier`. */
export interface SequenceClassifierOptions {
  /** D, how many numbers come in at each time step: the pixels of an image's row. Default 28. */
  inputSize?: number;
  /** H, the size of each layer's state. Default 100. */
  hiddenSize?: number;
  /** How many recurrent layers stand one above the other. Default 3. */
  numLayers?: number;
  /** The number of classes. Default 10. */
  outputSize?: number;
  /** The recurrent layer: "rnn" (tanh, default), "lstm" or "gru". */
  cell?: "rnn" | "lstm" | "gru";
  /**
   * Every weight and bias begins uniform between minus and plus this. Default 1/√H, as in PyTorch's
   * recurrent layers, and in its linear layer on H inputs.
   */
  initialBound?: number;
}

/**
 * A network that reads a sequence to its end and then says what it was: [N, T, D] in, for any T, and
 * logits [N, outputSize] out. Recurrent layers, each of which hands its states of all time steps to the
 * next, and a dense layer on the state that the last one has at the last step. The states begin at zero
 * with every sequence.
 *
 * With the defaults: MNIST row by row, 28 -> 3 x 100 tanh -> 10, with 54,110 parameters. The same in
 * PyTorch has 54,410, because its layers add two biases of H where one does (Elman 1990 has one).
 *
 * @throws ModelOptionError naming the option
 *
 * @example
 * const model = sequenceClassifier({ cell: "lstm" });
 */
export function sequenceClassifier(options: SequenceClassifierOptions = {}): tf.Sequential {
  const {
    inputSize = 28,
    hiddenSize = 100,
    numLayers = 3,
    outputSize = 10,
    cell = "rnn",
  } = options;
  requireWhole({ inputSize, hiddenSize, numLayers, outputSize }, 1);
  const { initialBound = 1 / Math.sqrt(hiddenSize) } = options;
  if (!(initialBound > 0 && Number.isFinite(initialBound))) {
    throw new ModelOptionError(`initialBound is ${initialBound}, but must be a number above 0.`);
  }
  const uniform = tf.initializers.randomUniform({ minval: -initialBound, maxval: initialBound });
  const first = { kernelInitializer: uniform, biasInitializer: uniform };
  const recurrent = { ...first, units: hiddenSize, recurrentInitializer: uniform };

  const model = sequential();
  for (let layer = 0; layer < numLayers; layer++) {
    const place = {
      returnSequences: layer < numLayers - 1,
      ...(layer === 0 ? { inputShape: [null, inputSize] } : {}),
    };
    model.add(recurrentLayer(cell, { ...recurrent, ...place }));
  }
  model.add(layers.dense({ units: outputSize, ...first }));
  return model;
}

function recurrentLayer(
  cell: NonNullable<SequenceClassifierOptions["cell"]>,
  options: Parameters<typeof layers.simpleRNN>[0],
): layers.RecurrentLayer {
  if (cell === "rnn") return layers.simpleRNN(options);
  if (cell === "gru") return layers.gru(options);
  if (cell === "lstm") return layers.lstm({ ...options, unitForgetBias: false });
  throw new ModelOptionError(`cell is "${cell}", but must be "rnn", "lstm" or "gru".`);
}
