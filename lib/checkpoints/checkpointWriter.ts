import { type RandomState, randomState } from "../engine/random";
import type { tf } from "../engine/tensorflow";
import { type Checkpoint, captureModel, type TrainingPosition } from "./checkpoint";
import { bestCheckpointFile, checkpointFile, saveCheckpoint } from "./checkpointFiles";
import { type HistoryRow, meanLoss } from "../training/history";
import type { Optimizer } from "../training/optimizers/optimizer";
import type { CallbackState, CheckpointOptions } from "../training/options";

/** What a checkpoint holds besides the model. */
export interface RunState {
  position: TrainingPosition;
  optimizer: Optimizer;
  randomAtEpochStart: RandomState | undefined;
  history: HistoryRow[];
  callbacks: Map<string, CallbackState>;
}

/** Writes a training's checkpoints: every so many steps, the last step, and the best one. */
export class CheckpointWriter {
  private lastWritten = -1;
  private best = Number.POSITIVE_INFINITY;

  constructor(
    private readonly model: tf.LayersModel,
    private readonly options: CheckpointOptions,
    private readonly state: () => RunState,
  ) {}

  /** Goes on after a training that ended with this checkpoint. */
  resume({ position, history }: Checkpoint): void {
    this.lastWritten = position.step;
    for (let rows = 1; rows <= history.length; rows++) {
      const ends = rows < history.length ? history[rows].epoch !== history[rows - 1].epoch : false;
      this.best = Math.min(this.best, this.measure(history.slice(0, rows), ends));
    }
  }

  /** After a step and its callbacks. */
  afterStep(): void {
    const { position, history } = this.state();
    const { every } = this.options;
    this.keepBest(history, false);
    if (every && position.step % every === 0) this.write();
  }

  /** After an epoch and its callbacks. */
  afterEpoch(): void {
    this.keepBest(this.state().history, true);
    // A callback may have noted a validation loss in the last row since that was written.
    this.lastWritten = -1;
  }

  /** Writes the state after the last step, once. */
  write(): void {
    const { step } = this.state().position;
    if (step === this.lastWritten || step === 0) return;
    saveCheckpoint(this.fileOf(step), this.capture());
    this.lastWritten = step;
  }

  /** Where the checkpoint of a step lies. */
  fileOf(step: number): string {
    const recurrent = this.model.layers.find((layer) => layer.stateful);
    const { units } = (recurrent?.getConfig() ?? {}) as { units?: number };
    return checkpointFile(this.options.folder, step, units);
  }

  private keepBest(history: HistoryRow[], epochEnds: boolean): void {
    const value = this.measure(history, epochEnds);
    if (!(value < this.best)) return;
    this.best = value;
    saveCheckpoint(bestCheckpointFile(this.options.folder), this.capture());
  }

  /** What the step of the last row is judged by; infinite where it is not. */
  private measure(history: readonly HistoryRow[], epochEnds: boolean): number {
    const { best, every } = this.options;
    const last = history.at(-1);
    if (!best || !last) return Number.POSITIVE_INFINITY;
    if (best === "validationLoss") return last.validationLoss ?? Number.POSITIVE_INFINITY;
    if (every ? last.step % every !== 0 : !epochEnds) return Number.POSITIVE_INFINITY;
    const rows = every
      ? history.slice(-every)
      : history.filter(({ epoch }) => epoch === last.epoch);
    return meanLoss(rows);
  }

  private capture(): Checkpoint {
    const { position, optimizer, randomAtEpochStart, history, callbacks } = this.state();
    const now = randomState();
    return {
      ...captureModel(this.model),
      position: { ...position },
      optimizer: { config: optimizer.config, state: optimizer.state() },
      ...(now && randomAtEpochStart && { random: { now, atEpochStart: randomAtEpochStart } }),
      history,
      vocabulary: this.options.vocabulary,
      ...(callbacks.size > 0 && { callbacks }),
    };
  }
}
