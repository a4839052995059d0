import { MessageChannel } from "node:worker_threads";
import { PHASE, SHARED } from "../channel";
import type { CellRuntime } from "../session/runtime";
import { CellContext, type Contexts } from "./contexts";
import { KeyboardInterrupt } from "./errors";

/**
 * Starts functions straight from the event loop, as the handler of a message: the one place where
 * the code they call can be terminated safely on every version of Node, hooks or not.
 */
export class Trampoline {
  private readonly port;
  private next: (() => void) | undefined;

  constructor(private readonly shared: Int32Array) {
    const { port1, port2 } = new MessageChannel();
    this.port = port1;
    port2.on("message", () => {
      const run = this.next;
      this.next = undefined;
      Atomics.store(shared, SHARED.phase, PHASE.synchronous);
      run?.();
      Atomics.store(this.shared, SHARED.phase, PHASE.open);
    });
  }

  start<T>(run: () => T | Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.next = () => {
        try {
          resolve(run());
        } catch (error) {
          reject(error);
        }
      };
      this.port.postMessage(undefined);
    });
  }
}

/**
 * What code calls back into. It belongs to the cell that is current when it calls, for a function
 * may be declared in one cell, or in a module, and called in another.
 *
 * @param cell the cell that is to be run with it, where it is not for modules
 */
export function createRuntime(
  flag: Int32Array,
  contexts: Contexts,
  trampoline: Trampoline,
  cell?: CellContext,
): CellRuntime {
  const stop = () => {
    // The flag rises before the message that stops the running cell arrives. Code of cells that
    // ended long ago sees it too and is meant as well.
    contexts.current?.fail(new KeyboardInterrupt());
    contexts.current?.check();
  };
  const wait = (value: unknown): unknown => {
    if (flag[SHARED.stop] !== 0) {
      stop();
    }
    const context = contexts.current;
    return context && isThenable(value)
      ? context.wait(value, () => contexts.enter(context))
      : value;
  };
  return {
    flag: flag.subarray(SHARED.stop),
    wait,
    stop,
    here: () => contexts.current,
    resume(here, value) {
      if (here instanceof CellContext) {
        contexts.enter(here);
        here.check();
      }
      return value;
    },
    iterate: (values) => ({
      async *[Symbol.asyncIterator]() {
        const async = (values as AsyncIterable<never>)[Symbol.asyncIterator]?.();
        const iterator = async ?? (values as Iterable<never>)[Symbol.iterator]();
        let ended = false;
        try {
          for (;;) {
            const step = (await wait(iterator.next())) as IteratorResult<never>;
            ended = step.done === true;
            if (ended) {
              return;
            }
            yield await step.value;
          }
        } finally {
          if (!ended) {
            await iterator.return?.();
          }
        }
      },
    }),
    start: (run) =>
      trampoline.start(() => {
        if (cell) {
          contexts.enter(cell);
          cell.check();
        }
        return run();
      }),
    settle: (promise) => (cell ? Promise.race([promise, cell.failed]) : promise),
  };
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    (typeof value === "object" || typeof value === "function") &&
    value !== null &&
    typeof (value as { then?: unknown }).then === "function"
  );
}
