import { namedWeights } from "../../checkpoints/modelState";
import { tf } from "../../engine/tensorflow";
import type { TrainingCallback } from "./callback";

/** Options of `updateRatios`. */
export interface UpdateRatioOptions {
  /** Steps from one measurement to the next. Default 10. */
  every?: number;
}

/**
 * Measures how fast each weight moves, as the training page of DL4J does: the mean size of a step's
 * change beside the mean size of the weight, as a logarithm,
 *
 *     log10( mean |θ_new - θ_old| / mean |θ_new| ).
 *
 * About -3 is healthy; near -1 the learning rate is too high, at -5 and below next to nothing is
 * learnt. The rows get `updateRatios`, by names such as `layers.1.kernel`; a weight that did not move,
 * or is 0 altogether, is left out.
 *
 * @throws RangeError for a number of steps out of range
 */
export function updateRatios({ every = 10 }: UpdateRatioOptions = {}): TrainingCallback {
  if (!(Number.isInteger(every) && every >= 1)) {
    throw new RangeError(`every is ${every}, but must be a whole number of steps from 1 up.`);
  }
  let before = new Map<string, tf.Tensor>();
  const forget = () => {
    tf.dispose([...before.values()]);
    before = new Map();
  };
  return {
    onTrainBegin: forget,
    onStepStart(step, model) {
      if (step % every !== 0) return;
      forget();
      for (const [name, variable] of namedWeights(model)) before.set(name, variable.clone());
    },
    onStep(_row, model, { record }) {
      if (before.size === 0) return;
      const ratios: Record<string, number> = {};
      for (const [name, variable] of namedWeights(model)) {
        const ratio = tf.tidy(() => {
          const size = (values: tf.Tensor) => tf.mean(tf.abs(values)).dataSync()[0]!;
          return Math.log10(size(tf.sub(variable, before.get(name)!)) / size(variable));
        });
        if (Number.isFinite(ratio)) ratios[name] = ratio;
      }
      record({ updateRatios: ratios });
      forget();
    },
    onTrainEnd: forget,
  };
}
