// Apart from the choice, which loads an engine and TensorFlow with it: to register one loads neither.
import type { Engine } from "./engine";

let registered: Engine | (() => Engine | undefined) | undefined;

/**
 * Lets another engine compute from now on, also for models that are there already.
 *
 * @param engine the engine, or what gives it when something is first computed and not before; where that
 *   gives none, or none is registered, the plain one computes
 */
export function registerEngine(engine: Engine | (() => Engine | undefined) | undefined): void {
  registered = engine;
}

/** What was registered last; undefined where that is nothing, or gives nothing. */
export function registeredEngine(): Engine | undefined {
  if (typeof registered === "function") {
    registered = registered();
  }
  return registered;
}
