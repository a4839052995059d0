import { statefulLayers } from "../checkpoints/modelState";
import type { StatefulLayer } from "../engine/engine";
import type { tf } from "../engine/tensorflow";

/** What a model had before a pass. */
interface KeptState {
  /** Gives the model back what it had. */
  restore(): void;
  /** Frees what was kept. */
  dispose(): void;
}

/**
 * What a pass through a model changes beside the weights that are learnt: the states that the library's
 * recurrent layers carry to the next batch, and in training the moving averages of batch normalisation.
 */
export class PassState {
  private readonly layers: StatefulLayer[];
  private readonly averages: tf.Variable[];

  constructor(model: tf.LayersModel) {
    this.layers = statefulLayers(model).map(({ layer }) => layer);
    this.averages = model.nonTrainableWeights.map((weight) => weight.read() as tf.Variable);
  }

  /** Holds it as it is now, at the cost of a reference to each tensor. */
  keep(): KeptState {
    const states = this.layers.map((layer) => layer.getStates().map((state) => state.clone()));
    const values = this.averages.map((variable) => variable.clone());
    return {
      restore: () => {
        for (const [i, layer] of this.layers.entries()) {
          layer.setStates(states[i]);
        }
        for (const [i, variable] of this.averages.entries()) {
          variable.assign(values[i]);
        }
      },
      dispose() {
        for (const tensor of [...states.flat(), ...values]) {
          tensor.dispose();
        }
      },
    };
  }
}
