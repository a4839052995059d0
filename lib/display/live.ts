import { HISTORY_NAMES, type HistoryFigureRow, type HistoryOptions } from "../figures/history";
import { host } from "../host/host";
import { type OptionNames, requireNames } from "../optionNames";
import { given, OptionError, requireWhole } from "../options";
import { displayTarget } from "./display";
import { BarView, LiveState, type LiveView, LogView, NotebookView } from "./liveView";

export interface LiveOptions {
  /** Default "Training". */
  title?: string;
  /** Least milliseconds between two drawings in a notebook. Default 500. */
  everyMs?: number;
  /** Least milliseconds between two lines in a log. Default 5000. */
  logEveryMs?: number;
  /** The time in milliseconds, for tests. Default: that of the process. */
  clock?: () => number;
}

export type LiveHistoryOptions = LiveOptions & HistoryOptions;

const NAMES: OptionNames<LiveHistoryOptions> = {
  ...HISTORY_NAMES,
  everyMs: true,
  logEveryMs: true,
  clock: true,
};

/** A chart of a training that runs. Call `done()` at the end, so that it stays as a picture. */
export interface LiveHistory {
  /** Begins an empty chart where the last one is done. A training that the chart follows does so. */
  begin(): void;
  /** Adds a row of the history. Costs next to nothing: most calls draw nothing. */
  update(row: HistoryFigureRow): void;
  /** Shows a text under the curve, the newest sample, in place of the one before. */
  text(sample: string): void;
  /** Says how far the training is, for the bar and the time that is left. */
  progress(done: number, total: number): void;
  /** Draws what will stay. Later calls do nothing; further rows are an error until `begin()`. */
  done(): void;
}

/** No more of the time than one part in this many goes into drawing. */
const drawingShare = 100;

/**
 * A chart that follows a training: curve, progress bar, steps a second, time left and newest sample in
 * one output that is replaced as it goes on. At a terminal it is a progress bar, in a log a line every
 * few seconds. Drawing takes 1 % of the time at most.
 *
 * @example
 * const live = liveHistory({ title: "Tolstoy", references: { "bigram floor": 2.51 } });
 * for (const row of steps) {
 *   live.update(row);
 *   live.progress(row.step, 2000);
 * }
 * live.done();
 */
export function liveHistory(options: LiveHistoryOptions = {}): LiveHistory {
  requireNames("liveHistory", options, NAMES);
  return new Live(options);
}

export interface LiveTrainingOptions extends LiveHistoryOptions {
  /** How many steps the training will take, for the bar and the time that is left. Default: unknown. */
  total?: number;
  /** Writes a sample of what the network makes; it is shown under the curve. Default: none. */
  sample?: () => string | Promise<string>;
  /** Steps from one sample to the next. Default 100. */
  sampleEvery?: number;
}

const LIVE_NAMES: OptionNames<LiveTrainingOptions> = {
  ...NAMES,
  total: true,
  sample: true,
  sampleEvery: true,
};

/** A live chart that is a callback of `train` too. */
export interface LiveTraining extends LiveHistory {
  onTrainBegin(): void;
  onStep(row: HistoryFigureRow): Promise<void>;
  onTrainEnd(): void;
}

/**
 * A live chart as a callback: hand it to `train`, and it follows the training by itself. One output is
 * replaced in place; the last state stays in the notebook as a picture. See `liveHistory` for one that
 * you feed yourself.
 *
 * @throws OptionError for a `total` or a `sampleEvery` that is no whole number from 1 up
 *
 * @example
 * await train(model, batches, {
 *   epochs: 2,
 *   callbacks: [live({ title: "Tolstoy", total: 2000, sample: () => write(), sampleEvery: 200 })],
 * });
 */
export function live(options: LiveTrainingOptions = {}): LiveTraining {
  requireNames("live", options, LIVE_NAMES);
  const { total, sample, sampleEvery = 100, ...rest } = options;
  requireWhole({ sampleEvery, ...given({ total }) });
  const chart = liveHistory(rest);
  return {
    begin: () => chart.begin(),
    onTrainBegin: () => chart.begin(),
    update: (row) => chart.update(row),
    text: (text) => chart.text(text),
    progress: (done, all) => chart.progress(done, all),
    done: () => chart.done(),
    async onStep(row) {
      chart.update(row);
      if (total !== undefined) {
        chart.progress(row.step, total);
      }
      if (sample && row.step % sampleEvery === 0) {
        chart.text(await sample());
      }
    },
    onTrainEnd: () => chart.done(),
  };
}

export interface Progress {
  /** Says how many of the total are done. */
  update(done: number): void;
  /** Shows a text under the bar, in place of the one before. */
  text(text: string): void;
  /** Shows for the last time how far it came. */
  done(): void;
}

/**
 * A progress bar for a loop: in a notebook, at a terminal, or as lines in a log.
 *
 * @param total how many steps there are, from 1 up
 * @throws OptionError for a total that is no whole number from 1 up
 */
export function progress(total: number, options: LiveOptions = {}): Progress {
  requireNames("progress", options, NAMES);
  const live = new Live({ title: "Progress", ...options });
  live.progress(0, total);
  return {
    update: (done) => live.progress(done, total),
    text: (text) => live.text(text),
    done: () => live.done(),
  };
}

class Live implements LiveHistory {
  private state: LiveState;
  private view: LiveView;
  private readonly clock: () => number;
  private nextAt = Number.NEGATIVE_INFINITY;
  private drawn = false;
  private counted = false;
  private lastStep: number | undefined;

  constructor(private readonly options: LiveHistoryOptions) {
    this.clock = options.clock ?? (() => host.process.now());
    this.state = this.emptyState();
    this.view = this.newView();
  }

  private emptyState(): LiveState {
    const { everyMs: _, logEveryMs: _log, clock: _clock, ...history } = this.options;
    return new LiveState({ title: "Training", ...history }, this.clock());
  }

  private newView(): LiveView {
    const { everyMs = 500, logEveryMs = 5000 } = this.options;
    if (displayTarget().kind === "notebook") {
      return new NotebookView(everyMs);
    }
    const bar = host.display.progressBar(this.state.title);
    return bar ? new BarView(bar, logEveryMs, this.clock) : new LogView(logEveryMs);
  }

  begin(): void {
    if (!this.state.finished) {
      return;
    }
    this.state = this.emptyState();
    this.view = this.newView();
    this.nextAt = Number.NEGATIVE_INFINITY;
    this.counted = false;
    this.lastStep = undefined;
  }

  update(row: HistoryFigureRow): void {
    this.requireOpen();
    this.state.add(row);
    // Where progress counts the same steps, the row is one step ahead of it until it is called.
    if (!this.counted || this.state.done === this.lastStep) {
      this.state.done = row.step;
    }
    this.lastStep = row.step;
    this.drawIfDue();
  }

  text(sample: string): void {
    this.requireOpen();
    this.state.sample = sample;
    this.view.sample(sample);
    this.drawIfDue();
  }

  progress(done: number, total: number): void {
    this.requireOpen();
    if (!Number.isInteger(total) || total < 1 || !(done >= 0)) {
      throw new OptionError(
        `progress(${done}, ${total}) does not say how far it is: pass how many steps are done, from 0 ` +
          "up, and how many there are, a whole number from 1 up.",
      );
    }
    this.counted = true;
    this.state.done = done;
    this.state.total = total;
    this.drawIfDue();
  }

  done(): void {
    if (this.state.finished) {
      return;
    }
    this.state.finished = true;
    this.state.mark(this.clock());
    this.view.finish(this.state);
  }

  private drawIfDue(): void {
    const now = this.clock();
    if (now < this.nextAt) {
      return;
    }
    this.state.mark(now);
    this.view.draw(this.state);
    // The first drawing takes long because code is loaded for it; that is not what the others take.
    const cost = this.drawn ? this.clock() - now : 0;
    this.drawn = true;
    this.nextAt = now + Math.max(this.view.everyMs, drawingShare * cost);
  }

  private requireOpen(): void {
    if (!this.state.finished) {
      return;
    }
    throw new Error(
      `"${this.state.title}" is finished: done() was called. Call begin() for another training, or make another chart.`,
    );
  }
}
