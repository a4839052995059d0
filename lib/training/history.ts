/** What one step of a training left behind: plain numbers, ready for a figure or a table. */
export interface HistoryRow {
  /** Steps done, this one included: the first is 1. */
  step: number;
  /** The epoch, from 1. */
  epoch: number;
  /** The batch's mean loss before the update, in nats for a cross-entropy, with the layers' penalties. */
  loss: number;
  /** The global norm of the gradient before clipping. */
  gradientNorm: number;
  learningRate: number;
  /** Seconds of computing so far, callbacks not counted: the difference of two rows is a step's time. */
  seconds: number;
  /** log10 of how far the step moved each weight beside its size, where `updateRatios` measured it. */
  updateRatios?: Record<string, number>;
  /** The loss on held-out data, in the rows where it was measured. */
  validationLoss?: number;
  /**
   * What the loss counts in a mean over steps: the predictions that it is the mean of, or the sum of
   * their weights. Rows that an earlier version wrote have none.
   */
  weight?: number;
}

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
