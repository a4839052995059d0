import type { Checkpoint } from "../checkpoints/checkpoint";
import type { tf } from "../engine/tensorflow";
import type { TrainingCallback } from "./callbacks/callback";
import type { CheckpointsOptions } from "./callbacks/checkpoints";
import type { Optimizer } from "./optimizers/optimizer";

/**
 * From the model's output and the targets to the mean loss, a scalar; with `weights`, of the losses'
 * shape, to the weighted mean. One of your own needs the third parameter only where weights are used.
 */
export type Loss = (output: tf.Tensor, targets: tf.Tensor, weights?: tf.Tensor) => tf.Tensor;

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
