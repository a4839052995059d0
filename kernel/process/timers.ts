import { AsyncResource } from "node:async_hooks";
import { syncBuiltinESMExports } from "node:module";
import timers from "node:timers";
import { promisify } from "node:util";
import type { Contexts } from "./contexts";
import { promisedTimers } from "./promisedTimers";
import { raw } from "./rawTimers";
import type { Trampoline } from "./runtime";

type Callback = (...parameters: unknown[]) => unknown;

/** A timer that code has set: what is to be known of it until it has run for the last time. */
interface Known {
  /** Lets go of it. */
  forget: () => void;
  cleared: boolean;
}

/**
 * Has timers remember the cell that set them: what their callbacks print is that cell's output,
 * and they end with it when it is stopped.
 *
 * Callbacks run from the trampoline, where they can be terminated: Node keeps a stack of
 * asynchronous contexts for those that it calls itself. Timers and immediates alike take this way,
 * so the order among them, and among them and ticks and promises, is Node's.
 */
export function installTimers(contexts: Contexts, trampoline: Trampoline): void {
  const known = new WeakMap<object, Known>();
  /** Node takes a timeout's number for it. */
  const numbered = new Map<string, WeakRef<NodeJS.Timeout>>();
  const numbers = new FinalizationRegistry<string>((number) => numbered.delete(number));

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
      const entry: Known = { forget: () => {}, cleared: false };
      const timer: Timer = start(() => {
        // What AsyncLocalStorage holds here is to hold in the callback.
        const scope = trampoline.hooked ? new AsyncResource("Timer") : undefined;
        trampoline.run(() => {
          // It may have been cleared by the callback of another that came due with it.
          if (entry.cleared) {
            return;
          }
          if (!repeats) {
            entry.forget();
          }
          if (context) {
            contexts.enter(context);
          }
          asNodeCalls(timer, callback, repeats, () => {
            if (scope) {
              scope.runInAsyncScope(callback, timer, ...parameters);
            } else {
              callback.apply(timer, parameters);
            }
          });
        });
      }, delay);
      known.set(timer, entry);
      if (context) {
        entry.forget = context.track(() => {
          if (cancelled) {
            entry.cleared = true;
            cancel(timer);
          }
        });
      }
      return timer;
    };
  }

  const forgetting =
    <Timer>(clear: (timer?: Timer) => void) =>
    (timer?: Timer) => {
      const held =
        typeof timer === "number" || typeof timer === "string"
          ? numbered.get(String(timer))?.deref()
          : timer;
      const entry = typeof held === "object" && held !== null ? known.get(held) : undefined;
      if (entry) {
        entry.cleared = true;
        entry.forget();
      }
      clear(timer);
      if (held !== undefined && held === running) {
        // Node's own is in no list while its callback runs, and is left with this.
        (held as { _onTimeout?: unknown })._onTimeout = null;
      }
    };

  /** A timeout that is asked for its number is found by it from then on. */
  const { prototype } = raw.setTimeout(() => {}, 0).unref().constructor as {
    prototype: NodeJS.Timeout;
  };
  const toPrimitive = prototype[Symbol.toPrimitive];
  prototype[Symbol.toPrimitive] = function (this: NodeJS.Timeout) {
    const number = Reflect.apply(toPrimitive, this, []);
    if (!numbered.has(String(number))) {
      numbered.set(String(number), new WeakRef(this));
      numbers.register(this, String(number));
    }
    return number;
  };

  installRefresh(prototype);

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
    clearImmediate: forgetting(raw.clearImmediate as never),
  };
  const setImmediate = (callback: Callback, ...parameters: unknown[]) => {
    contexts.current?.check();
    return replacements.setImmediate(callback, undefined, ...parameters);
  };
  const all = { ...replacements, setImmediate };
  const promised = promisedTimers(all as never);
  for (const name of ["setTimeout", "setImmediate"] as const) {
    Object.defineProperty(all[name], promisify.custom, { value: promised[name] });
  }
  for (const [name, value] of Object.entries(all)) {
    Object.defineProperty(value, "name", { value: name });
  }
  // Node itself calls the module's function when it handles an exception: it must not throw.
  const quiet = (callback: Callback, ...parameters: unknown[]) =>
    replacements.setImmediate(callback, undefined, ...parameters);
  Object.assign(timers, { ...all, setImmediate: quiet });
  Object.assign(globalThis, all);
  syncBuiltinESMExports();
  installQueueMicrotask(contexts);
}

/** The timer whose callback runs. */
let running: object | undefined;

/** What Node is to call of timers that hold their callback in its place. */
const called = new WeakMap<object, unknown>();

/**
 * Calls a timer's callback while the timer has it where Node has it: V8 names functions on a stack
 * by the property of their receiver that holds them, as in `Timeout.<anonymous> [as _onTimeout]`,
 * and does so when the stack is first read. So one that does not repeat keeps it there, as in Node.
 */
function asNodeCalls(timer: object, callback: Callback, repeats: boolean, call: () => void): void {
  const holder = timer as Record<string, unknown>;
  const property = "_onImmediate" in timer ? "_onImmediate" : "_onTimeout";
  called.set(timer, holder[property]);
  holder[property] = callback;
  const outer = running;
  running = property === "_onTimeout" ? timer : undefined;
  try {
    call();
  } catch (error) {
    void (repeats && error instanceof Error && error.stack);
    throw error;
  } finally {
    running = outer;
    if (property === "_onImmediate") {
      // Node lets go of it before anybody reads the stack of what it has thrown.
      holder[property] = null;
    } else if (repeats && holder[property] === callback) {
      // One that its callback has cleared holds nothing any more, and is to hold nothing.
      holder[property] = called.get(timer);
    }
  }
}

/** A timer that has run may be started once more: then it is we who are called. */
function installRefresh(prototype: NodeJS.Timeout): void {
  const { refresh } = prototype;
  prototype.refresh = function (this: NodeJS.Timeout) {
    const holder = this as { _onTimeout: unknown };
    if (called.has(this) && typeof holder._onTimeout === "function") {
      holder._onTimeout = called.get(this);
    }
    return refresh.call(this);
  };
}

/**
 * Runs microtasks as continuations of a promise. Unlike those of Node, which keeps a stack of
 * asynchronous contexts for them, they can be terminated without harm. What they throw is an
 * unhandled rejection.
 */
function installQueueMicrotask(contexts: Contexts): void {
  const settled = Promise.resolve();
  globalThis.queueMicrotask = function queueMicrotask(callback) {
    if (typeof callback !== "function") {
      // Node's own message says what is wrong.
      raw.queueMicrotask(callback);
    }
    const context = contexts.current;
    void settled.then(() => {
      if (context) {
        contexts.enter(context);
      }
      callback();
    });
  };
}
