import { MessageChannel } from "node:worker_threads";
import { PHASE, SHARED } from "../channel";
import type { CellRuntime } from "../session/runtime";
import type { CellContext, Contexts } from "./contexts";
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
 * What the code of a cell calls back into, or that of modules, which belong to no one cell and so
 * to the one that is current when they call.
 */
export function createRuntime(
  flag: Int32Array,
  contexts: Contexts,
  trampoline: Trampoline,
  own?: CellContext,
): CellRuntime {
  const owner = () => own ?? contexts.current;
  const wait = (value: unknown): unknown => {
    if (flag[SHARED.stop] !== 0) {
      stop();
    }
    return isThenable(value) ? (owner()?.wait(value) ?? value) : value;
  };
  const stop = () => {
    // The flag rises before the message that stops the running cell arrives. Code of cells that
    // ended long ago sees it too and is meant as well.
    owner()?.fail(new KeyboardInterrupt());
    owner()?.check();
  };
  return {
    flag: flag.subarray(SHARED.stop),
    wait,
    stop,
    resume(value) {
      if (own) {
        contexts.enter(own);
        own.check();
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
    start: (run) => trampoline.start(run as () => unknown) as never,
    settle: (promise) => {
      const context = owner();
      return context ? Promise.race([promise, context.failed]) : promise;
    },
  };
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    (typeof value === "object" || typeof value === "function") &&
    value !== null &&
    typeof (value as { then?: unknown }).then === "function"
  );
}
