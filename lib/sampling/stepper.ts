import { isLstmStack, LstmStepper } from "../engine/native/lstmStepper";
import { isNative } from "../engine/native/operations";
import { NativeStepper } from "../engine/native/stepper";
import { PlainStepper } from "../engine/plain/stepper";
import type { tf } from "../engine/tensorflow";
import { Dense } from "../layers/dense";
import { Dropout } from "../layers/dropout";
import { Embedding } from "../layers/embedding";
import { OneHot } from "../layers/oneHot";
import { isRecurrentLayer, type RecurrentLayer } from "../layers/recurrentLayer";

/** Logits [N, V] row by row: a Float32Array with a buffer of its own. */
export type Logits = ReturnType<Float32Array["slice"]>;

/** Runs a char-RNN one symbol at a time, carrying states of its own. */
export interface Stepper {
  /**
   * Reads one symbol for each of N sequences.
   *
   * @param ids N symbols, each 0 ... V - 1
   * @returns the logits of the next ones, [N, V] row by row
   * @throws Error if there are not N ids, or one is out of range
   */
  step(ids: Int32Array): Logits;
  /** Begins all sequences anew, with states of zeros. */
  reset(): void;
  /** Frees states and weights. */
  dispose(): void;
}

/** The layers of a char-RNN in the order in which a step runs through them. */
export interface CharRnnLayers {
  input: OneHot | Embedding;
  recurrent: RecurrentLayer[];
  dense: tf.layers.Layer;
  /** V */
  symbols: number;
}

/**
 * Makes a stepper of a char-RNN: one-hot or embedding, recurrent layers with or without dropout
 * between them, dense. It holds the weights as they are now (make a new one after more training) and
 * states of its own, which begin with zeros; the model's states are not touched. Dropout is off.
 *
 * @param options.batchSize N, how many sequences are stepped side by side, default 1
 * @throws Error if the model has other layers
 */
export function createStepper(
  model: tf.LayersModel,
  { batchSize = 1 }: { batchSize?: number } = {},
): Stepper {
  if (!Number.isInteger(batchSize) || batchSize < 1) {
    throw new Error(`batchSize is ${batchSize}, but must be a positive integer.`);
  }
  const layers = charRnnLayers(model);
  const stepper = makeStepper(layers, batchSize);
  return {
    step(ids) {
      checkIds(ids, batchSize, layers.symbols);
      return stepper.step(ids);
    },
    reset: () => stepper.reset(),
    dispose: () => stepper.dispose(),
  };
}

function makeStepper(layers: CharRnnLayers, N: number): Stepper {
  if (!isNative) return new PlainStepper(layers, N);
  return isLstmStack(layers, N) ? new LstmStepper(layers) : new NativeStepper(layers, N);
}

// By name: `instanceof` fails for a model that was made before the library was loaded anew.
const isOneHot = (layer: tf.layers.Layer): layer is OneHot =>
  layer.getClassName() === OneHot.className;

const isEmbedding = (layer: tf.layers.Layer): layer is Embedding =>
  layer.getClassName() === Embedding.className;

/** A char-RNN's layers. @throws Error if the model is none */
export function charRnnLayers(model: tf.LayersModel): CharRnnLayers {
  const all = Array.isArray(model?.layers) ? model.layers : [];
  const layers = all.filter(
    (layer) => !["InputLayer", Dropout.className, "Dropout"].includes(layer.getClassName()),
  );
  const [input, dense] = [layers[0], layers[layers.length - 1]];
  const recurrent = layers.slice(1, -1);
  const fits =
    recurrent.length > 0 &&
    (isOneHot(input) || isEmbedding(input)) &&
    recurrent.every((layer) => isRecurrentLayer(layer) && !layer.goBackwards) &&
    ["Dense", Dense.className].includes(dense.getClassName()) &&
    dense.getConfig().activation === "linear";
  if (!fits) {
    throw new Error(
      "Only a char-RNN can be stepped: layers.oneHot or layers.embedding, then layers.lstm, gru or " +
        "simpleRNN (with or without layers.dropout), then a dense layer without activation, for the " +
        `logits. This model has ${layers.map((layer) => layer.getClassName()).join(", ") || "no layers"}.`,
    );
  }
  return {
    input: input as OneHot | Embedding,
    recurrent: recurrent as RecurrentLayer[],
    dense,
    symbols: isOneHot(input) ? input.depth : (input as Embedding).inputDim,
  };
}

/** @throws Error if there are not N ids, or one is not among the V symbols */
export function checkIds(ids: Int32Array, N: number, V: number): void {
  if (ids?.length !== N) {
    throw new Error(
      `The stepper reads ${N} symbols a step, one for each sequence, not ${ids?.length ?? "none"}.`,
    );
  }
  for (const id of ids) {
    if (!(id >= 0 && id < V && Number.isInteger(id))) {
      throw new Error(
        `The symbol ${id} is none of the model's: they are whole numbers from 0 to ${V - 1}.`,
      );
    }
  }
}
