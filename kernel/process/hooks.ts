import asyncHooks, { AsyncLocalStorage, AsyncResource } from "node:async_hooks";
import { FRAGILE, PHASE, SHARED } from "../channel";

/**
 * Notes in shared memory when asynchronous hooks come into use, and when code runs within an
 * AsyncResource. Node may abort when code is terminated then; the front leaves that to the checks in
 * the cells' own loops.
 */
export function watchAsyncHooks(shared: Int32Array): void {
  watchScopes(shared);
  const note = (what: number) => Atomics.or(shared, SHARED.fragile, what);
  const { prototype } = AsyncLocalStorage;
  for (const name of ["run", "enterWith"] as const) {
    const method = prototype[name] as (...parameters: unknown[]) => unknown;
    Object.defineProperty(prototype, name, {
      configurable: true,
      writable: true,
      value(this: unknown, ...parameters: unknown[]) {
        note(FRAGILE.storage);
        return method.apply(this, parameters);
      },
    });
  }
  const { createHook } = asyncHooks;
  asyncHooks.createHook = (callbacks) => {
    note(FRAGILE.hooks);
    return createHook(callbacks);
  };
}

function watchScopes(shared: Int32Array): void {
  const { prototype } = AsyncResource;
  const method = prototype.runInAsyncScope as (...parameters: unknown[]) => unknown;
  Object.defineProperty(prototype, "runInAsyncScope", {
    configurable: true,
    writable: true,
    value(this: unknown, ...parameters: unknown[]) {
      const outside = Atomics.exchange(shared, SHARED.phase, PHASE.scope);
      try {
        return method.apply(this, parameters);
      } finally {
        Atomics.store(shared, SHARED.phase, outside);
      }
    },
  });
}
