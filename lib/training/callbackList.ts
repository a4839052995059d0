import type { tf } from "../engine/tensorflow";
import type { HistoryRow } from "./history";
import type { CallbackState, TrainingCallback, TrainingControl } from "./options";

/** A training's callbacks, told one after the other. */
export class CallbackList {
  constructor(
    private readonly callbacks: readonly TrainingCallback[],
    private readonly model: tf.LayersModel,
  ) {}

  async begin(training: TrainingControl): Promise<void> {
    for (const callback of this.callbacks) await callback.onTrainBegin?.(training, this.model);
  }

  async stepStart(step: number): Promise<void> {
    for (const callback of this.callbacks) {
      if (callback.onStepStart) await callback.onStepStart(step, this.model);
    }
  }

  /** True where one of them wants this step to be the last. */
  async step(row: HistoryRow): Promise<boolean> {
    let last = false;
    for (const callback of this.callbacks) {
      if (callback.onStep) last = (await callback.onStep(row, this.model)) === "stop" || last;
    }
    return last;
  }

  /** True where one of them wants the training to end. */
  async epochEnd(history: readonly HistoryRow[]): Promise<boolean> {
    let last = false;
    for (const callback of this.callbacks) {
      last = (await callback.onEpochEnd?.(history, this.model)) === "stop" || last;
    }
    return last;
  }

  async trainEnd(history: readonly HistoryRow[]): Promise<void> {
    for (const callback of this.callbacks) await callback.onTrainEnd?.(history, this.model);
  }

  /** What they remember, by name. */
  states(): Map<string, CallbackState> {
    const states = new Map<string, CallbackState>();
    for (const [name, callback] of this.named()) {
      if (callback.state) states.set(name, callback.state());
    }
    return states;
  }

  restore(states: ReadonlyMap<string, CallbackState>): void {
    for (const [name, callback] of this.named()) {
      const state = states.get(name);
      if (state) callback.restore?.(state, this.model);
    }
  }

  /** Callbacks that have a name; a second one of the same name is numbered. */
  private named(): Map<string, TrainingCallback> {
    const named = new Map<string, TrainingCallback>();
    for (const callback of this.callbacks) {
      if (callback.name === undefined) continue;
      let name = callback.name;
      for (let number = 2; named.has(name); number++) name = `${callback.name} ${number}`;
      named.set(name, callback);
    }
    return named;
  }
}
