import { syncBuiltinESMExports } from "node:module";
import timers from "node:timers";
import { promisify } from "node:util";
import type { Contexts } from "./contexts";

type Callback = (...parameters: unknown[]) => unknown;

const raw = {
  setTimeout: timers.setTimeout,
  setInterval: timers.setInterval,
  setImmediate: timers.setImmediate,
  clearTimeout: timers.clearTimeout,
  clearInterval: timers.clearInterval,
};

const settled = Promise.resolve();

/**
 * Runs a function as the continuation of a promise. Unlike the callbacks of timers and of
 * queueMicrotask, for which Node keeps a stack of asynchronous contexts, it can be terminated
 * without harm. What it throws is an unhandled rejection.
 */
function asMicrotask(callback: () => unknown): void {
  void settled.then(() => {
    callback();
  });
}

/** Runs a function in the event loop's next turn, on nobody's account. */
export function nextTurn(callback: () => void): void {
  raw.setImmediate(callback);
}

/** Runs a function later, on nobody's account and only if the process lives that long. */
export function afterSeconds(seconds: number, callback: () => void): void {
  raw.setTimeout(callback, seconds * 1000).unref();
}

/**
 * Has timers remember the cell that set them: what their callbacks print is that cell's output,
 * and they end with it when it is stopped.
 *
 * Callbacks run as microtasks of the timer, where they can be terminated.
 */
export function installTimers(contexts: Contexts): void {
  const cancels = new WeakMap<object, () => void>();

  function wrap<Timer extends object>(
    start: (callback: () => void, delay?: number) => Timer,
    cancel: (timer: Timer) => void,
    { repeats, cancelled }: { repeats: boolean; cancelled: boolean },
  ) {
    return (callback: Callback, delay?: number, ...parameters: unknown[]): Timer => {
      if (typeof callback !== "function") {
        // Node's own message says what is wrong.
        return start(callback, delay);
      }
      const context = contexts.current;
      if (cancelled) {
        context?.check();
      }
      const timer: Timer = start(() => {
        if (!repeats) {
          cancels.get(timer)?.();
        }
        if (context) {
          contexts.enter(context);
        }
        asMicrotask(() => callback.apply(timer, parameters));
      }, delay);
      if (context) {
        const forget = context.track(() => cancelled && cancel(timer));
        cancels.set(timer, forget);
      }
      return timer;
    };
  }

  const forgetting =
    <Timer>(clear: (timer?: Timer) => void) =>
    (timer?: Timer) => {
      if (typeof timer === "object" && timer !== null) {
        cancels.get(timer)?.();
      }
      clear(timer);
    };

  const once = { repeats: false, cancelled: true };
  const replacements = {
    setTimeout: wrap(raw.setTimeout as never, raw.clearTimeout as never, once),
    setInterval: wrap(raw.setInterval as never, raw.clearInterval as never, {
      repeats: true,
      cancelled: true,
    }),
    // An immediate comes anyway. Libraries wait for one to let the event loop turn; when a stopped
    // cell asks for the next it gets an error, which ends them in good order.
    setImmediate: wrap(
      ((callback: () => void, _delay: unknown) => raw.setImmediate(callback)) as never,
      (() => {}) as never,
      { repeats: false, cancelled: false },
    ),
    clearTimeout: forgetting(raw.clearTimeout as never),
    clearInterval: forgetting(raw.clearInterval as never),
  };
  const setImmediate = (callback: Callback, ...parameters: unknown[]) => {
    contexts.current?.check();
    return replacements.setImmediate(callback, undefined, ...parameters);
  };
  const all = { ...replacements, setImmediate };
  for (const name of ["setTimeout", "setImmediate"] as const) {
    Object.defineProperty(all[name], promisify.custom, {
      value: (raw[name] as unknown as Record<symbol, unknown>)[promisify.custom],
    });
  }
  // Node itself calls the module's function when it handles an exception: it must not throw.
  const quiet = (callback: Callback, ...parameters: unknown[]) =>
    replacements.setImmediate(callback, undefined, ...parameters);
  Object.assign(timers, { ...all, setImmediate: quiet });
  Object.assign(globalThis, all);
  syncBuiltinESMExports();

  globalThis.queueMicrotask = (callback) => {
    const context = contexts.current;
    asMicrotask(() => {
      if (context) {
        contexts.enter(context);
      }
      callback();
    });
  };
}
