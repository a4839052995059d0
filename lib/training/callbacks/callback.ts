import type { CallbackState, Checkpoint, HistoryRow } from "../../checkpoints/checkpoint";
import type { tf } from "../../engine/tensorflow";
import { nameOf } from "../../errors";
import { OptionError } from "../../options";
import { NotFiniteError } from "../stopping";

export type { HistoryRow };

/** What callbacks note in the row of the latest step. */
export type Measurements = Pick<HistoryRow, "validationLoss" | "updateRatios">;

/** The mean loss of some steps, in which every prediction counts alike. */
export function meanLoss(rows: readonly HistoryRow[]): number {
  const unit = rows[0]?.weight ?? 1;
  let sum = 0;
  let total = 0;
  for (const { loss, weight = unit } of rows) {
    sum += loss * (weight / unit);
    total += weight / unit;
  }
  return sum / total;
}

/**
 * Notes measurements in the row of the latest step; what is undefined leaves the row as it is.
 *
 * @throws NotFiniteError for a validation loss that is no finite number
 * @throws Error for measurements that a row has no place for, and before the first step
 */
export function record(history: readonly HistoryRow[], measurements: Measurements): void {
  const row = history.at(-1);
  if (!row) {
    throw new Error(
      "There is nothing to record in before the first step: call record in onStep or onEpochEnd.",
    );
  }
  const { validationLoss, updateRatios, ...others } = measurements;
  const [other] = Object.keys(others);
  if (other !== undefined) {
    throw new Error(
      `A row of the history has no place for "${other}". record takes validationLoss, a number, and ` +
        "updateRatios, numbers by name; keep anything else in an array of your own.",
    );
  }
  if (validationLoss !== undefined) {
    row.validationLoss = requireLossNumber(validationLoss, row.step);
  }
  if (updateRatios !== undefined) {
    row.updateRatios = updateRatios;
  }
}

/** A validation's result. @throws NotFiniteError where it is no finite number, which a file could not keep */
export function requireLossNumber(loss: unknown, step: number): number {
  if (typeof loss === "number" && Number.isFinite(loss)) {
    return loss;
  }
  throw new NotFiniteError(
    `The validation loss after step ${step} is ${typeof loss === "number" ? loss : nameOf(loss)}. It ` +
      "must be a finite number: is a return or an await missing, or did the training diverge?",
  );
}

/** "stop" ends the training as if the step before had been the last; nothing lets it go on. */
// biome-ignore lint/suspicious/noConfusingVoidType: a function without a return answers void, not undefined
export type CallbackAnswer = void | "stop";

/** The moments at which a training's whole state can be kept. */
export type SettledMoment = "step" | "epoch" | "end";

/** What a callback may see and change of the training that it is in. */
export interface TrainingContext {
  /** Steps done: 0 at the beginning, unless the training is resumed. */
  readonly step: number;
  /** The epoch that is under way, from 1. */
  readonly epoch: number;
  /** The rows so far; a resumed training's begin with those before. */
  readonly history: readonly HistoryRow[];
  /** Whether a schedule sets the learning rate of every step. */
  readonly hasSchedule: boolean;
  /**
   * The rate of the next step. What is set here holds for this training: at its end the optimizer has
   * its own rate back.
   */
  learningRate: number;
  /** Aborted once the training is asked to stop; what takes long may end by `signal.throwIfAborted()`. */
  readonly signal: AbortSignal;
  /** Why the training ends before its time; undefined while it runs, and where it came to its end. */
  readonly error: unknown;
  /**
   * Notes measurements in the latest row of the history.
   *
   * @throws NotFiniteError for a validation loss that is no finite number
   * @throws Error for anything that a row has no place for, and before the first step
   */
  record(measurements: Measurements): void;
  /** All that the training needs to go on from here, as a copy. Complete in `onSettled` only. */
  checkpoint(): Checkpoint;
}

/**
 * The former name.
 *
 * @deprecated `TrainingContext`
 */
export type TrainingControl = TrainingContext;

/**
 * What to call while training; each may be left out. A promise is awaited. `onStep` and `onEpochEnd` may
 * answer "stop"; another text is refused, and any other answer means nothing.
 */
export interface TrainingCallback {
  /** Needed with `state`: under this name a checkpoint keeps it. */
  readonly name?: string;
  /** What a resumed training has to give back to this callback. */
  state?(): CallbackState;
  /** Before the first step of a resumed training, where its checkpoint has a state of this name. */
  restore?(state: CallbackState, model: tf.LayersModel): void;
  /**
   * Once, before the first step: the place to forget an earlier training, since one callback may be
   * used for several. `restore` comes after it.
   */
  onTrainBegin?(context: TrainingContext, model: tf.LayersModel): unknown;
  /** Before every step, which is given by its number, from 1. */
  onStepStart?(step: number, model: tf.LayersModel, context: TrainingContext): unknown;
  /** After every step. */
  onStep?(
    row: HistoryRow,
    model: tf.LayersModel,
    context: TrainingContext,
  ): CallbackAnswer | Promise<CallbackAnswer>;
  /** After every epoch, with all rows so far. */
  onEpochEnd?(
    history: readonly HistoryRow[],
    model: tf.LayersModel,
    context: TrainingContext,
  ): CallbackAnswer | Promise<CallbackAnswer>;
  /**
   * After all callbacks have seen a step or an epoch, and once at the end, before any `onTrainEnd`: what
   * they remember and what the model is then belong together. The place to keep a checkpoint.
   */
  onSettled?(moment: SettledMoment, context: TrainingContext): unknown;
  /** Once, after the last step, however the training ended. */
  onTrainEnd?(
    history: readonly HistoryRow[],
    model: tf.LayersModel,
    context: TrainingContext,
  ): unknown;
}

/** Callbacks that remember a training which runs now. */
const claimed = new WeakSet<TrainingCallback>();

/** A training's callbacks, each called in its turn. */
export class CallbackList {
  private claims: TrainingCallback[] = [];

  constructor(
    private readonly callbacks: readonly TrainingCallback[],
    private readonly model: tf.LayersModel,
    private readonly context: TrainingContext,
  ) {}

  /**
   * Makes callbacks that remember something this training's own until `release`: two at once would mix
   * up their losses, and one model would end with the other's weights.
   *
   * @throws OptionError for one that another training uses, or that stands in the list twice
   */
  claim(): void {
    for (const [place, callback] of this.callbacks.entries()) {
      if (!callback.state) {
        continue;
      }
      const shown = `callbacks[${place}]${callback.name === undefined ? "" : `, ${callback.name},`}`;
      const first = this.callbacks.indexOf(callback);
      if (first < place) {
        throw new OptionError(`${shown} stands there twice: it is callbacks[${first}], too.`);
      }
      if (claimed.has(callback)) {
        throw new OptionError(
          `${shown} belongs to a training that still runs, and can remember only one. Make one for each ` +
            "training.",
        );
      }
    }
    this.claims = this.callbacks.filter(({ state }) => state);
    for (const callback of this.claims) {
      claimed.add(callback);
    }
  }

  release(): void {
    for (const callback of this.claims) {
      claimed.delete(callback);
    }
    this.claims = [];
  }

  async begin(states: ReadonlyMap<string, CallbackState>): Promise<void> {
    for (const callback of this.callbacks) {
      await callback.onTrainBegin?.(this.context, this.model);
    }
    for (const [name, callback] of this.named()) {
      const state = states.get(name);
      if (state) {
        callback.restore?.(state, this.model);
      }
    }
  }

  async stepStart(step: number): Promise<void> {
    for (const callback of this.callbacks) {
      if (callback.onStepStart) {
        await callback.onStepStart(step, this.model, this.context);
      }
    }
  }

  /** True where one of them wants this step to be the last. */
  async step(row: HistoryRow): Promise<boolean> {
    let last = false;
    for (const callback of this.callbacks) {
      if (!callback.onStep) {
        continue;
      }
      last = wantsStop("onStep", await callback.onStep(row, this.model, this.context)) || last;
    }
    await this.settled("step");
    return last;
  }

  /** True where one of them wants the training to end. */
  async epochEnd(): Promise<boolean> {
    let last = false;
    for (const callback of this.callbacks) {
      const answer = await callback.onEpochEnd?.(this.context.history, this.model, this.context);
      last = wantsStop("onEpochEnd", answer) || last;
    }
    await this.settled("epoch");
    return last;
  }

  async settled(moment: SettledMoment): Promise<void> {
    for (const callback of this.callbacks) {
      if (callback.onSettled) {
        await callback.onSettled(moment, this.context);
      }
    }
  }

  async trainEnd(): Promise<void> {
    for (const callback of this.callbacks) {
      await callback.onTrainEnd?.(this.context.history, this.model, this.context);
    }
  }

  /** What they remember, by name, as copies. */
  states(): Map<string, CallbackState> {
    const states = new Map<string, CallbackState>();
    for (const [name, callback] of this.named()) {
      if (callback.state) {
        states.set(name, structuredClone(callback.state()));
      }
    }
    return states;
  }

  /** Callbacks that have a name; a second one of the same name is numbered. */
  private named(): Map<string, TrainingCallback> {
    const named = new Map<string, TrainingCallback>();
    for (const callback of this.callbacks) {
      if (callback.name === undefined) {
        continue;
      }
      let name = callback.name;
      for (let number = 2; named.has(name); number++) {
        name = `${callback.name} ${number}`;
      }
      named.set(name, callback);
    }
    return named;
  }
}

/** @throws Error for a text other than "stop", which was most likely meant to be it */
function wantsStop(hook: string, answer: unknown): boolean {
  if (typeof answer !== "string" || answer === "stop") {
    return answer === "stop";
  }
  throw new Error(
    `${hook} of a callback answered ${nameOf(answer)}, but may answer "stop" only, which ends the ` +
      "training, or nothing (undefined), which lets it go on.",
  );
}
