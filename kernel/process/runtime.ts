import { types } from "node:util";
import { MessageChannel } from "node:worker_threads";
import { PHASE, SHARED } from "../channel";
import type { CellRuntime } from "../session/run/runtime";
import { Awaited, guarded, stoppablePromise } from "./awaits";
import { CellContext, type Contexts } from "./contexts";
import { KeyboardInterrupt } from "./errors";
import { isNotIterable, iterateStoppably } from "./iteration";
import { isPendingPromise } from "./pending";

/**
 * Runs functions straight from the event loop, as handlers of messages, in the order in which they
 * were given: the one place where the code they call can be terminated safely on every version of
 * Node, hooks or not. As after any callback of the event loop, ticks come next, then promises.
 */
export class Trampoline {
  private readonly port;
  private readonly queue: { number: number; run: () => void }[] = [];
  private count = 0;

  constructor(private readonly shared: Int32Array) {
    const { port1, port2 } = new MessageChannel();
    this.port = port1;
    port2.on("message", (number: number) => this.receive(number));
  }

  /** Can code notice by which way it was called? Then timers have to give it their context. */
  get hooked(): boolean {
    return Atomics.load(this.shared, SHARED.fragile) !== 0;
  }

  run(callback: () => void): void {
    this.queue.push({ number: ++this.count, run: callback });
    this.port.postMessage(this.count);
  }

  private receive(number: number): void {
    const next = this.queue.shift();
    if (next && next.number < number) {
      // The message for this one was lost when code was terminated. Each has a turn of its own.
      this.port.postMessage(number);
    }
    Atomics.store(this.shared, SHARED.phase, next ? PHASE.synchronous : PHASE.open);
    try {
      next?.run();
    } finally {
      Atomics.store(this.shared, SHARED.phase, PHASE.open);
    }
  }

  start<T>(run: () => T | Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.run(() => {
        try {
          resolve(run());
        } catch (error) {
          reject(error);
        }
      });
    });
  }
}

/** Promises that no instrumented code is behind, which Stop cannot reject. */
const foreign = new WeakSet<object>();

/** The elements of a list, where looking at them runs none of the user's code. */
function elementsOf(list: unknown): readonly unknown[] {
  if (types.isProxy(list)) {
    return [];
  }
  return Array.isArray(list) ? list : types.isSet(list) ? [...Set.prototype.values.call(list)] : [];
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
  /** Does the list that is being made one promise of hold some of the {@link foreign}? */
  let joinsForeign = false;
  /** Grows whenever instrumented code makes or awaits a promise, or may be about to. */
  let marks = 0;
  const wait = (value: unknown): unknown => {
    marks++;
    if (flag[SHARED.stop] !== 0) {
      stop();
    }
    if ((typeof value !== "object" && typeof value !== "function") || value === null) {
      return value;
    }
    const context = contexts.current;
    context?.check();
    if (context && foreign.has(value) && isPendingPromise(value)) {
      return guarded(value, context);
    }
    return context ? Awaited.of(value, context) : value;
  };
  const enter = (here: unknown) => {
    if (here instanceof CellContext) {
      contexts.enter(here);
    }
  };
  const Stoppable = stoppablePromise(() => {
    marks++;
    return contexts.current;
  });
  return {
    flag: flag.subarray(SHARED.stop),
    wait,
    begin() {
      marks++;
    },
    mark: () => marks,
    guard(mark, value) {
      const context = contexts.current;
      const isForeign = marks === mark && context && isPendingPromise(value);
      return wait(isForeign ? guarded(value, context) : value);
    },
    note(mark, value) {
      if (marks === mark && isPendingPromise(value)) {
        foreign.add(value);
      }
      return value;
    },
    joining(list) {
      joinsForeign = elementsOf(list).some((element) => foreign.has(element as object));
      return list;
    },
    joined(promise) {
      if (joinsForeign && isPendingPromise(promise)) {
        foreign.add(promise);
      }
      joinsForeign = false;
      return promise;
    },
    track(cancel) {
      const context = contexts.current;
      return context ? context.track(() => cancel(context.stopped?.reason)) : () => {};
    },
    stop,
    here: () => contexts.current,
    enter,
    resume(here, value) {
      enter(here);
      if (here instanceof CellContext) {
        here.check();
      }
      return Awaited.unwrap(value) as never;
    },
    promise: (known) => (known === Promise ? Stoppable : known),
    iterate(values, name) {
      marks++;
      if (isNotIterable(values)) {
        throw new TypeError(`${name} is not async iterable`);
      }
      const context = contexts.current;
      return context ? iterateStoppably(values, context) : values;
    },
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
