/** What running code calls back into (see instrument.ts). */
export interface CellRuntime {
  /** A loop that may run after an await calls {@link stop} when the first element is not 0. */
  readonly flag: Int32Array;
  /** Called with what is awaited, before it is; gives what to await. */
  wait(value: unknown): unknown;
  /** As {@link wait}, where the value may be a promise that no instrumented code is behind. */
  guard(mark: number, value: unknown): unknown;
  /** Called with what is kept for later, as {@link guard}; gives it back as it is. */
  note<T>(mark: number, value: T): T;
  /** Called with the list that `Promise.all` or its like is given; gives it back. */
  joining<T>(list: T): T;
  /** Called with the promise that such a function gave for the last list; gives it back. */
  joined<T>(promise: T): T;
  /** Called when an async function begins. */
  begin(): void;
  /** Called before the value for {@link guard} is made. */
  mark(): number;
  /** Called before an await; what it gives is handed to {@link resume} after it. */
  here(): unknown;
  /** Called with what the await gave, when the code goes on. */
  resume<T>(here: unknown, value?: T): T;
  /** Called when code goes on after a rejection. */
  enter(here: unknown): void;
  /** Called with what the code knows as `Promise`; gives what to construct in its place. */
  promise(known: unknown): unknown;
  /** Called with what `for await` iterates over, and how errors call that. */
  iterate<T>(values: AsyncIterable<T> | Iterable<T>, name: string): AsyncIterable<T> | Iterable<T>;
  /** Called with how to end something that a cell waits for; gives what forgets it again. */
  track(cancel: (reason: unknown) => void): () => void;
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
  guard: (_mark, value) => value,
  note: (_mark, value) => value,
  joining: (list) => list,
  joined: (promise) => promise,
  begin() {},
  mark: () => 0,
  here: () => undefined,
  resume: (_here, value) => value as never,
  enter() {},
  promise: (known) => known,
  iterate: (values) => values,
  track: () => () => {},
  stop() {},
  start: (run) => run(),
  settle: (cell) => cell,
};
