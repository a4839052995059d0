import { randomState, restoreRandomState, type tf } from "../backend";
import { type Batch, type Batches, batchesOfEpoch } from "./batch";
import { CallbackList } from "./callbackList";
import { type Checkpoint, CheckpointError, restoreModel } from "./checkpoint";
import { loadCheckpoint } from "./checkpointFiles";
import { CheckpointWriter } from "./checkpointWriter";
import type { HistoryRow } from "./history";
import { adam, type Optimizer, optimizerFromConfig } from "./optimizers";
import type { TrainOptions } from "./options";
import { StepUpdate } from "./stepUpdate";
import { TrainingStopped } from "./stopping";

/** The event loop gets a turn this often, so that a live plot is drawn and Stop is heard. */
const YIELD_EVERY_MS = 20;

/** One call of `train`: where it stands, and its steps. */
export class TrainingRun {
  readonly history: HistoryRow[] = [];
  private readonly position = { step: 0, epoch: 1, batch: 0 };
  private readonly update: StepUpdate;
  private readonly callbacks: CallbackList;
  private readonly writer?: CheckpointWriter;
  private optimizer: Optimizer;
  private resumed: Checkpoint | undefined;
  private randomAtEpochStart = randomState();
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
    this.update = new StepUpdate(model, options);
    this.optimizer = options.optimizer ?? adam();
    this.callbacks = new CallbackList(options.callbacks ?? [], model);
    if (options.checkpoints) {
      this.writer = new CheckpointWriter(model, options.checkpoints, () => ({
        position: this.position,
        optimizer: this.optimizer,
        randomAtEpochStart: this.randomAtEpochStart,
        history: this.history,
        callbacks: this.callbacks.states(),
      }));
    }
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
    // Copies, because callbacks may add to the last one.
    for (const row of checkpoint.history) this.history.push({ ...row });
    this.callbacks.restore(checkpoint.callbacks ?? new Map());
    this.writer?.resume(checkpoint);
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
        await this.callbacks.stepStart(this.position.step + 1);
        if (await this.afterStep(this.step(batch))) return;
      }
      const last = await this.callbacks.epochEnd(this.history);
      this.writer?.afterEpoch();
      if (last) return;
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
    const { loss, gradientNorm } = this.update.run(batch, this.optimizer, step + 1);
    this.position.step++;
    this.position.batch++;
    const before = this.history.at(-1)?.seconds ?? 0;
    const seconds = before + (performance.now() - started) / 1000;
    const { learningRate } = this.optimizer;
    return { step: step + 1, epoch, loss, gradientNorm, learningRate, seconds };
  }

  /** Tells the callbacks of a step; true where one of them wants it to be the last. */
  private async afterStep(row: HistoryRow): Promise<boolean> {
    this.history.push(row);
    const last = await this.callbacks.step(row);
    this.writer?.afterStep();
    if (performance.now() - this.lastYield > YIELD_EVERY_MS) {
      await new Promise((resolve) => setImmediate(resolve));
      this.lastYield = performance.now();
    }
    return last;
  }

  /** Writes the last step, where checkpoints are asked for. */
  writeCheckpoint(): void {
    this.writer?.write();
  }

  /** Writes a checkpoint where something else went wrong, which says more than a failure to write. */
  keepWhatWasLearnt(): void {
    try {
      this.writeCheckpoint();
    } catch {}
  }

  private stopMessage(): string {
    const { step } = this.position;
    if (!this.writer) {
      return `Training was stopped after step ${step}. The model keeps what it learnt.`;
    }
    return (
      `Training was stopped after step ${step}. Go on from there with the option ` +
      `resume: ${JSON.stringify(this.writer.fileOf(step))}.`
    );
  }

  async end(): Promise<void> {
    await this.callbacks.trainEnd(this.history);
  }

  dispose(): void {
    this.update.dispose();
    if (!this.options.optimizer) this.optimizer.dispose();
  }
}
