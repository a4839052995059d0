import { type Checkpoint, CheckpointError } from "../checkpoints/checkpoint";
import { loadCheckpoint } from "../checkpoints/checkpointFiles";
import { captureModel, restoreModel } from "../checkpoints/modelState";
import { withPresentNames } from "../deprecated";
import { type RandomState, randomState, restoreRandomState } from "../engine/random";
import type { tf } from "../engine/tensorflow";
import { host } from "../host/host";
import { type Batch, type Batches, batchesOfEpoch } from "./batch";
import { CallbackList, type HistoryRow, record, type TrainingContext } from "./callbacks/callback";
import { checkpoints } from "./callbacks/checkpoints";
import { StopWish } from "./controls";
import type { Optimizer } from "./optimizers/optimizer";
import { adam, optimizerFromConfig } from "./optimizers/rules";
import { checkTrainArguments, type TrainOptions } from "./options";
import { LearningRate } from "./schedules";
import { StepUpdate } from "./stepUpdate";
import { EmptyEpochError, listenForStop, TrainingStopped } from "./stopping";

/**
 * Trains a model: for each batch the loss, its gradient, clipping, and an optimizer's update.
 *
 * A stateful model carries its state from batch to batch (truncated backpropagation through time)
 * and begins every epoch at zero. The history comes back as plain rows, one a step; with `resume` it
 * begins with the rows of the training that goes on. What else is to happen meanwhile, callbacks do:
 * `validate`, `checkpoints`, `earlyStopping`, `writeSamples`, `live` and others.
 *
 * @param model any tfjs model; its last layer gives logits where `loss` is not set
 * @param batches a function from the epoch (1, 2, ...) to its batches, or an array of batches
 * @throws NotFiniteError where the loss is NaN or infinite, before the weights are touched
 * @throws TrainingStopped on Stop, Ctrl-C or `signal`
 * @throws EmptyEpochError where an epoch has no batch; it holds the history of those before
 * @throws CheckpointError where `resume` is not a checkpoint of this model, or nothing is left to do
 * @throws Error for options that it cannot work with, and a batch that does not fit the model
 *
 * @example
 * const history = await train(model, () => sequenceBatches(encoded, { batchSize: 100, steps: 50 }), {
 *   epochs: 2, optimizer: adam({ learningRate: 0.002 }), clipNorm: 5,
 * });
 */
export async function train(
  model: tf.LayersModel,
  batches: Batches,
  options: TrainOptions = {},
): Promise<HistoryRow[]> {
  const run = new TrainingRun(model, options);
  try {
    await run.run(batches);
  } finally {
    run.dispose();
  }
  return run.history;
}

/** The event loop gets a turn this often, so that a live plot is drawn and Stop is heard. */
const YIELD_EVERY_MS = 20;

/** One call of `train`: where it stands, and its steps. */
class TrainingRun {
  readonly history: HistoryRow[] = [];
  private readonly options: TrainOptions;
  private readonly position = { step: 0, epoch: 1, batch: 0 };
  private readonly update: StepUpdate;
  private readonly callbacks: CallbackList;
  private readonly rate: LearningRate;
  private readonly stop: ReturnType<typeof listenForStop>;
  private readonly wish: StopWish;
  private optimizer: Optimizer;
  private resumed: Checkpoint | undefined;
  private randomAtEpochStart = randomState();
  /** Chance as it was before the batch of a step that is not done was asked for. */
  private randomBeforeStep: { state: RandomState | undefined } | undefined;
  private lastYield = host.process.now();
  private error: unknown;

  constructor(
    private readonly model: tf.LayersModel,
    given: TrainOptions,
  ) {
    checkTrainArguments(model, given);
    const options = withPresentNames("train", given, { l2: "weightDecay" });
    this.options = options;
    const { callbacks = [], learningRate, stopWhen } = options;
    const schedule = learningRate ? () => learningRate.value : options.schedule;
    const { folder, ...when } = options.checkpoints ?? {};
    const all = folder === undefined ? callbacks : [...callbacks, checkpoints(folder, when)];
    this.update = new StepUpdate(model, options);
    this.optimizer = options.optimizer ?? adam();
    this.rate = new LearningRate(schedule, () => this.optimizer);
    this.callbacks = new CallbackList(all, model, this.context());
    this.stop = listenForStop(options.signal);
    this.wish = new StopWish(stopWhen);
  }

  /** What callbacks see of it. */
  private context(): TrainingContext {
    const run = this;
    return {
      get step() {
        return run.position.step;
      },
      get epoch() {
        return run.position.epoch;
      },
      history: run.history,
      hasSchedule: (run.options.schedule ?? run.options.learningRate) !== undefined,
      get learningRate() {
        return run.rate.current;
      },
      set learningRate(value: number) {
        run.rate.current = value;
      },
      get signal() {
        return run.stop.signal;
      },
      get error() {
        return run.error;
      },
      record: (measurements) => record(run.history, measurements),
      checkpoint: () => run.checkpoint(),
    };
  }

  private checkpoint(): Checkpoint {
    const { model, position, optimizer, randomAtEpochStart: atEpochStart } = this;
    const now = this.randomBeforeStep ? this.randomBeforeStep.state : randomState();
    const callbacks = this.callbacks.states();
    return {
      ...captureModel(model),
      position: { ...position },
      optimizer: { config: optimizer.config, state: optimizer.state() },
      ...(now && atEpochStart && { random: { now, atEpochStart } }),
      history: this.history.map((row) => ({ ...row })),
      ...(callbacks.size > 0 && { callbacks }),
    };
  }

  /** From what `resume` holds, or from the beginning, to the end. */
  async run(batches: Batches): Promise<void> {
    const { resume } = this.options;
    if (resume !== undefined) {
      this.resumeFrom(resume);
    }
    this.callbacks.claim();
    this.rate.begin();
    try {
      await this.callbacks.begin(this.resumed?.callbacks ?? new Map());
      await this.epochs(batches);
      await this.callbacks.settled("end");
    } catch (error) {
      throw await this.endBy(error);
    } finally {
      await this.callbacks.trainEnd();
    }
  }

  /** Lets callbacks keep what was learnt. What went wrong says more than a failure to keep it. */
  private async endBy(error: unknown): Promise<unknown> {
    const { aborted, reason } = this.stop.signal;
    this.error = aborted && error === reason ? new TrainingStopped(this.position.step) : error;
    await this.callbacks.settled("end").catch(() => {});
    return this.error;
  }

  private resumeFrom(resume: Checkpoint | string): void {
    const checkpoint = typeof resume === "string" ? loadCheckpoint(resume) : resume;
    const { optimizer } = checkpoint;
    if (optimizer) {
      this.requireSameOptimizer(optimizer.config.kind);
    }
    this.requireSomethingLeft(checkpoint);
    restoreModel(this.model, checkpoint);
    if (optimizer) {
      if (!this.options.optimizer) {
        this.optimizer = optimizerFromConfig(optimizer.config);
      }
      this.optimizer.restore(optimizer.state);
    }
    Object.assign(this.position, checkpoint.position);
    if (checkpoint.random) {
      restoreRandomState(checkpoint.random.now);
    }
    // Copies, because callbacks may add to the last one.
    for (const row of checkpoint.history) {
      this.history.push({ ...row });
    }
    this.resumed = checkpoint;
  }

  private requireSameOptimizer(kind: string): void {
    const given = this.options.optimizer?.config.kind;
    if (given === undefined || given === kind) {
      return;
    }
    throw new CheckpointError(
      `The checkpoint was written by a training with ${kind}, so it can't go on with ${given}. Leave ` +
        "the option optimizer out to go on with the one of the checkpoint.",
    );
  }

  /** `epochs` and `maxSteps` are totals: a training that has made them all would do nothing. */
  private requireSomethingLeft({ position: { step, epoch } }: Checkpoint): void {
    const { epochs = 1, maxSteps = Number.POSITIVE_INFINITY } = this.options;
    if (epoch <= epochs && step < maxSteps) {
      return;
    }
    const [count, unit] = epoch > epochs ? [epoch - 1, "epoch"] : [step, "step"];
    const done = `${count} ${unit}${count === 1 ? "" : "s"}`;
    const asked = epoch > epochs ? `epochs: ${epochs}` : `maxSteps: ${maxSteps}`;
    throw new CheckpointError(
      `The checkpoint has made ${done} already, so that ${asked} leaves nothing to do. With \`resume\` ` +
        "both are totals, those before included: give a larger number to go on.",
    );
  }

  private async epochs(batches: Batches): Promise<void> {
    const { epochs = 1, maxSteps = Number.POSITIVE_INFINITY } = this.options;
    for (; this.position.epoch <= epochs; this.position.epoch++) {
      let skip = this.beginEpoch();
      // Where the last step was an epoch's last one, no batch of the next is asked for.
      if (this.position.step >= maxSteps) {
        return;
      }
      let isEmpty = true;
      this.beginStep();
      for await (const batch of batchesOfEpoch(batches, this.position.epoch)) {
        isEmpty = false;
        if (skip > 0) {
          skip--;
          // The batches before are made again, for their random numbers; then the generator goes on.
          if (skip === 0 && this.resumed?.random) {
            restoreRandomState(this.resumed.random.now);
          }
          this.beginStep();
          continue;
        }
        if (this.position.step >= maxSteps) {
          return;
        }
        this.stop.signal.throwIfAborted();
        await this.callbacks.stepStart(this.position.step + 1);
        if (await this.afterStep(this.step(batch))) {
          return;
        }
        this.beginStep();
      }
      this.randomBeforeStep = undefined;
      if (isEmpty) {
        throw new EmptyEpochError(this.position.epoch, batches, this.history);
      }
      if (skip > 0) {
        throw new CheckpointError(this.missingBatches(skip));
      }
      if (await this.callbacks.epochEnd()) {
        return;
      }
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
      if (this.resumed.random) {
        restoreRandomState(this.resumed.random.atEpochStart);
      }
      this.randomAtEpochStart = this.resumed.random?.atEpochStart;
      return this.position.batch;
    }
    this.model.resetStates();
    this.randomAtEpochStart = randomState();
    return 0;
  }

  /** A step begins with its batch, which may draw numbers. Where it does not end, they count as not drawn. */
  private beginStep(): void {
    this.randomBeforeStep = { state: randomState() };
  }

  private missingBatches(skip: number): string {
    const { epoch, batch } = this.position;
    return (
      `The checkpoint stands after batch ${batch} of epoch ${epoch}, but now that epoch has only ` +
      `${batch - skip}. Resume with the data and the batch size that the training had.`
    );
  }

  private step(batch: Batch): HistoryRow {
    const started = host.process.now();
    const { step, epoch } = this.position;
    this.rate.beforeStep(step);
    const { loss, gradientNorm, weight } = this.update.run(batch, this.optimizer, step + 1);
    this.position.step++;
    this.position.batch++;
    this.randomBeforeStep = undefined;
    const before = this.history.at(-1)?.seconds ?? 0;
    const seconds = before + (host.process.now() - started) / 1000;
    const { learningRate } = this.optimizer;
    return { step: step + 1, epoch, loss, gradientNorm, learningRate, seconds, weight };
  }

  /** Lets the callbacks see a step; true where one of them wants it to be the last. */
  private async afterStep(row: HistoryRow): Promise<boolean> {
    this.history.push(row);
    const last = await this.callbacks.step(row);
    if (host.process.now() - this.lastYield > YIELD_EVERY_MS) {
      await host.process.nextTurn();
      this.lastYield = host.process.now();
    }
    return last || this.wish.uttered;
  }

  dispose(): void {
    this.callbacks.release();
    this.stop.release();
    this.wish.release();
    this.options.learningRate?.keep?.();
    this.options.stopWhen?.keep?.();
    this.rate.end();
    this.update.dispose();
    if (!this.options.optimizer) {
      this.optimizer.dispose();
    }
  }
}
