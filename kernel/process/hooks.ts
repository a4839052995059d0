import asyncHooks, { AsyncLocalStorage } from "node:async_hooks";
import { FRAGILE, SHARED } from "../channel";

/**
 * Notes in shared memory when asynchronous hooks come into use. Before version 24, Node aborts when
 * code that runs after an await is terminated while they are; the front then leaves that to the
 * checks in the cells' own loops.
 */
export function watchAsyncHooks(shared: Int32Array): void {
  if (Number(process.versions.node.split(".")[0]) >= 24) {
    return;
  }
  const note = () => Atomics.or(shared, SHARED.fragile, FRAGILE.hooks);
  const { prototype } = AsyncLocalStorage;
  for (const name of ["run", "enterWith"] as const) {
    const method = prototype[name] as (...parameters: unknown[]) => unknown;
    Object.defineProperty(prototype, name, {
      configurable: true,
      writable: true,
      value(this: unknown, ...parameters: unknown[]) {
        note();
        return method.apply(this, parameters);
      },
    });
  }
  const { createHook } = asyncHooks;
  asyncHooks.createHook = (callbacks) => {
    note();
    return createHook(callbacks);
  };
}
