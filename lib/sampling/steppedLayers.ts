import {
  type CharRnnLayers,
  type DescribedLayer,
  descriptionOf,
  isRecurrent,
  type PositionsLayer,
  type StatefulLayer,
  type SteppedLayers,
  type TransformerBlockLayer,
  type TransformerLayers,
} from "../engine/engine";
import type { tf } from "../engine/tensorflow";

type Recurrent = StatefulLayer & { units: number; goBackwards: boolean };

/** A model's layers without its input and dropout, which a step does not need. */
function computingLayers(model: tf.LayersModel): tf.layers.Layer[] {
  const all = Array.isArray(model?.layers) ? model.layers : [];
  return all.filter(
    (layer) =>
      !["InputLayer", "Dropout"].includes(layer.getClassName()) &&
      descriptionOf(layer)?.kind !== "dropout",
  );
}

/** The layers of a network that writes. @throws Error if the model is none */
export function steppedLayers(model: tf.LayersModel): SteppedLayers {
  const isTransformer = computingLayers(model).some(
    (layer) => descriptionOf(layer)?.kind === "transformerBlock",
  );
  return isTransformer ? transformerLayers(model) : charRnnLayers(model);
}

/** A transformer's layers. @throws Error if the model is none */
export function transformerLayers(model: tf.LayersModel): TransformerLayers {
  const layers = computingLayers(model);
  const kinds = layers.map((layer) => descriptionOf(layer));
  const names = kinds.map((each) => each?.kind ?? "").join(" ");
  if (!/^embedding (positions )?(transformerBlock )+layerNorm dense$/.test(names)) {
    throw new Error(
      "Only a transformer as `transformer` builds it can be stepped: layers.embedding, layers.positions or " +
        "none, layers.transformerBlock, layers.layerNorm, layers.dense for the logits. This model has " +
        `${layers.map((layer) => layer.getClassName()).join(", ") || "no layers"}.`,
    );
  }
  const blocks = layers.filter((_, i) => kinds[i]?.kind === "transformerBlock");
  const lengths = kinds.flatMap((each) =>
    each?.kind === "positions" || each?.kind === "transformerBlock" ? [each.contextLength] : [],
  );
  const [input] = kinds;
  return {
    input: layers[0] as DescribedLayer,
    positions: layers.find((_, i) => kinds[i]?.kind === "positions") as PositionsLayer | undefined,
    blocks: blocks as TransformerBlockLayer[],
    norm: layers.at(-2) as DescribedLayer,
    dense: layers.at(-1) as tf.layers.Layer,
    symbols: input?.kind === "embedding" ? input.inputDim : 0,
    contextLength: Math.min(...lengths),
  };
}

/** A char-RNN's layers. @throws Error if the model is none */
export function charRnnLayers(model: tf.LayersModel): CharRnnLayers {
  const layers = computingLayers(model);
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
