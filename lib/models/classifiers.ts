import { tf } from "../engine/tensorflow";
import * as layers from "../layers";
import { type OptionNames, requireNames } from "../optionNames";
import {
  requireFraction,
  requireNotNegative,
  requireOneOf,
  requireOptions,
  requirePositive,
  requireWhole,
} from "../options";
import { sequential } from "./sequential";

/** Options of `mlp`. */
export interface MlpOptions {
  /** D, how many numbers an example has. */
  inputSize: number;
  /** The width of each hidden layer, from the input on; an empty list makes a linear model. */
  hiddenSizes: readonly number[];
  /** How many numbers come out: classes (as logits), or 1 for a quantity. */
  outputSize: number;
  /** After each hidden layer. Default "relu". */
  activation?: "linear" | "relu" | "sigmoid" | "tanh";
  /** First values of all weight matrices, as an initialiser or its name. Default "glorotUniform". */
  kernelInitializer?: NonNullable<layers.DenseOptions["kernelInitializer"]>;
  /** The probability with which dropout blanks a hidden value while training. Default 0. */
  dropout?: number;
  /** λ1: adds λ1 Σ |w| over all weight matrices to the training loss. Default 0. */
  l1?: number;
  /** λ2: adds λ2 Σ w² over all weight matrices to the training loss. Default 0. */
  l2?: number;
}

const MLP_NAMES: OptionNames<MlpOptions> = {
  inputSize: true,
  hiddenSizes: true,
  outputSize: true,
  activation: true,
  kernelInitializer: true,
  dropout: true,
  l1: true,
  l2: true,
};

/**
 * A multilayer perceptron: dense layers with an activation between them, [N, D] in, [N, outputSize]
 * out, without an activation at the end (logits for classes, any number for a quantity).
 *
 * With `l1` or `l2`, `train` adds the penalty to its loss (weight decay: Krogh & Hertz 1991; L1 makes
 * small weights zero: Tibshirani 1996); biases are free. `evaluate` leaves it out, and dropout
 * (Srivastava et al. 2014) too, so that losses of different models can be compared.
 * (The option `weightDecay` of `train` is another: its slope is λ w without the 2, it takes in biases, and the
 * loss is reported without it.)
 *
 * @throws OptionError naming the option
 *
 * @example
 * const model = mlp({ inputSize: 784, hiddenSizes: [256, 64], outputSize: 10, dropout: 0.2 });
 */
export function mlp(options: MlpOptions): tf.Sequential {
  requireNames("mlp", options, MLP_NAMES, { others: "ignored" });
  const { inputSize, hiddenSizes, outputSize, activation = "relu", dropout = 0 } = options;
  const { kernelInitializer = "glorotUniform", l1 = 0, l2 = 0 } = options;
  requireWhole({ inputSize, outputSize });
  requireOptions({ hiddenSizes }, Array.isArray, "a list of widths: [64, 32], or [] for none");
  requireWhole(
    Object.fromEntries(hiddenSizes.map((size, layer) => [`hiddenSizes[${layer}]`, size])),
  );
  requireNotNegative({ l1, l2 });
  requireFraction({ dropout }, { remedy: ": the probability that a value is blanked" });
  const model = sequential();
  const addDense = (units: number, f: NonNullable<MlpOptions["activation"]>) => {
    const first = model.layers.length === 0 ? { inputShape: [inputSize] } : {};
    const dense = { units, activation: f, kernelInitializer, ...first };
    model.add(l1 > 0 || l2 > 0 ? penalisedDense(dense, l1, l2) : layers.dense(dense));
  };
  for (const size of hiddenSizes) {
    addDense(size, activation);
    if (dropout > 0) {
      model.add(layers.dropout({ rate: dropout }));
    }
  }
  addDense(outputSize, "linear");
  return model;
}

/** The options of a perceptron's dense layer; the first one has its input, too. */
type Layer = Pick<layers.DenseOptions, "units" | "activation" | "kernelInitializer"> & {
  inputShape?: number[];
};

/** Our own dense layer, which is faster, has no penalties. */
function penalisedDense(options: Layer, l1: number, l2: number): tf.layers.Layer {
  // tfjs takes names of all registered initialisers, but declares only its own.
  const kernelInitializer = options.kernelInitializer as "glorotUniform";
  const kernelRegularizer = tf.regularizers.l1l2({ l1, l2 });
  return tf.layers.dense({ ...options, kernelInitializer, kernelRegularizer });
}

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

const CLASSIFIER_NAMES: OptionNames<SequenceClassifierOptions> = {
  inputSize: true,
  hiddenSize: true,
  numLayers: true,
  outputSize: true,
  cell: true,
  initialBound: true,
};

/**
 * A network that reads a sequence to its end and then says what it was: [N, T, D] in, for any T, and
 * logits [N, outputSize] out. Recurrent layers, each of which hands its states of all time steps to the
 * next, and a dense layer on the state that the last one has at the last step. The states begin at zero
 * with every sequence.
 *
 * With the defaults: MNIST row by row, 28 -> 3 x 100 tanh -> 10, with 54,110 parameters. The same in
 * PyTorch has 54,410, because its layers add two biases of H where one does (Elman 1990 has one).
 *
 * @throws OptionError naming the option
 *
 * @example
 * const model = sequenceClassifier({ cell: "lstm" });
 */
export function sequenceClassifier(options: SequenceClassifierOptions = {}): tf.Sequential {
  requireNames("sequenceClassifier", options, CLASSIFIER_NAMES, { others: "ignored" });
  const {
    inputSize = 28,
    hiddenSize = 100,
    numLayers = 3,
    outputSize = 10,
    cell = "rnn",
  } = options;
  requireWhole({ inputSize, hiddenSize, numLayers, outputSize });
  const { initialBound = 1 / Math.sqrt(hiddenSize) } = options;
  requirePositive({ initialBound });
  requireOneOf({ cell }, ["rnn", "lstm", "gru"]);
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
  if (cell === "rnn") {
    return layers.simpleRNN(options);
  }
  if (cell === "gru") {
    return layers.gru(options);
  }
  return layers.lstm({ ...options, unitForgetBias: false });
}
