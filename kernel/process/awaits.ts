import { types } from "node:util";
import type { CellContext } from "./contexts";

const NativePromise = Promise;
const { then } = NativePromise.prototype;

/**
 * Stands for an object that is no promise while it is awaited. `await` does with it what it would
 * do with the object, turn for turn: it reads `then`, once, and where that is a function calls it a
 * turn later. Only the functions that it hands over are known to the cell, which can so be stopped.
 */
export class Awaited {
  /** What is to be awaited in place of a value. */
  static of(value: object, context: CellContext): unknown {
    return types.isPromise(value) ? value : new Awaited(value, context);
  }

  /** What an await gave, where it stood for something. Looks at nothing that code could notice. */
  static unwrap(result: unknown): unknown {
    return typeof result === "object" && result !== null && #value in result
      ? (result as Awaited).#value
      : result;
  }

  readonly #value: object;
  readonly #context: CellContext;

  private constructor(value: object, context: CellContext) {
    this.#value = value;
    this.#context = context;
  }

  // biome-ignore lint/suspicious/noThenProperty: to be awaited is what it is for
  get then(): unknown {
    const value = this.#value;
    const context = this.#context;
    const method = (value as { then?: unknown }).then;
    if (typeof method !== "function") {
      return method;
    }
    return (resolve: (value: unknown) => void, reject: (reason: unknown) => void) => {
      const waiting = context.track(() => reject(context.stopped?.reason));
      const forgetting = (settle: (result: unknown) => void) => (result: unknown) => {
        waiting();
        settle(result);
      };
      return Reflect.apply(method, value, [forgetting(resolve), forgetting(reject)]);
    };
  }
}

/**
 * A promise like the given one, one turn later, that Stop rejects. The two are linked by the
 * functions of the language itself, so V8 can follow them and write `at async` lines.
 */
export function guarded(promise: Promise<unknown>, context: CellContext): Promise<unknown> {
  let rejectIt: (reason: unknown) => void = () => {};
  const guard = new NativePromise<unknown>((resolve, reject) => {
    rejectIt = reject;
    Reflect.apply(then, promise, [resolve, reject]);
  });
  context.promises.add(guard, rejectIt);
  return guard;
}

/**
 * What `new Promise(f)` constructs in instrumented code: the same, but that the cell knows how to
 * reject it.
 */
export function stoppablePromise(current: () => CellContext | undefined): unknown {
  return function StoppablePromise(executor: unknown): Promise<unknown> {
    const context = current();
    if (!context || typeof executor !== "function") {
      return new NativePromise(executor as never);
    }
    let settled = false;
    let forget = () => {
      settled = true;
    };
    let rejectIt: (reason: unknown) => void = () => {};
    const promise = new NativePromise<unknown>((resolve, reject) => {
      const forgetting = (settle: (result: unknown) => void) => (result: unknown) => {
        forget();
        settle(result);
      };
      rejectIt = reject;
      try {
        executor(forgetting(resolve), forgetting(reject));
      } catch (error) {
        forget();
        throw error;
      }
    });
    if (!settled) {
      const pending = context.promises.add(promise, rejectIt);
      forget = () => context.promises.delete(pending);
    }
    return promise;
  };
}
