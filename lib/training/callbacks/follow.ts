import type { HistoryRow } from "../history";
import type { TrainingCallback } from "./callback";

/** Something that shows a training, such as `liveHistory()`. */
export interface TrainingDisplay {
  /** A training begins; one that has shown another before begins with an empty picture. */
  begin?(): void;
  update(row: HistoryRow): void;
  progress?(done: number, total: number): void;
  done(): void;
}

/** Options of `follow`. */
export interface FollowOptions {
  /** How many steps the training will have, for a progress bar. Default: not known, no bar. */
  total?: number;
}

/**
 * Shows a training while it runs: every row as it comes, how far it is, and at the end what stays,
 * however the training ended.
 *
 * @example
 * const live = liveHistory({ title: "Tolstoy" });
 * await train(model, batches, { callbacks: [follow(live, { total: 2000 })] });
 */
export function follow(display: TrainingDisplay, { total }: FollowOptions = {}): TrainingCallback {
  return {
    onTrainBegin: () => display.begin?.(),
    onStep(row) {
      display.update(row);
      if (total !== undefined) display.progress?.(row.step, total);
    },
    onTrainEnd: () => display.done(),
  };
}
