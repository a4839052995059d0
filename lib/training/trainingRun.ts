import { randomState, restoreRandomState, tf } from "../backend";
import { type Batch, type Batches, batchesOfEpoch, toTensor } from "./batch";
import { type Checkpoint, CheckpointError, captureModel, restoreModel } from "./checkpoint";
import { checkpointFile, loadCheckpoint, saveCheckpoint } from "./checkpointFiles";
import { scaleGradients } from "./clipping";
import { type GradientFunction, gradientFunction } from "./gradients";
import type { HistoryRow } from "./history";
import { adam, type Optimizer, optimizerFromConfig } from "./optimizers";
import type { CheckpointOptions, TrainingCallback, TrainOptions } from "./options";
import { TrainingStopped } from "./stopping";

/** Where the loss or its gradient stopped being a number; the weights are those before that step. */
export class NotFiniteError extends Error {
  override name = "NotFiniteError";
}

/** The event loop gets a turn this often, so that a live plot is drawn and Stop is heard. */
const YIELD_EVERY_MS = 20;

/** One call of `train`: where it stands, and its steps. */
export class TrainingRun {
  readonly history: HistoryRow[] = [];
  private readonly position = { step: 0, epoch: 1, batch: 0 };
  private readonly variables: tf.Variable[];
  private readonly gradientsOf: GradientFunction;
  private optimizer: Optimizer;
  private readonly callbacks: readonly TrainingCallback[];
  private resumed: Checkpoint | undefined;
  private randomAtEpochStart = randomState();
  private lastWritten = -1;
  private lastYield = performance.now();

  constructor(
    private readonly model: tf.LayersModel,
    private readonly options: TrainOptions,
  ) {
    for (const [name, value] of Object.entries({
      epochs: options.epochs,
      maxSteps: options.maxSteps,
    })) {
      if (value !== undefined && !(Number.isInteger(value) && value >= 1)) {
        throw new Error(`${name} is ${value}, but must be a whole number from 1 up.`);
      }
    }
    this.optimizer = options.optimizer ?? adam();
    this.variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
    this.gradientsOf = gradientFunction(model, this.variables, options.loss);
    this.callbacks = options.callbacks ?? [];
  }

  async begin(): Promise<void> {
    const { resume } = this.options;
    if (resume === undefined) return;
    const checkpoint = typeof resume === "string" ? loadCheckpoint(resume) : resume;
    const { optimizer } = checkpoint;
    if (optimizer) this.requireSameOptimizer(optimizer.config.kind);
    restoreModel(this.model, checkpoint);
    if (optimizer) {
      if (!this.options.optimizer) this.optimizer = optimizerFromConfig(optimizer.config);
      this.optimizer.restore(optimizer.state);
    }
    Object.assign(this.position, checkpoint.position);
    if (checkpoint.random) restoreRandomState(checkpoint.random.now);
    for (const row of checkpoint.history) this.history.push(row);
    this.lastWritten = checkpoint.position.step;
    this.resumed = checkpoint;
  }

  private requireSameOptimizer(kind: string): void {
    const given = this.options.optimizer?.config.kind;
    if (given === undefined || given === kind) return;
    throw new CheckpointError(
      `The checkpoint was written by a training with ${kind}, so it can't go on with ${given}. Leave ` +
        "the option optimizer out to go on with the one of the checkpoint.",
    );
  }

  async epochs(batches: Batches, stopRequested: () => boolean): Promise<void> {
    const { epochs = 1, maxSteps = Number.POSITIVE_INFINITY } = this.options;
    for (; this.position.epoch <= epochs; this.position.epoch++) {
      let skip = this.beginEpoch();
      for await (const batch of batchesOfEpoch(batches, this.position.epoch)) {
        if (skip > 0) {
          skip--;
          // The batches before are made again, for their random numbers; then the generator goes on.
          if (skip === 0 && this.resumed?.random) restoreRandomState(this.resumed.random.now);
          continue;
        }
        if (this.position.step >= maxSteps) return;
        if (stopRequested()) throw new TrainingStopped(this.stopMessage());
        if (await this.afterStep(this.step(batch))) return;
      }
      if (await this.afterEpoch()) return;
      this.position.batch = 0;
    }
  }

  /** Zeroes carried states, or, in the epoch that a resumed training is in, says how many batches to skip. */
  private beginEpoch(): number {
    if (
      this.resumed &&
      this.position.batch > 0 &&
      this.position.epoch === this.resumed.position.epoch
    ) {
      if (this.resumed.random) restoreRandomState(this.resumed.random.atEpochStart);
      this.randomAtEpochStart = this.resumed.random?.atEpochStart;
      return this.position.batch;
    }
    this.model.resetStates();
    this.randomAtEpochStart = randomState();
    return 0;
  }

  private step(batch: Batch): HistoryRow {
    const started = performance.now();
    const { step, epoch } = this.position;
    const { schedule } = this.options;
    if (schedule) this.optimizer.learningRate = schedule(step);
    const { loss, gradientNorm } = tf.tidy(() => this.update(batch));
    this.position.step++;
    this.position.batch++;
    const before = this.history.at(-1)?.seconds ?? 0;
    const seconds = before + (performance.now() - started) / 1000;
    const { learningRate } = this.optimizer;
    return { step: step + 1, epoch, loss, gradientNorm, learningRate, seconds };
  }

  private update(batch: Batch): { loss: number; gradientNorm: number } {
    const { clipNorm } = this.options;
    const x = toTensor(batch.x);
    const y = toTensor(batch.y);
    const { loss, gradients: all, norm } = this.gradientsOf(x, y);
    this.requireFinite("The loss", loss);
    this.requireFinite("The norm of the gradient", norm);
    const gradients =
      clipNorm !== undefined && norm > clipNorm ? scaleGradients(all, clipNorm / norm) : all;
    this.optimizer.applyGradients(this.variables, gradients);
    return { loss, gradientNorm: norm };
  }

  private requireFinite(what: string, value: number): void {
    if (Number.isFinite(value)) return;
    throw new NotFiniteError(
      `${what} is ${value} at step ${this.position.step + 1}, with learning rate ` +
        `${this.optimizer.learningRate}. The weights are still those before this step. Try a tenth of the ` +
        "learning rate, or clip gradients with clipNorm: 5; if it happens at step 1, look for NaN or " +
        "huge values in the data.",
    );
  }

  /** Tells the callbacks of a step; true where one of them wants it to be the last. */
  private async afterStep(row: HistoryRow): Promise<boolean> {
    this.history.push(row);
    let last = false;
    for (const callback of this.callbacks) {
      last = (await callback.onStep?.(row, this.model)) === "stop" || last;
    }
    const { every } = this.checkpoints ?? {};
    if (every && row.step % every === 0) this.writeCheckpoint();
    if (performance.now() - this.lastYield > YIELD_EVERY_MS) {
      await new Promise((resolve) => setImmediate(resolve));
      this.lastYield = performance.now();
    }
    return last;
  }

  private async afterEpoch(): Promise<boolean> {
    let last = false;
    for (const callback of this.callbacks) {
      last = (await callback.onEpochEnd?.(this.history, this.model)) === "stop" || last;
    }
    return last;
  }

  async end(): Promise<void> {
    for (const callback of this.callbacks) await callback.onTrainEnd?.(this.history, this.model);
  }

  private get checkpoints(): CheckpointOptions | undefined {
    return this.options.checkpoints;
  }

  /** Writes the state after the last step, once. */
  writeCheckpoint(): void {
    const { step } = this.position;
    if (!this.checkpoints || step === this.lastWritten || step === 0) return;
    const now = randomState();
    saveCheckpoint(this.checkpointName(step), {
      ...captureModel(this.model),
      position: { ...this.position },
      optimizer: { config: this.optimizer.config, state: this.optimizer.state() },
      ...(now &&
        this.randomAtEpochStart && { random: { now, atEpochStart: this.randomAtEpochStart } }),
      history: this.history,
      vocabulary: this.checkpoints.vocabulary,
    });
    this.lastWritten = step;
  }

  /** Writes a checkpoint where something else went wrong, which says more than a failure to write. */
  keepWhatWasLearnt(): void {
    try {
      this.writeCheckpoint();
    } catch {}
  }

  private checkpointName(step: number): string {
    const recurrent = this.model.layers.find((layer) => layer.stateful);
    const { units } = (recurrent?.getConfig() ?? {}) as { units?: number };
    return checkpointFile(this.checkpoints!.folder, step, units);
  }

  private stopMessage(): string {
    const { step } = this.position;
    if (!this.checkpoints)
      return `Training was stopped after step ${step}. The model keeps what it learnt.`;
    return (
      `Training was stopped after step ${step}. Go on from there with the option ` +
      `resume: ${JSON.stringify(this.checkpointName(step))}.`
    );
  }

  dispose(): void {
    if (!this.options.optimizer) this.optimizer.dispose();
  }
}
