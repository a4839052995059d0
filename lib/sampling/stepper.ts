import { engine } from "../engine/choice";
import {
  type CharRnnLayers,
  type DescribedLayer,
  descriptionOf,
  isRecurrent,
  type StatefulLayer,
  type Stepper,
} from "../engine/engine";
import type { tf } from "../engine/tensorflow";

export type { CharRnnLayers, Logits, Stepper } from "../engine/engine";

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
  const stepper = engine().stepper(layers, batchSize);
  return {
    step(ids) {
      checkIds(ids, batchSize, layers.symbols);
      return stepper.step(ids);
    },
    reset: () => stepper.reset(),
    dispose: () => stepper.dispose(),
  };
}

type Recurrent = StatefulLayer & { units: number; goBackwards: boolean };

/** A char-RNN's layers. @throws Error if the model is none */
export function charRnnLayers(model: tf.LayersModel): CharRnnLayers {
  const all = Array.isArray(model?.layers) ? model.layers : [];
  const layers = all.filter(
    (layer) =>
      !["InputLayer", "Dropout"].includes(layer.getClassName()) &&
      descriptionOf(layer)?.kind !== "dropout",
  );
  const [input, dense] = [layers[0], layers[layers.length - 1]];
  const recurrent = layers.slice(1, -1);
  const read = input && descriptionOf(input);
  const fits =
    recurrent.length > 0 &&
    (read?.kind === "oneHot" || read?.kind === "embedding") &&
    recurrent.every((layer) => isRecurrent(layer) && !(layer as Recurrent).goBackwards) &&
    (dense.getClassName() === "Dense" || descriptionOf(dense)?.kind === "dense") &&
    dense.getConfig().activation === "linear";
  if (!fits) {
    throw new Error(
      "Only a char-RNN can be stepped: layers.oneHot or layers.embedding, then layers.lstm, gru or " +
        "simpleRNN (with or without layers.dropout), then a dense layer without activation, for the " +
        `logits. This model has ${layers.map((layer) => layer.getClassName()).join(", ") || "no layers"}.`,
    );
  }
  return {
    input: input as DescribedLayer,
    recurrent: recurrent as Recurrent[],
    dense,
    symbols: read.kind === "oneHot" ? read.depth : read.inputDim,
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
