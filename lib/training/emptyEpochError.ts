import type { HistoryRow } from "./history";

/** Thrown where an epoch has no batch: nothing would be learnt in it, and nobody would notice. */
export class EmptyEpochError extends Error {
  override name = "EmptyEpochError";

  /** @param history the rows of the steps before, which the model keeps what it learnt in */
  constructor(
    epoch: number,
    batches: unknown,
    readonly history: readonly HistoryRow[],
  ) {
    const cause = Array.isArray(batches)
      ? "The array of batches is empty."
      : epoch > 1 || history.length > 0
        ? "Most likely the function hands out one generator again and again, which is used up after its " +
          "first epoch. Let it make a new one each time: `() => sequenceBatches(encoded, { batchSize: 100, steps: 50 })` instead of " +
          "`() => batches`."
        : "Its function gave nothing to read. A generator that was read before is used up: let the " +
          "function make a new one, `() => sequenceBatches(encoded, { batchSize: 100, steps: 50 })`. Or is the data empty?";
    const kept =
      history.length === 0
        ? ""
        : ` The model keeps what it learnt in ${history.length} steps; their rows are this error's \`history\`.`;
    super(`Epoch ${epoch} has no batches. ${cause}${kept}`);
  }
}
