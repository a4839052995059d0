import type { HistoryRow } from "../checkpoints/checkpoint";
import { nameOf } from "./batch";

export type { HistoryRow };

/** What callbacks note in the row of the latest step. */
export type Measurements = Pick<HistoryRow, "validationLoss" | "updateRatios">;

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

/**
 * Notes measurements in the row of the latest step; what is undefined leaves the row as it is.
 *
 * @throws RangeError for a validation loss that is no finite number
 * @throws Error for measurements that a row has no place for, and before the first step
 */
export function record(history: readonly HistoryRow[], measurements: Measurements): void {
  const row = history.at(-1);
  if (!row) {
    throw new Error(
      "There is nothing to record in before the first step: call record in onStep or onEpochEnd.",
    );
  }
  const { validationLoss, updateRatios, ...others } = measurements;
  const [other] = Object.keys(others);
  if (other !== undefined) {
    throw new Error(
      `A row of the history has no place for "${other}". record takes validationLoss, a number, and ` +
        "updateRatios, numbers by name; keep anything else in an array of your own.",
    );
  }
  if (validationLoss !== undefined)
    row.validationLoss = requireLossNumber(validationLoss, row.step);
  if (updateRatios !== undefined) row.updateRatios = updateRatios;
}

/** A validation's result. @throws RangeError where it is no finite number, which a file could not keep */
export function requireLossNumber(loss: unknown, step: number): number {
  if (typeof loss === "number" && Number.isFinite(loss)) return loss;
  throw new RangeError(
    `The validation loss after step ${step} is ${typeof loss === "number" ? loss : nameOf(loss)}. It ` +
      "must be a finite number: is a return or an await missing, or did the training diverge?",
  );
}
