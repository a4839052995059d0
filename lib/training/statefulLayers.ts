import { isRecurrent, type StatefulLayer } from "../engine/engine";
import { tf } from "../engine/tensorflow";

/** The layers of a model that carry a state from one batch to the next, with their places in it. */
export function statefulLayers(model: tf.LayersModel): { index: number; layer: StatefulLayer }[] {
  return model.layers.flatMap((layer, index) =>
    isRecurrent(layer) && layer.stateful ? [{ index, layer }] : [],
  );
}

/** Runs something with carried states that begin at zero; afterwards the model has those before. */
export async function withFreshStates<Result>(
  model: tf.LayersModel,
  run: () => Promise<Result>,
): Promise<Result> {
  const stateful = statefulLayers(model);
  const carried = stateful.map(({ layer }) => layer.getStates().map((state) => state.clone()));
  model.resetStates();
  try {
    return await run();
  } finally {
    for (const [place, { layer }] of stateful.entries()) layer.setStates(carried[place]!);
    tf.dispose(carried);
  }
}
