import type { tf } from "../../engine/tensorflow";
import { type Batch, type Batches, batchesOfEpoch, nameOf } from "../batch";
import { type EvaluateOptions, evaluate } from "../evaluate";
import type { TrainingCallback, TrainingContext } from "./callback";

/** Options of `validate`: when, and those of `evaluate`. */
export interface ValidateOptions extends Pick<EvaluateOptions, "loss" | "classWeights"> {
  /** Steps from one validation to the next, or after which steps. Default: at every epoch's end. */
  every?: number | ((step: number) => boolean);
  /** What becomes of a loss besides its place in the history. Default: nothing. */
  show?: (loss: number, step: number) => void;
}

/**
 * Measures the loss on data that is not trained on, and records it in the history as `validationLoss`.
 * The training is not changed by that. A training that was stopped during a validation makes it first
 * when it is resumed.
 *
 * @param batches a function from the epoch to the batches, made afresh for each validation, or an array
 * @throws RangeError for a number of steps out of range
 *
 * @example
 * callbacks: [validate(() => sequenceBatches(held, { batchSize: 100, steps: 50 }), { every: 200 })]
 */
export function validate<B extends Batch>(
  batches: Batches<B>,
  options: ValidateOptions = {},
): TrainingCallback {
  const { every, show, ...measure } = options;
  if (
    every !== undefined &&
    typeof every !== "function" &&
    !(Number.isInteger(every) && every > 0)
  ) {
    throw new RangeError(
      `every of validate is ${typeof every === "number" ? every : nameOf(every)}, but must be a whole ` +
        "number of steps from 1 up, or a function from the step to whether it is validated.",
    );
  }
  const isDue = (step: number) =>
    every !== undefined && (typeof every === "function" ? every(step) : step % every === 0);
  const examine = async (model: tf.LayersModel, context: TrainingContext) => {
    const { epoch, step, signal } = context;
    const loss = await evaluate(model, batchesOfEpoch(batches, epoch), { ...measure, signal });
    context.record({ validationLoss: loss });
    show?.(loss, step);
  };
  return {
    async onTrainBegin(context, model) {
      const last = context.history.at(-1);
      if (last && last.validationLoss === undefined && isDue(last.step)) {
        await examine(model, context);
      }
    },
    async onStep({ step }, model, context) {
      if (isDue(step)) await examine(model, context);
    },
    async onEpochEnd(_history, model, context) {
      if (every === undefined) await examine(model, context);
    },
  };
}
