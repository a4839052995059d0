/** Thrown where a training was stopped from outside: by Stop in a notebook, Ctrl-C or an AbortSignal. */
export class TrainingStopped extends Error {
  override name = "TrainingStopped";
}

/** A notebook kernel may offer the running cell's signal here; nothing else of a kernel is known. */
function cellSignal(): AbortSignal | undefined {
  const cell = (globalThis as Record<symbol, unknown>)[Symbol.for("Jupyter.cell")];
  return (cell as { signal?: AbortSignal } | undefined)?.signal;
}

/**
 * One question for everything that can stop a training: the caller's signal, the notebook cell's,
 * and, where no kernel offers one (a script, stock tslab), SIGINT, which Ctrl-C and Stop send.
 */
export function listenForStop(signal?: AbortSignal): { requested(): boolean; release(): void } {
  const signals = [signal, cellSignal()].filter((each): each is AbortSignal => each !== undefined);
  let interrupted = false;
  const interrupt = () => {
    interrupted = true;
  };
  const listens = cellSignal() === undefined;
  if (listens) process.once("SIGINT", interrupt);
  return {
    requested: () => interrupted || signals.some((each) => each.aborted),
    release: () => {
      if (listens) process.removeListener("SIGINT", interrupt);
    },
  };
}
