import { namedWeights } from "../../checkpoints/modelState";
import { randomState, restoreRandomState } from "../../engine/random";
import { tf } from "../../engine/tensorflow";
import { type OptionNames, requireNames } from "../../optionNames";
import { given, requireWhole } from "../../options";
import { SAMPLE_NAMES, type SampleOptions, sample } from "../../sampling/sample";
import { type Batch, type Batches, batchesOfEpoch } from "../batch";
import { type EvaluateOptions, evaluate } from "../evaluate";
import type { HistoryRow, TrainingCallback, TrainingContext } from "./callback";

/** Something that shows a training, such as `liveHistory()`. */
export interface TrainingDisplay {
  /** A training begins; one that has shown another before begins with an empty picture. */
  begin?(): void;
  update(row: HistoryRow): void;
  progress?(done: number, total: number): void;
  done(): void;
}

/** Options of `follow`. */
export interface FollowOptions {
  /** How many steps the training will have, for a progress bar. Default: not known, no bar. */
  total?: number;
}

/**
 * Shows a training while it runs: every row as it comes, how far it is, and at the end what stays,
 * however the training ended.
 *
 * @example
 * const live = liveHistory({ title: "Tolstoy" });
 * await train(model, batches, { callbacks: [follow(live, { total: 2000 })] });
 */
export function follow(display: TrainingDisplay, options: FollowOptions = {}): TrainingCallback {
  requireNames<FollowOptions>("follow", options, { total: true });
  const { total } = options;
  return {
    onTrainBegin: () => display.begin?.(),
    onStep(row) {
      display.update(row);
      if (total !== undefined) {
        display.progress?.(row.step, total);
      }
    },
    onTrainEnd: () => display.done(),
  };
}

/** Options of `validate`: when, and those of `evaluate`. */
export interface ValidateOptions extends Pick<EvaluateOptions, "loss" | "classWeights"> {
  /** Steps from one validation to the next, or after which steps. Default: at every epoch's end. */
  every?: number | ((step: number) => boolean);
  /** What becomes of a loss besides its place in the history. Default: nothing. */
  show?: (loss: number, step: number) => void;
}

const VALIDATE_NAMES: OptionNames<ValidateOptions> = {
  every: true,
  show: true,
  loss: true,
  classWeights: true,
};

/**
 * Measures the loss on data that is not trained on, and records it in the history as `validationLoss`.
 * The training is not changed by that. A training that was stopped during a validation makes it first
 * when it is resumed.
 *
 * @param batches a function from the epoch to the batches, made afresh for each validation, or an array
 * @throws OptionError for a number of steps out of range
 *
 * @example
 * callbacks: [validate(() => sequenceBatches(held, { batchSize: 100, steps: 50 }), { every: 200 })]
 */
export function validate<B extends Batch>(
  batches: Batches<B>,
  options: ValidateOptions = {},
): TrainingCallback {
  requireNames("validate", options, VALIDATE_NAMES);
  const { every, show, ...measure } = options;
  if (typeof every !== "function") {
    const remedy = ", or a function from the step to whether it is validated";
    requireWhole(given({ "every of validate": every }), 1, { remedy });
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
      if (isDue(step)) {
        await examine(model, context);
      }
    },
    async onEpochEnd(_history, model, context) {
      if (every === undefined) {
        await examine(model, context);
      }
    },
  };
}

/** Options of `writeSamples`: those of `sample`, and when and where to. */
export interface WriteSamplesOptions extends SampleOptions {
  /** Steps from one sample to the next. Default 100. */
  every?: number;
  /** What becomes of a sample. Default: it is printed after its step. */
  show?: (text: string, step: number) => void;
}

/** The callback, and what it has let the network write in the latest training. */
export interface WriteSamples extends TrainingCallback {
  readonly samples: readonly { step: number; text: string }[];
}

/**
 * Lets a character network write while it learns. Neither its carried state nor the random numbers of
 * the training change by that: the losses are those of a training without samples.
 *
 * @throws OptionError for a number of steps out of range
 *
 * @example
 * writeSamples({ vocabulary, every: 200, prime: "Анна", length: 150, show: (text) => live.text(text) });
 */
export function writeSamples(options: WriteSamplesOptions): WriteSamples {
  requireNames<WriteSamplesOptions>("writeSamples", options, {
    ...SAMPLE_NAMES,
    every: true,
    show: true,
  });
  const { every = 100, show = print, ...settings } = options;
  requireWhole({ every });
  const samples: { step: number; text: string }[] = [];
  return {
    samples,
    onTrainBegin(training) {
      // Samples of an earlier training go; of one that is resumed, those after the place of resuming.
      while (samples.length > 0 && samples.at(-1)!.step > training.step) {
        samples.pop();
      }
    },
    async onStep({ step }, model) {
      if (step % every !== 0) {
        return;
      }
      const before = randomState();
      const text = await sample(model, settings);
      if (before) {
        restoreRandomState(before);
      }
      samples.push({ step, text });
      show(text, step);
    },
  };
}

function print(text: string, step: number): void {
  console.log(`step ${step}: ${text}`);
}

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
 * @throws OptionError for a number of steps out of range
 */
export function updateRatios(options: UpdateRatioOptions = {}): TrainingCallback {
  requireNames<UpdateRatioOptions>("updateRatios", options, { every: true });
  const { every = 10 } = options;
  requireWhole({ every });
  let before = new Map<string, tf.Tensor>();
  const forget = () => {
    tf.dispose([...before.values()]);
    before = new Map();
  };
  return {
    onTrainBegin: forget,
    onStepStart(step, model) {
      if (step % every !== 0) {
        return;
      }
      forget();
      for (const [name, variable] of namedWeights(model)) {
        before.set(name, variable.clone());
      }
    },
    onStep(_row, model, { record }) {
      if (before.size === 0) {
        return;
      }
      const ratios: Record<string, number> = {};
      for (const [name, variable] of namedWeights(model)) {
        const ratio = tf.tidy(() => {
          const size = (values: tf.Tensor) => tf.mean(tf.abs(values)).dataSync()[0];
          return Math.log10(size(tf.sub(variable, before.get(name)!)) / size(variable));
        });
        if (Number.isFinite(ratio)) {
          ratios[name] = ratio;
        }
      }
      record({ updateRatios: ratios });
      forget();
    },
    onTrainEnd: forget,
  };
}
