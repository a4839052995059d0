import type { Checkpoint } from "../checkpoints/checkpoint";
import { captureModel } from "../checkpoints/checkpoint";
import { saveCheckpoint } from "../checkpoints/checkpointFiles";
import { type RandomState, randomState, restoreRandomState, setSeed } from "../engine/random";
import type { tf } from "../engine/tensorflow";
import { sample } from "../sampling";
import type { SequenceBatch } from "../text/batches";
import type { Corpus } from "../text/corpus";
import type { Part } from "../text/corpusHeader";
import { evaluate } from "../training/evaluate";
import type { HistoryRow } from "../training/history";
import type { Optimizer } from "../training/optimizers/optimizer";
import { adam } from "../training/optimizers/rules";
import { stepSchedule } from "../training/schedules";
import { TrainingStopped } from "../training/stopping";
import { train } from "../training/train";
import type { CheckpointSeries } from "./checkpointSeries";
import { LossHistory, type StoredOptions } from "./lossHistory";
import { Stopped } from "./signals";
import type { Terminal } from "./terminal";
import { evaluationBatches } from "./trainingData";
import { TrainingReport } from "./trainingReport";
import type { Beginning } from "./trainingStart";
import { storedOptions, type TrainCommandOptions } from "./trainOptions";

/** What a training works with. */
export interface TrainingParts {
  options: TrainCommandOptions;
  corpus: Corpus;
  model: tf.LayersModel;
  series: CheckpointSeries;
  stepsPerEpoch: number;
  terminal: Terminal;
  /** Whether progress is told in lines. */
  printsLines: boolean;
  signal: AbortSignal;
  /** The checkpoint that the training goes on from; a new training has none. */
  beginning: Beginning | undefined;
}

/** One training from its first step, or from a checkpoint, to its end, however it ends. */
export class TrainingProcess {
  private readonly history: LossHistory;
  private readonly optimizer: Optimizer;
  private readonly stored: StoredOptions;
  /** The rows that a checkpoint keeps: those with a validation. */
  private readonly validated: HistoryRow[];
  private lastRow: HistoryRow | undefined;
  private randomAtEpochStart: RandomState | undefined;
  /** Set where a checkpoint could not be written: no other is tried. */
  private cannotWrite = false;

  constructor(private readonly parts: TrainingParts) {
    const { options, beginning, corpus, series } = parts;
    this.history = beginning?.history ?? LossHistory.begin();
    this.optimizer = adam({ learningRate: options.learningRate });
    this.stored = storedOptions(options, {
      ...{ checkpoint_name: options.checkpointName, seed: options.seed! },
      ...{ input_data: corpus.file, data_sha256: corpus.digest },
    });
    const rows = beginning?.checkpoint.history ?? [];
    this.validated = rows.filter(({ validationLoss }) => validationLoss !== undefined);
    this.lastRow = rows.at(-1);
    if (beginning) series.last = beginning.checkpoint.position.step;
  }

  private get total(): number {
    return this.parts.stepsPerEpoch * this.parts.options.maxEpochs;
  }

  async run(): Promise<void> {
    const { options, corpus, terminal, beginning, model } = this.parts;
    const begun = beginning?.checkpoint.position.step ?? 0;
    const weights = model.countParams();
    terminal.line(
      `${corpus.vocabulary.size} different characters; ${corpus.lengths.train} to train on, ${corpus.lengths.val} for validation, ${corpus.lengths.test} for the test. ` +
        `${weights} weights, seed ${options.seed}.`,
    );
    if (begun >= this.total && this.isFinished()) {
      terminal.line(
        `${beginning!.file} has made all ${this.total} steps already. Give a larger --max-epochs to go on.`,
      );
      return;
    }
    try {
      await this.catchUp(begun);
      if (begun < this.total) await this.learn();
      await this.finish();
    } catch (error) {
      throw this.afterwards(error);
    }
  }

  /** Whether a training that has made all its steps was also judged at its end, if it can be. */
  private isFinished(): boolean {
    const { beginning, corpus, options, signal } = this.parts;
    if (beginning?.history === undefined || this.history.testLoss !== undefined) return true;
    return evaluationBatches(corpus, "test", options, signal) === undefined;
  }

  /** A training that was stopped in a validation makes it before it goes on. */
  private async catchUp(begun: number): Promise<void> {
    const row = this.lastRow;
    if (!row || !this.isCheckpoint(begun) || row.validationLoss !== undefined) return;
    if (this.history.validation(begun) !== undefined) return;
    await this.validate(row);
    // The last checkpoint is to hold it; another one comes in any case.
    if (begun >= this.total) this.parts.series.last = undefined;
  }

  private async learn(): Promise<void> {
    const { options, corpus, model, stepsPerEpoch, signal, beginning, terminal } = this.parts;
    const { batchSize, seqLength, gradClip, printEvery } = options;
    const report = new TrainingReport(terminal, {
      ...{ stepsPerEpoch, epochs: options.maxEpochs },
      printEvery: this.parts.printsLines ? printEvery : 0,
    });
    report.begin(beginning?.checkpoint.position.step ?? 0);
    const batches = (): Iterable<SequenceBatch> => {
      this.randomAtEpochStart = randomState();
      return corpus.batches("train", batchSize, seqLength);
    };
    await train(model, batches, {
      epochs: options.maxEpochs,
      optimizer: this.optimizer,
      schedule: stepSchedule({
        initial: options.learningRate,
        every: options.lrDecayEvery * stepsPerEpoch,
        factor: options.lrDecayFactor,
      }),
      ...(gradClip > 0 && { clipValue: gradClip }),
      ...(beginning && { resume: beginning.checkpoint }),
      signal,
      callbacks: [
        {
          onStep: async (row) => {
            this.lastRow = row;
            this.history.add(row);
            report.step(row);
            await this.afterStep(row);
          },
        },
      ],
    });
  }

  private isCheckpoint(step: number): boolean {
    const { checkpointEvery } = this.parts.options;
    return step === this.total || (checkpointEvery > 0 && step % checkpointEvery === 0);
  }

  private async afterStep(row: HistoryRow): Promise<void> {
    const { sampleEvery } = this.parts.options;
    if (this.isCheckpoint(row.step)) {
      await this.validate(row);
      this.writeCheckpoint();
    }
    if (sampleEvery > 0 && row.step % sampleEvery === 0) await this.showSample(row.step);
  }

  private async validate(row: HistoryRow): Promise<void> {
    const loss = await this.lossOn("val");
    if (loss === undefined) return;
    row.validationLoss = loss;
    this.validated.push(row);
    this.history.addValidation(row.step, loss);
    this.parts.terminal.line(`i = ${row.step}, val_loss = ${loss.toFixed(6)}`);
  }

  private async lossOn(part: Part): Promise<number | undefined> {
    const { corpus, model, options, signal } = this.parts;
    const batches = evaluationBatches(corpus, part, options, signal);
    return batches && evaluate(model, batches);
  }

  private writeCheckpoint(): void {
    const { series, terminal } = this.parts;
    const row = this.lastRow!;
    if (series.last === row.step) return;
    try {
      series.write(this.checkpoint(row), this.history, this.stored);
    } catch (error) {
      this.cannotWrite = true;
      throw error;
    }
    terminal.line(`saved ${series.file(row.step)}`);
  }

  private checkpoint(row: HistoryRow): Checkpoint {
    const { model, corpus, stepsPerEpoch } = this.parts;
    const { step, epoch } = row;
    const now = randomState();
    const atEpochStart = this.randomAtEpochStart;
    return {
      ...captureModel(model),
      position: { step, epoch, batch: step - (epoch - 1) * stepsPerEpoch },
      optimizer: { config: this.optimizer.config, state: this.optimizer.state() },
      ...(now && atEpochStart && { random: { now, atEpochStart } }),
      // All losses stand in the JSON file beside it.
      history: row === this.validated.at(-1) ? this.validated : [...this.validated, row],
      vocabulary: corpus.vocabulary,
    };
  }

  /** A sample that leaves the training's random numbers as they were. */
  private async showSample(step: number): Promise<void> {
    const { model, corpus, options, terminal } = this.parts;
    const before = randomState();
    setSeed(`${options.seed} ${step}`);
    const { vocabulary } = corpus;
    const { sampleLength: length, temperature } = options;
    const text = await sample(model, { vocabulary, length, temperature });
    if (before) restoreRandomState(before);
    terminal.line(`----- i = ${step}, temperature ${temperature}\n${text}\n-----`);
  }

  private async finish(): Promise<void> {
    const { terminal, series, options, corpus, model } = this.parts;
    this.writeCheckpoint();
    terminal.endProgress();
    const step = this.lastRow!.step;
    const testLoss = await this.lossOn("test");
    if (options.outputModel !== undefined) {
      const { topology, weights } = captureModel(model);
      const position = { step, epoch: this.lastRow!.epoch, batch: 0 };
      const alone = { topology, weights, states: new Map(), position, history: [] };
      saveCheckpoint(options.outputModel, { ...alone, vocabulary: corpus.vocabulary });
    }
    // The last thing that is written: with the test loss in it, a training counts as finished.
    this.history.write(series.historyFile(step), this.stored, testLoss);
    const best = this.history.best();
    if (best)
      terminal.line(`The lowest val_loss was ${best.loss.toFixed(6)}, after step ${best.step}.`);
    if (testLoss !== undefined) {
      terminal.line(
        `test_loss = ${testLoss.toFixed(6)} nats a character, perplexity ${Math.exp(testLoss).toFixed(2)}`,
      );
    }
    terminal.line(`Let it write: npm run sample -- --checkpoint ${inShell(series.file(step))}`);
  }

  /** Keeps what was learnt, and says what went wrong and how to go on. */
  private afterwards(error: unknown): unknown {
    const { series, terminal } = this.parts;
    terminal.endProgress();
    if (!this.cannotWrite && this.lastRow && this.lastRow.step > 0) {
      try {
        this.writeCheckpoint();
      } catch (failure) {
        return failure;
      }
    }
    const steps = this.lastRow?.step ?? 0;
    const { last } = series;
    const place = last === steps ? "exactly from there" : `from step ${last}`;
    const how =
      last === undefined
        ? "No checkpoint was written yet: begin again."
        : `Go on ${place} with: npm run train -- --init-from ${inShell(series.file(last))}`;
    if (error instanceof Stopped || error instanceof TrainingStopped) {
      return new Stopped(`Stopped after step ${steps}. ${how}`);
    }
    if (!(error instanceof Error)) return error;
    error.message += ` The training ended after step ${steps}. ${how}`;
    return error;
  }
}

/** A path as a shell wants it. */
function inShell(file: string): string {
  return /^[\w./~-]+$/.test(file) ? file : `"${file}"`;
}
