import type { Checkpoint } from "../checkpoints/checkpoint";
import type { tf } from "../engine/tensorflow";
import { nameOf } from "../errors";
import { requireNames } from "../optionNames";
import { OptionError, requireWhole } from "../options";
import { requireModel } from "./batch";
import type { TrainingCallback } from "./callbacks/callback";
import type { CheckpointsOptions } from "./callbacks/checkpoints";
import { type LiveNumber, requireControls, type StopControl } from "./controls";
import { type Loss, requireLoss } from "./loss";
import type { Optimizer } from "./optimizers/optimizer";

/**
 * The former way to ask for checkpoints.
 *
 * @deprecated `callbacks: [checkpoints(folder, options)]`
 */
export interface CheckpointOptions
  extends Pick<CheckpointsOptions, "every" | "best" | "vocabulary"> {
  /** The folder, made where missing. */
  folder: string;
}

/** Options of `train`. */
export interface TrainOptions {
  /** How often all batches are read. With `resume`, the total, not what is to be added. Default 1. */
  epochs?: number;
  /** Stop after this many steps in all, even within an epoch. */
  maxSteps?: number;
  /**
   * Default `adam()`, with its learning rate of 0.001, or with `resume` the checkpoint's own. One that
   * you hand over is yours to dispose.
   */
  optimizer?: Optimizer;
  /**
   * Default: the mean cross-entropy of logits [..., V] against codes, in nats. The penalties of the
   * model's layers (`kernelRegularizer`) are added to it, whichever it is; `evaluate` leaves them out.
   */
  loss?: Loss;
  /**
   * What each class counts in the mean of the losses, one number a class, such as [1, 5] where class 1
   * is rare; for the cross-entropy only. Each batch's loss is Σ w loss / Σ w, with the weight of each
   * label, as of PyTorch's CrossEntropyLoss(weight=...). (Keras' class_weight divides by the number of
   * examples instead.) Weights of single examples stand in the batches, { x, y, weights }; where both
   * are given, they are multiplied. Default: all alike.
   */
  classWeights?: ArrayLike<number>;
  /**
   * The learning rate at each step, counted from 0; it replaces the optimizer's own, which the optimizer
   * has back after the training.
   */
  schedule?: (step: number) => number;
  /**
   * A control that gives the learning rate of each step instead: `slider("learning rate", { min: 1e-4,
   * max: 1, scale: "log" })`, or anything else with a `value`. A fixed rate is the optimizer's.
   */
  learningRate?: LiveNumber;
  /**
   * Makes the step that runs the last one, as if `maxSteps` had been reached: a button when it is
   * clicked, a toggle as long as it is on.
   */
  stopWhen?: StopControl;
  /** Scale the gradient down to this global norm where it is longer. Default: no clipping. */
  clipNorm?: number;
  /** Limit every number of the gradient to -clipValue ... clipValue, instead of clipNorm. */
  clipValue?: number;
  /**
   * λ of an L2 penalty: after clipping, λ θ is added to the gradient of every trainable weight θ,
   * biases too. That is `weight_decay` of PyTorch's optimizers, and `l2` of DL4J but for the biases;
   * the loss is reported without it. (AdamW's decay is another: it does not pass through the
   * optimizer's averages.) Default 0.
   */
  weightDecay?: number;
  /** @deprecated `weightDecay` */
  l2?: number;
  callbacks?: readonly TrainingCallback[];
  /** @deprecated The callback `checkpoints(folder, options)` does it: `callbacks: [checkpoints("run-1")]`. */
  checkpoints?: CheckpointOptions;
  /**
   * A checkpoint to go on from, to the last bit as if nothing had come between: `loadCheckpoint(file)`.
   * (A file's name is taken too, as by earlier versions.)
   */
  resume?: Checkpoint | string;
  /** Stops the training between two steps. Stop and Ctrl-C do so without it. */
  signal?: AbortSignal;
}

const OPTIONS: Record<keyof TrainOptions, true> = {
  epochs: true,
  maxSteps: true,
  optimizer: true,
  loss: true,
  classWeights: true,
  schedule: true,
  clipNorm: true,
  clipValue: true,
  weightDecay: true,
  l2: true,
  callbacks: true,
  checkpoints: true,
  resume: true,
  signal: true,
  learningRate: true,
  stopWhen: true,
};

const REMEDIES = {
  batchSize: "The batches come in their size: shuffledBatches({ x, y }, 32).",
  validationData: "Validate by a callback: callbacks: [validate(() => validationBatches())].",
  classWeight: "It is called classWeights.",
  sampleWeight: "Weights of examples stand in the batches: { x, y, weights }.",
  metrics: "Measure in a callback, by evaluate(...) or accuracy(...).",
};

const HOOKS: Record<Exclude<keyof TrainingCallback, "name">, true> = {
  state: true,
  restore: true,
  onTrainBegin: true,
  onStepStart: true,
  onStep: true,
  onEpochEnd: true,
  onSettled: true,
  onTrainEnd: true,
};

/**
 * Looks at what `train` was called with, before anything is done. TypeScript refuses most of it, but
 * plain JavaScript, `any` and a cell that only runs do not.
 *
 * @throws OptionError naming the first thing that `train` cannot work with, and what to give instead
 */
export function checkTrainArguments(model: tf.LayersModel, options: TrainOptions): void {
  requireModel(model, "train");
  requireNames("train", options, OPTIONS, { remedies: REMEDIES });
  const {
    epochs = 1,
    maxSteps = 1,
    optimizer,
    loss,
    schedule,
    callbacks,
    signal,
    resume,
  } = options;
  requireWhole({ epochs, maxSteps });
  if (optimizer !== undefined) {
    requireOptimizer(optimizer);
  }
  if (loss !== undefined) {
    requireLoss(loss);
  }
  if (schedule !== undefined && typeof schedule !== "function") {
    throw new OptionError(
      `schedule is ${nameOf(schedule)}, but must be a function from the step to the learning rate, such ` +
        "as linearSchedule({ initial: 0.01, steps: 1000 }).",
    );
  }
  requireControls(options);
  if (callbacks !== undefined) {
    requireCallbacks(callbacks);
  }
  if (options.checkpoints !== undefined) {
    requireCheckpoints(options.checkpoints);
  }
  requireSignal(signal);
  const isCheckpoint =
    typeof resume === "object" && resume?.position !== undefined && resume.weights instanceof Map;
  if (resume !== undefined && typeof resume !== "string" && !isCheckpoint) {
    throw new OptionError(
      `resume is ${nameOf(resume)}, but must be a checkpoint's file, or what loadCheckpoint(file) gave.`,
    );
  }
}

/** @throws OptionError where something is given that is no AbortSignal */
export function requireSignal(signal: unknown): void {
  const { aborted, addEventListener } = (signal ?? {}) as Partial<AbortSignal>;
  if (
    signal === undefined ||
    (typeof aborted === "boolean" && typeof addEventListener === "function")
  ) {
    return;
  }
  throw new OptionError(
    `signal is ${nameOf(signal)}, but must be an AbortSignal: that of \`new AbortController()\`.`,
  );
}

function requireOptimizer(optimizer: unknown): void {
  const { config, applyGradients, state, restore } = (optimizer ?? {}) as Record<string, unknown>;
  const isOurs =
    typeof (config as { kind?: unknown } | undefined)?.kind === "string" &&
    [applyGradients, state, restore].every((each) => typeof each === "function");
  if (isOurs) {
    return;
  }
  throw new OptionError(
    `optimizer is ${nameOf(optimizer)}, which train cannot step: it works with the optimizers of this ` +
      "library, since it keeps and restores what they remember. Take adam({ learningRate: 0.001 }) in " +
      "place of tf.train.adam(0.001); there are also sgd, adagrad, adadelta, rmsProp and adamW.",
  );
}

function requireCallbacks(callbacks: unknown): void {
  if (!Array.isArray(callbacks)) {
    throw new OptionError(
      `callbacks is ${nameOf(callbacks)}, but must be an array of them: callbacks: [live()].`,
    );
  }
  for (const [place, callback] of callbacks.entries()) {
    const given = `callbacks[${place}] is ${nameOf(callback)}`;
    const hooks = Object.keys(HOOKS);
    if (typeof callback !== "object" || callback === null) {
      throw new OptionError(
        `${given}, but must be an object with ${hooks.slice(2).join(", ")}: ` +
          "{ onStep: (row) => console.log(row.loss) }. Is a call missing, or an await?",
      );
    }
    if ("setParams" in callback || "setModel" in callback) {
      throw new OptionError(
        `${given}, a callback of TensorFlow.js, which only model.fit can use. This library has ` +
          "earlyStopping, reduceOnPlateau, validate, checkpoints, live, follow, writeSamples and " +
          "updateRatios; one of your own is an object with onStep or onEpochEnd.",
      );
    }
    const wrong = hooks.find(
      (hook) => callback[hook] !== undefined && typeof callback[hook] !== "function",
    );
    if (wrong) {
      throw new OptionError(
        `${wrong} of callbacks[${place}] is ${nameOf(callback[wrong])}, but must be a function.`,
      );
    }
    if (hooks.every((hook) => callback[hook] === undefined)) {
      throw new OptionError(
        `${given} that train would never call: it has ${Object.keys(callback).join(", ") || "nothing"}, ` +
          `but must have one of ${hooks.slice(2).join(", ")}.`,
      );
    }
  }
}

function requireCheckpoints(checkpoints: unknown): void {
  const { folder } = (checkpoints ?? {}) as Record<string, unknown>;
  if (typeof folder !== "string" || folder === "") {
    throw new OptionError(
      `checkpoints names ${nameOf(folder)} as its folder, but needs one: checkpoints: { folder: "run-1" }.`,
    );
  }
}
