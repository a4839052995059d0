import type { tf } from "../backend";
import { RecurrentLayer } from "../layers/recurrentLayer";

/** The layers of a model that carry a state from one batch to the next, with their places in it. */
export function statefulLayers(model: tf.LayersModel): { index: number; layer: RecurrentLayer }[] {
  return model.layers.flatMap((layer, index) =>
    layer instanceof RecurrentLayer && layer.stateful ? [{ index, layer }] : [],
  );
}
