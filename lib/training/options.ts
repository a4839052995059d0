import type { Checkpoint } from "../checkpoints/checkpoint";
import type { tf } from "../engine/tensorflow";
import type { TensorEntry } from "../formats/safetensors";
import type { Vocabulary } from "../text/vocabulary";
import type { HistoryRow } from "./history";
import type { Optimizer } from "./optimizers/optimizer";

/**
 * From the model's output and the targets to the mean loss, a scalar; with `weights`, of the losses'
 * shape, to the weighted mean. One of your own needs the third parameter only where weights are used.
 */
export type Loss = (output: tf.Tensor, targets: tf.Tensor, weights?: tf.Tensor) => tf.Tensor;

/** What a callback remembers, for a checkpoint: anything that JSON holds, and arrays by name. */
export interface CallbackState {
  values: unknown;
  tensors?: Record<string, TensorEntry>;
}

/**
 * What to call while training; each may be left out. A promise is awaited. An answer of "stop" ends the
 * training as if this step had been the last; any other answer means nothing.
 */
export interface TrainingCallback {
  /** Needed with `state`: under this name a checkpoint keeps it. */
  readonly name?: string;
  /** What a resumed training has to give back to this callback. */
  state?(): CallbackState;
  /**
   * Once, before the first step: the place to forget an earlier training, since one callback may be
   * used for several. `restore` comes after it.
   */
  onTrainBegin?(training: TrainingControl, model: tf.LayersModel): unknown;
  /** Before the first step of a resumed training, where its checkpoint has a state of this name. */
  restore?(state: CallbackState, model: tf.LayersModel): void;
  /** Before every step, which is given by its number, from 1. */
  onStepStart?(step: number, model: tf.LayersModel): unknown;
  /** After every step. */
  onStep?(row: HistoryRow, model: tf.LayersModel): unknown;
  /** After every epoch, with all rows so far. */
  onEpochEnd?(history: readonly HistoryRow[], model: tf.LayersModel): unknown;
  /** Once, after the last step, however the training ended. */
  onTrainEnd?(history: readonly HistoryRow[], model: tf.LayersModel): unknown;
}

/** What a callback may see and change of the training that it is in. */
export interface TrainingControl {
  /** Steps done: 0 at the beginning, unless the training is resumed. */
  readonly step: number;
  /** Whether a schedule sets the learning rate of every step. */
  readonly hasSchedule: boolean;
  /**
   * The rate of the next step. What is set here holds for this training: at its end the optimizer has
   * its own rate back.
   */
  learningRate: number;
}

/** Where and how often a training writes what it needs to go on. The last step is always written. */
export interface CheckpointOptions {
  /** The folder, made where missing. Files are named `i200_l512` for step 200 and a state of 512. */
  folder: string;
  /** Steps from one to the next; without it only the last step is written. */
  every?: number;
  /**
   * Keep the best step in `best.safetensors` too. "validationLoss": the lowest that a callback has
   * noted in a row, such as `earlyStopping`. "loss": the lowest mean training loss of `every` steps, or
   * of an epoch where `every` is left out. Default: not kept.
   */
  best?: "validationLoss" | "loss";
  /** Goes into the file, so that a sample needs nothing else. */
  vocabulary?: Vocabulary;
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
  l2?: number;
  callbacks?: readonly TrainingCallback[];
  checkpoints?: CheckpointOptions;
  /** A checkpoint, or its file, to go on from, to the last bit as if nothing had come between. */
  resume?: Checkpoint | string;
  /** Stops the training between two steps. Stop and Ctrl-C do so without it. */
  signal?: AbortSignal;
}
