import type {
  BatchNumbers,
  DescribedLayer,
  LayerDescription,
  LossDescription,
  LossWeights,
} from "./engine";
import { descriptionOf } from "./engine";
import type { tf } from "./tensorflow";

// Which models and batches an engine can compute whole steps of, without a tape.

/** A layer of a step that is computed as a whole, and what it computes. */
export interface RecordedLayer {
  layer: DescribedLayer;
  description: LayerDescription;
}

/** How many rows leading dimensions make. */
export const sizeOf = (leading: readonly number[]): number =>
  leading.reduce((product, n) => product * n, 1);

/** What passes from one layer to the next: codes, one-hot vectors that codes stand for, or numbers. */
export type SignalKind = "indices" | "oneHot" | "values";

/** Whether a layer carries a state from batch to batch. */
export function isStateful({ layer, description }: RecordedLayer): boolean {
  return description.kind === "recurrent" && (layer as { stateful?: boolean }).stateful === true;
}

/** The kind of what a layer gives; undefined where it cannot be computed with such an input. */
function outputKindOf(layer: LayerDescription, input: SignalKind): SignalKind | undefined {
  if (layer.kind === "oneHot") {
    return input === "indices" ? "oneHot" : undefined;
  }
  if (layer.kind === "embedding") {
    return input === "indices" ? "values" : undefined;
  }
  if (layer.kind === "recurrent") {
    return input !== "indices" && layer.isSimple ? "values" : undefined;
  }
  return input === "values" ? "values" : undefined;
}

/**
 * The layers of a model that is a plain sequence of this library's layers, all of them trainable. Undefined of
 * any other.
 *
 * @param computes whether the engine can compute a layer; default any
 */
export function recordableLayers(
  model: tf.LayersModel,
  computes: (layer: LayerDescription) => boolean = () => true,
): RecordedLayer[] | undefined {
  if (model.getClassName() !== "Sequential") {
    return undefined;
  }
  const layers = model.layers.filter((layer) => layer.getClassName() !== "InputLayer");
  const trainable = layers.flatMap((layer) => layer.trainableWeights).length;
  const all = layers.flatMap((layer) => layer.weights).length;
  if (trainable === 0 || trainable !== all) {
    return undefined;
  }
  const recordable: RecordedLayer[] = [];
  let kind: SignalKind | undefined = model.inputs[0].dtype === "int32" ? "indices" : "values";
  for (const layer of layers) {
    const description = descriptionOf(layer);
    if (!description || !computes(description)) {
      return undefined;
    }
    kind = outputKindOf(description, kind);
    if (!kind) {
      return undefined;
    }
    recordable.push({ layer: layer as DescribedLayer, description });
  }
  return kind === "values" ? recordable : undefined;
}

/** The sizes of a step's batch. */
export interface BatchSizes {
  x: number[];
  xType: "int32" | "float32";
  y: number[];
  /** The shape of the losses, [N] or [N, T]. */
  rows: number[];
  /** Whether each loss has a weight. */
  weighted: boolean;
  /** T, or 1 where there is no time. */
  steps: number;
}

/** How long a sequence may be, by the layers that know places; what is longer is left to them to refuse. */
function placesOf(model: tf.LayersModel): number {
  return model.layers.reduce((places, layer) => {
    const description = descriptionOf(layer);
    return description?.kind === "positions" ? Math.min(places, description.contextLength) : places;
  }, Number.POSITIVE_INFINITY);
}

/** The sizes of a batch, where they are such that its step can be computed as a whole. */
export function batchSizesOf(
  model: tf.LayersModel,
  batch: { x: BatchNumbers; y: BatchNumbers; weights?: LossWeights; loss: LossDescription },
): BatchSizes | undefined {
  const { x, y, weights, loss } = batch;
  const [input, output] = [model.inputs[0], model.outputs[0]];
  if (x.dtype !== input.dtype || x.shape.length !== input.shape.length) {
    return undefined;
  }
  const xType = x.dtype === "int32" ? "int32" : "float32";
  const T = x.shape.length === (xType === "int32" ? 1 : 2) ? 1 : x.shape[1];
  const rows = x.shape.slice(0, output.shape.length - 1);
  const ofClasses = loss.kind === "crossEntropy";
  const wanted = ofClasses ? rows : [...rows, output.shape.at(-1)!];
  const fits = y.dtype === (ofClasses ? "int32" : "float32") && y.shape.join() === wanted.join();
  const weighted = weights !== undefined;
  return fits && T <= placesOf(model)
    ? { x: x.shape, xType, y: y.shape, rows, weighted, steps: T }
    : undefined;
}
