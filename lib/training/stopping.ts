import type { HistoryRow } from "../checkpoints/checkpoint";
import { KareninaError } from "../errors";
import { host } from "../host/host";

/** Thrown where a training was stopped from outside: by Stop in a notebook, Ctrl-C or an AbortSignal. */
export class TrainingStopped extends KareninaError {
  override name = "TrainingStopped";
  readonly code = "stopped";

  /** @param step the last step that was made */
  constructor(readonly step: number) {
    super(`Training was stopped after step ${step}. The model keeps what it learnt.`);
  }

  /** Adds where the training can go on from. */
  goesOnFrom(place: string): void {
    this.message =
      `Training was stopped after step ${this.step}. Go on from there with the option ` +
      `resume: ${JSON.stringify(place)}.`;
  }
}

/** Thrown where an epoch has no batch: nothing would be learnt in it, and nobody would notice. */
export class EmptyEpochError extends KareninaError {
  override name = "EmptyEpochError";
  readonly code = "empty-epoch";

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

/** A notebook kernel may offer the running cell's signal here; nothing else of a kernel is known. */
function cellSignal(): AbortSignal | undefined {
  const cell = (globalThis as Record<symbol, unknown>)[Symbol.for("Jupyter.cell")];
  return (cell as { signal?: AbortSignal } | undefined)?.signal;
}

/**
 * One signal for everything that can stop a training: the caller's signal, the notebook cell's, and,
 * where no kernel offers one (a script, stock tslab), SIGINT, which Ctrl-C and Stop send.
 */
export function listenForStop(given?: AbortSignal): { signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const cell = cellSignal();
  const releases = [given, cell].flatMap((signal) => {
    if (!signal) {
      return [];
    }
    const abort = () => controller.abort(signal.reason);
    if (signal.aborted) {
      abort();
    }
    signal.addEventListener("abort", abort);
    return [() => signal.removeEventListener("abort", abort)];
  });
  if (!cell) {
    releases.push(host.process.onStop(() => controller.abort()));
  }
  const release = () => {
    for (const each of releases) {
      each();
    }
  };
  return { signal: controller.signal, release };
}

/**
 * Where a loss, its gradient or a prediction stopped being a number. Of a training step, the weights
 * are those before it.
 */
export class NotFiniteError extends KareninaError {
  override name = "NotFiniteError";
  readonly code = "not-finite";
}
