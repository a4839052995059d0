import { type OptionNames, requireNames } from "../../optionNames";
import {
  given,
  OptionError,
  requireNotNegative,
  requireOneOf,
  requireOptions,
  requireWhole,
} from "../../options";
import type { TrainingCallback, TrainingContext } from "./callback";
import { type HistoryRow, meanLoss, requireLossNumber } from "./callback";

/** Options of `reduceOnPlateau`. */
export interface ReduceOnPlateauOptions {
  /**
   * The loss on data that is not trained on, which is noted in the history's row as `validationLoss`.
   * Left out, `watch` says what is looked at.
   */
  validate?: () => number | Promise<number>;
  /**
   * Without `validate`: "validationLoss" (default) is what another callback, such as `earlyStopping`,
   * has noted in the row, for which it must stand before this one; "loss" the mean training loss of the
   * epoch, or of the last `everySteps` steps.
   */
  watch?: "validationLoss" | "loss";
  /** What the learning rate is multiplied with, above 0 and below 1. Default 0.1. */
  factor?: number;
  /** How many looks in a row without a better loss are borne; the rate is cut at the next. Default 10. */
  patience?: number;
  /** By how much a loss must be below the best to be better: see `thresholdMode`. Default 0.0001. */
  threshold?: number;
  /** "relative": below best (1 - threshold). "absolute": below best - threshold. Default "relative". */
  thresholdMode?: "relative" | "absolute";
  /** Looks after a cut in which nothing is counted. Default 0. */
  cooldown?: number;
  /** The rate never falls below this. Default 0. */
  minLearningRate?: number;
  /** Look every so many steps. Default: at every epoch's end. */
  everySteps?: number;
}

const NAMES: OptionNames<ReduceOnPlateauOptions> = {
  validate: true,
  watch: true,
  factor: true,
  patience: true,
  threshold: true,
  thresholdMode: true,
  cooldown: true,
  minLearningRate: true,
  everySteps: true,
};

/** The callback, and what it has seen of the training that runs, or of the last one. */
export interface ReduceOnPlateau extends TrainingCallback {
  /** The best loss so far; undefined before the first. */
  readonly best: number | undefined;
  /** Every cut: the step after which it was made, and the rate from then on. */
  readonly cuts: readonly { step: number; learningRate: number }[];
}

/** What a checkpoint keeps. */
interface Remembered {
  best: number | undefined;
  withoutBetter: number;
  coolingDown: number;
  learningRate: number;
  cuts: { step: number; learningRate: number }[];
}

/** A cut by less than this is not made. */
const SMALLEST_CUT = 1e-8;

/**
 * Cuts the learning rate when a loss no longer falls: PyTorch's ReduceLROnPlateau (mode "min"), with its
 * defaults. The history's rows tell the rate of each step. A checkpoint keeps what it has seen, so that a
 * resumed training goes on with the same rates; used for another training, it begins afresh, with the
 * optimizer's own rate.
 *
 * With `earlyStopping`, give that more patience than this: else it stops before the rate is cut.
 *
 * @throws OptionError for an option out of range
 * @throws Error, when the training begins, where it has a schedule as well
 *
 * @example
 * const stopping = earlyStopping({ validate, patience: 12 });
 * await train(model, batches, { epochs: 100, callbacks: [stopping, reduceOnPlateau({ patience: 4 })] });
 */
export function reduceOnPlateau(options: ReduceOnPlateauOptions = {}): ReduceOnPlateau {
  checkOptions(options);
  const { validate, watch = "validationLoss", everySteps } = options;
  const { factor = 0.1, patience = 10, cooldown = 0, minLearningRate = 0 } = options;
  let training: TrainingContext | undefined;
  let best: number | undefined;
  let withoutBetter = 0;
  let coolingDown = 0;
  let cuts: Remembered["cuts"] = [];

  const cut = (step: number) => {
    const before = training!.learningRate;
    const after = Math.max(before * factor, minLearningRate);
    if (before - after <= SMALLEST_CUT) {
      return;
    }
    training!.learningRate = after;
    cuts.push({ step, learningRate: after });
  };
  const look = (step: number, loss: number) => {
    if (isBetter(loss, best, options)) {
      best = loss;
      withoutBetter = 0;
    } else {
      withoutBetter++;
    }
    if (coolingDown > 0) {
      coolingDown--;
      withoutBetter = 0;
    }
    if (withoutBetter <= patience) {
      return;
    }
    cut(step);
    coolingDown = cooldown;
    withoutBetter = 0;
  };
  const examine = async (row: HistoryRow, watched: () => readonly HistoryRow[]) => {
    if (validate) {
      training!.record({ validationLoss: requireLossNumber(await validate(), row.step) });
    } else if (watch === "loss") {
      return look(row.step, meanLoss(watched()));
    }
    if (row.validationLoss === undefined) {
      throw new Error(nothingNoted(row.step));
    }
    look(row.step, requireLossNumber(row.validationLoss, row.step));
  };
  let lately: HistoryRow[] = [];

  return {
    name: "reduceOnPlateau",
    get best() {
      return best;
    },
    get cuts() {
      return cuts;
    },
    state: () => ({
      values: {
        best,
        withoutBetter,
        coolingDown,
        cuts,
        learningRate: training!.learningRate,
        ...(lately.length > 0 && { lately: lately.map(({ loss, weight }) => ({ loss, weight })) }),
      },
    }),
    onTrainBegin(context) {
      if (context.hasSchedule) {
        throw new Error(
          "The training has a schedule, which sets the learning rate of every step, so that cuts by " +
            "reduceOnPlateau would be without effect. Choose one of the two.",
        );
      }
      training = context;
      best = undefined;
      withoutBetter = 0;
      coolingDown = 0;
      cuts = [];
      lately = [];
    },
    restore({ values }) {
      const kept = values as Remembered & { lately?: HistoryRow[] };
      ({ best, withoutBetter, coolingDown, cuts, lately = [] } = structuredClone(kept));
      training!.learningRate = kept.learningRate;
    },
    async onStep(row) {
      if (everySteps === undefined) {
        return;
      }
      if (watch === "loss") {
        lately.push(row);
      }
      if (row.step % everySteps !== 0) {
        return;
      }
      await examine(row, () => lately);
      lately = [];
    },
    async onEpochEnd(history) {
      if (everySteps !== undefined) {
        return;
      }
      const last = history.at(-1)!;
      await examine(last, () => history.filter(({ epoch }) => epoch === last.epoch));
    },
  };
}

function isBetter(
  loss: number,
  best: number | undefined,
  { threshold = 1e-4, thresholdMode = "relative" }: ReduceOnPlateauOptions,
): boolean {
  if (best === undefined) {
    return loss < Number.POSITIVE_INFINITY;
  }
  return loss < (thresholdMode === "relative" ? best * (1 - threshold) : best - threshold);
}

function nothingNoted(step: number): string {
  return (
    `There is no validation loss in the row of step ${step}. Give reduceOnPlateau a \`validate\`, let a ` +
    "callback that notes the validation loss stand before it and look as often, or let it watch the " +
    'training loss by watch: "loss".'
  );
}

function checkOptions(options: ReduceOnPlateauOptions): void {
  requireNames("reduceOnPlateau", options, NAMES);
  const { validate, watch = "validationLoss", thresholdMode = "relative" } = options;
  const {
    factor = 0.1,
    patience = 10,
    cooldown = 0,
    threshold = 1e-4,
    minLearningRate = 0,
  } = options;
  requireOptions({ factor }, (each: number) => each > 0 && each < 1, "above 0 and below 1");
  requireWhole({ patience, cooldown }, 0);
  requireNotNegative({ threshold, minLearningRate });
  requireOneOf({ watch }, ["validationLoss", "loss"]);
  requireOneOf({ thresholdMode }, ["relative", "absolute"]);
  const isFunction = (each: unknown) => typeof each === "function";
  requireOptions(
    given({ validate }),
    isFunction,
    "a function that gives the loss on held-out data",
  );
  if (validate !== undefined && watch === "loss") {
    throw new OptionError('validate and watch: "loss" exclude each other: leave one of them out.');
  }
  requireWhole(given({ everySteps: options.everySteps }));
}
