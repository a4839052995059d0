/** What running code calls back into (see instrument.ts). */
export interface CellRuntime {
  /** A loop that may run after an await calls {@link stop} when the first element is not 0. */
  readonly flag: Int32Array;
  /** Called with what is awaited, before it is. */
  wait(value: unknown): unknown;
  /** Called before an await; what it gives is handed to {@link resume} after it. */
  here(): unknown;
  /** Called with what the await gave, when the code goes on. */
  resume<T>(here: unknown, value: T): T;
  /** Called with what `for await` iterates over. */
  iterate<T>(values: AsyncIterable<T> | Iterable<T>): AsyncIterable<T> | Iterable<T>;
  /** Ends the code by throwing. */
  stop(): void;
  /** Runs the part of a cell up to its first await. */
  start(run: () => Promise<void>): Promise<void>;
  /** Awaits the whole cell; may give it up. */
  settle<T>(cell: Promise<T>): Promise<T>;
}

/** A runtime that lets code run as it is. */
export const plainRuntime: CellRuntime = {
  flag: new Int32Array(1),
  wait: (value) => value,
  here: () => undefined,
  resume: (_here, value) => value,
  iterate: (values) => values,
  stop() {},
  start: (run) => run(),
  settle: (cell) => cell,
};
