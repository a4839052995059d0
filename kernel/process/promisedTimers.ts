import timersPromises from "node:timers/promises";

type Callback = (...parameters: unknown[]) => unknown;

/**
 * Replaces, and returns, the timers of node:timers/promises that give one promise. Node's own would settle before the
 * callbacks of timers that came due earlier have run.
 */
export function promisedTimers(timed: {
  setTimeout: (callback: Callback, delay?: number, ...parameters: unknown[]) => NodeJS.Timeout;
  setImmediate: (callback: Callback, ...parameters: unknown[]) => NodeJS.Immediate;
  clearTimeout: (timer: unknown) => void;
  clearImmediate: (timer: unknown) => void;
}) {
  type Options = { signal?: AbortSignal; ref?: boolean };
  const native = {
    setTimeout: timersPromises.setTimeout,
    setImmediate: timersPromises.setImmediate,
  };

  function settled<T>(
    start: (resolve: () => void) => NodeJS.Timeout | NodeJS.Immediate,
    clear: (timer: unknown) => void,
    value: T,
    { signal, ref }: Options,
    aborted: () => Promise<unknown>,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      const abort = () => {
        clear(timer);
        aborted().catch(reject);
      };
      const timer = start(() => {
        signal?.removeEventListener("abort", abort);
        resolve(value);
      });
      if (ref === false) {
        timer.unref();
      }
      signal?.addEventListener("abort", abort, { once: true });
    });
  }

  /** Are these options for Node to judge, or to answer at once? */
  const special = (options: unknown, delay?: unknown): boolean => {
    if (delay !== undefined && typeof delay !== "number") {
      return true;
    }
    if (options === null || typeof options !== "object") {
      return options !== undefined;
    }
    const { signal, ref } = options as Options;
    return (
      (signal !== undefined && (!(signal instanceof AbortSignal) || signal.aborted)) ||
      (ref !== undefined && typeof ref !== "boolean")
    );
  };

  const promised = {
    setTimeout<T>(delay?: number, value?: T, options?: Options) {
      return special(options, delay)
        ? native.setTimeout(delay, value, options)
        : settled(
            (resolve) => timed.setTimeout(resolve, delay),
            timed.clearTimeout,
            value,
            options ?? {},
            () => native.setTimeout(0, undefined, { signal: options?.signal }),
          );
    },
    setImmediate<T>(value?: T, options?: Options) {
      return special(options)
        ? native.setImmediate(value, options)
        : settled(timed.setImmediate, timed.clearImmediate, value, options ?? {}, () =>
            native.setImmediate(undefined, { signal: options?.signal }),
          );
    },
  };
  Object.assign(timersPromises, promised);
  return promised;
}
