import { entryOf } from "../../checkpoints/modelState";
import { tf } from "../../engine/tensorflow";
import { nameOf } from "../../errors";
import { type OptionNames, requireNames } from "../../optionNames";
import { given, OptionError, requireNotNegative, requireWhole } from "../../options";
import type { TrainingCallback, TrainingContext } from "./callback";
import { requireLossNumber } from "./callback";

/** Options of `earlyStopping`. */
export interface EarlyStoppingOptions {
  /** The loss on data that is not trained on, such as `() => evaluate(model, validationBatches())`. */
  validate: () => number | Promise<number>;
  /** Stop after this many validations in a row without a better loss. Default 2. */
  patience?: number;
  /** By how much a loss must fall to count as better. Default 0. */
  minDelta?: number;
  /** Validate every so many steps. Default: at every epoch's end. */
  everySteps?: number;
}

const NAMES: OptionNames<EarlyStoppingOptions> = {
  validate: true,
  patience: true,
  minDelta: true,
  everySteps: true,
};

/** What early stopping has seen of the training that runs, or of the last one. */
export interface EarlyStopping extends TrainingCallback {
  /** The best validation so far; undefined before the first. */
  readonly best: { step: number; loss: number } | undefined;
  /** The step after which the training was stopped; undefined where patience lasted. */
  readonly stoppedAt: number | undefined;
}

/** What a checkpoint keeps besides the best weights. */
interface Remembered {
  best: EarlyStopping["best"];
  withoutBetter: number;
  stoppedAt: EarlyStopping["stoppedAt"];
}

/**
 * Stops a training when the loss on held-out data no longer falls, and gives the model the weights
 * that it had when that loss was lowest (Prechelt, "Early Stopping: But When?", 1998). Each validation
 * is noted in the history's row as `validationLoss`. A checkpoint keeps what it has seen, the best
 * weights too, so that a resumed training stops where an uninterrupted one would. Used for another
 * training, it begins afresh.
 *
 * @throws OptionError for an option out of range; and, while training, where `validate` gives no
 *   finite number
 */
export function earlyStopping(options: EarlyStoppingOptions): EarlyStopping {
  checkOptions(options);
  const { validate, patience = 2, minDelta = 0, everySteps } = options;
  let best: { step: number; loss: number } | undefined;
  let bestWeights: tf.Tensor[] = [];
  let withoutBetter = 0;
  let stoppedAt: number | undefined;

  const dropWeights = () => {
    tf.dispose(bestWeights);
    bestWeights = [];
  };
  const examine = async (
    model: tf.LayersModel,
    { step, record }: TrainingContext,
  ): Promise<"stop" | undefined> => {
    const loss = requireLossNumber(await validate(), step);
    record({ validationLoss: loss });
    if (!best || loss < best.loss - minDelta) {
      best = { step, loss };
      dropWeights();
      bestWeights = model.getWeights().map((weight) => weight.clone());
      withoutBetter = 0;
      return undefined;
    }
    withoutBetter++;
    if (withoutBetter < patience) {
      return undefined;
    }
    stoppedAt = step;
    return "stop";
  };

  return {
    name: "earlyStopping",
    state: () => ({
      values: { best, withoutBetter, stoppedAt },
      tensors: Object.fromEntries(bestWeights.map((weight, i) => [String(i), entryOf(weight)])),
    }),
    onTrainBegin() {
      best = undefined;
      withoutBetter = 0;
      stoppedAt = undefined;
      dropWeights();
    },
    restore({ values, tensors = {} }) {
      ({ best, withoutBetter = 0, stoppedAt } = values as Partial<Remembered>);
      dropWeights();
      bestWeights = Object.values(tensors).map(({ shape, values }) => tf.tensor(values, shape));
    },
    get best() {
      return best;
    },
    get stoppedAt() {
      return stoppedAt;
    },
    onStep: ({ step }, model, context) =>
      everySteps !== undefined && step % everySteps === 0 ? examine(model, context) : undefined,
    onEpochEnd: (_history, model, context) =>
      everySteps === undefined ? examine(model, context) : undefined,
    onTrainEnd(_history, model) {
      if (bestWeights.length > 0) {
        model.setWeights(bestWeights);
      }
      dropWeights();
    },
  };
}

function checkOptions(options: EarlyStoppingOptions) {
  requireNames("earlyStopping", options, NAMES);
  const { validate, patience = 2, minDelta = 0, everySteps } = options;
  if (typeof validate !== "function") {
    throw new OptionError(
      `validate is ${nameOf(validate)}, but must be a function that gives the loss on held-out data: ` +
        "`() => evaluate(model, validationBatches())`.",
    );
  }
  requireWhole({ patience, ...given({ everySteps }) });
  requireNotNegative({ minDelta });
}
