import type { Contexts } from "../../process/contexts";
import timers, { Timeout } from "../web/timers";

type Callback = (...parameters: unknown[]) => unknown;

/**
 * Has timers remember the cell that set them: what their callbacks print is that cell's output, and
 * they end with it when it is stopped. They are Node's, as far as cells can see: objects.
 */
export function installTimers(contexts: Contexts): void {
  const forget = new WeakMap<object, () => void>();

  const tracked =
    (start: (callback: Callback, delay?: number) => Timeout, repeats: boolean) =>
    (callback: Callback, delay?: number, ...parameters: unknown[]) => {
      if (typeof callback !== "function") {
        throw new TypeError('The "callback" argument must be of type function.');
      }
      const context = contexts.current;
      context?.check();
      const timeout = start(() => {
        if (!repeats) {
          forget.get(timeout)?.();
        }
        if (context) {
          contexts.enter(context);
        }
        callback(...parameters);
      }, delay);
      if (context) {
        forget.set(
          timeout,
          context.track(() => timeout.close()),
        );
      }
      return timeout;
    };

  const forgetting = (timeout: unknown) => {
    if (timeout instanceof Timeout) {
      forget.get(timeout)?.();
    }
    timers.clearTimeout(timeout);
  };

  const setImmediate = (callback: Callback, ...parameters: unknown[]) => {
    const context = contexts.current;
    context?.check();
    return timers.setImmediate(() => {
      if (context) {
        contexts.enter(context);
      }
      callback(...parameters);
    });
  };

  Object.assign(globalThis, {
    setTimeout: tracked(timers.setTimeout, false),
    setInterval: tracked(timers.setInterval, true),
    setImmediate,
    clearTimeout: forgetting,
    clearInterval: forgetting,
    clearImmediate: timers.clearImmediate,
  });
}
