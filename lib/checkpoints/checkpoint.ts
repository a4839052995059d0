import type { RandomState } from "../engine/random";
import { KareninaError } from "../errors";
import type { TensorEntry } from "../formats/safetensors";
import type { Vocabulary } from "../text/vocabulary";

/** What one step of a training left behind: plain numbers, ready for a figure or a table. */
export interface HistoryRow {
  /** Steps done, this one included: the first is 1. */
  step: number;
  /** The epoch, from 1. */
  epoch: number;
  /** The batch's mean loss before the update, in nats for a cross-entropy, with the layers' penalties. */
  loss: number;
  /** The global norm of the gradient before clipping. */
  gradientNorm: number;
  learningRate: number;
  /** Seconds of computing so far, callbacks not counted: the difference of two rows is a step's time. */
  seconds: number;
  /** log10 of how far the step moved each weight beside its size, where `updateRatios` measured it. */
  updateRatios?: Record<string, number>;
  /** The loss on held-out data, in the rows where it was measured. */
  validationLoss?: number;
  /**
   * What the loss counts in a mean over steps: the predictions that it is the mean of, or the sum of
   * their weights. Rows that an earlier version wrote have none.
   */
  weight?: number;
}

/** Where a training stands: how many steps are done, and which batch of which epoch comes next. */
export interface TrainingPosition {
  /** Steps done since the training began. */
  step: number;
  /** The current epoch, from 1. */
  epoch: number;
  /** Batches of the current epoch that are done. */
  batch: number;
}

/** What a callback remembers, for a checkpoint: anything that JSON holds, and arrays by name. */
export interface CallbackState {
  values: unknown;
  tensors?: Record<string, TensorEntry>;
}

/** An optimizer as plain data: which it is, and what it remembers of each weight. */
export interface SavedOptimizer {
  config: { kind: string; learningRate: number; [option: string]: number | boolean | string };
  state: { step: number; slots: Record<string, Float32Array[]> };
}

/** A network, and everything that a training needs to go on as if it had never stopped, as plain data. */
export interface Checkpoint {
  position: TrainingPosition;
  /** The model's layers and their options, as tfjs writes them. */
  topology: object;
  /** `layers.<place in the model>.<name>`: the weights, those that are not trained included. */
  weights: Map<string, TensorEntry>;
  /** `states.<place in the model>.<number>`: what stateful layers carry to the next batch. */
  states: Map<string, TensorEntry>;
  optimizer?: SavedOptimizer;
  /** The random generator now, and as it was when the epoch began. */
  random?: { now: RandomState; atEpochStart: RandomState };
  history: HistoryRow[];
  /** What callbacks remember, by their names. */
  callbacks?: Map<string, CallbackState>;
  vocabulary?: Vocabulary;
}

/** Thrown for a checkpoint that can't be used; the message says why and what to do. */
export class CheckpointError extends KareninaError {
  override name = "CheckpointError";
  readonly code = "bad-checkpoint";
}

/** Where a training keeps its checkpoints: a folder, or whatever else can hold them by name. */
export interface CheckpointStore {
  /** Keeps a checkpoint, whole or not at all, in place of an earlier one of that name. */
  save(name: string, checkpoint: Checkpoint): void | Promise<void>;
  /** Forgets one. Nothing happens where there is none of that name. Needed for the option `keep`. */
  remove?(name: string): void | Promise<void>;
  /** What a message calls the checkpoint of a name, such as its file. Default: the name. */
  placeOf?(name: string): string;
}
