import type { HistoryFigureRow } from "../figures/history";
import { type LiveHistory, type LiveHistoryOptions, liveHistory } from "./live";

export interface LiveTrainingOptions extends LiveHistoryOptions {
  /** How many steps the training will take, for the bar and the time that is left. Default: unknown. */
  total?: number;
  /** Writes a sample of what the network makes; it is shown under the curve. Default: none. */
  sample?: () => string | Promise<string>;
  /** Steps from one sample to the next. Default 100. */
  sampleEvery?: number;
}

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
 * @throws RangeError for a `total` or a `sampleEvery` that is no whole number from 1 up
 *
 * @example
 * await train(model, batches, {
 *   epochs: 2,
 *   callbacks: [live({ title: "Tolstoy", total: 2000, sample: () => write(), sampleEvery: 200 })],
 * });
 */
export function live(options: LiveTrainingOptions = {}): LiveTraining {
  const { total, sample, sampleEvery = 100, ...rest } = options;
  for (const [name, value] of Object.entries({ total, sampleEvery })) {
    if (value === undefined || (Number.isInteger(value) && value >= 1)) continue;
    throw new RangeError(`\`${name}\` is ${value}, but must be a whole number of steps from 1 up.`);
  }
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
      if (total !== undefined) chart.progress(row.step, total);
      if (sample && row.step % sampleEvery === 0) chart.text(await sample());
    },
    onTrainEnd: () => chart.done(),
  };
}
