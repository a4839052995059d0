import { statefulLayers } from "../checkpoints/modelState";
import type { StatefulLayer } from "../engine/engine";
import type { tf } from "../engine/tensorflow";

/**
 * What a pass through a model changes beside the weights that are learnt: the states that the library's
 * recurrent layers carry to the next batch, and in training the moving averages of batch normalisation.
 * Holds it as it is now, at the cost of a reference to each tensor.
 */
export class PassState {
  private readonly carried: { layer: StatefulLayer; states: tf.Tensor[] }[];
  private readonly averages: { variable: tf.Variable; value: tf.Tensor }[];

  constructor(model: tf.LayersModel) {
    this.carried = statefulLayers(model).map(({ layer }) => ({
      layer,
      states: layer.getStates().map((state) => state.clone()),
    }));
    this.averages = model.nonTrainableWeights.map((weight) => {
      const variable = weight.read() as tf.Variable;
      return { variable, value: variable.clone() };
    });
  }

  /** Gives the model back what it had. */
  restore(): void {
    for (const { layer, states } of this.carried) {
      layer.setStates(states);
    }
    for (const { variable, value } of this.averages) {
      variable.assign(value);
    }
  }

  dispose(): void {
    for (const tensor of [
      ...this.carried.flatMap(({ states }) => states),
      ...this.averages.map(({ value }) => value),
    ]) {
      tensor.dispose();
    }
  }
}
