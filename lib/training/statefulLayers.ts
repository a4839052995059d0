import type { tf } from "../backend";
import { isRecurrentLayer, type RecurrentLayer } from "../layers/recurrentLayer";

/** The layers of a model that carry a state from one batch to the next, with their places in it. */
export function statefulLayers(model: tf.LayersModel): { index: number; layer: RecurrentLayer }[] {
  return model.layers.flatMap((layer, index) =>
    isRecurrentLayer(layer) && layer.stateful ? [{ index, layer }] : [],
  );
}
