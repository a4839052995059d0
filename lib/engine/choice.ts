import type { Engine } from "./engine";
import { plainEngine } from "./plain/engine";

let chosen: Engine = plainEngine;

/** What computes in this process: the engine registered last, the plain one where none was. */
export function engine(): Engine {
  return chosen;
}

/** Lets another engine compute from now on, also for models that are there already. */
export function registerEngine(engine: Engine): void {
  chosen = engine;
}
