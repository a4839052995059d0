import timers from "node:timers";

/** Node's own, whatever stands in their places later (see timers.ts). */
export const raw = {
  setTimeout: timers.setTimeout,
  setInterval: timers.setInterval,
  setImmediate: timers.setImmediate,
  clearTimeout: timers.clearTimeout,
  clearInterval: timers.clearInterval,
  clearImmediate: timers.clearImmediate,
  queueMicrotask: globalThis.queueMicrotask,
};

/** Runs a function in the event loop's next turn, on nobody's account. */
export function nextTurn(callback: () => void): void {
  raw.setImmediate(callback);
}

/** Runs a function later, on nobody's account and only if the process lives that long. */
export function afterSeconds(seconds: number, callback: () => void): void {
  raw.setTimeout(callback, seconds * 1000).unref();
}
