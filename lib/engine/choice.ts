import type { Engine } from "./engine";
import { plainEngine } from "./plain/engine";
import { registeredEngine } from "./registration";

/** What computes in this process: the engine registered last, the plain one where none was. */
export function engine(): Engine {
  return registeredEngine() ?? plainEngine;
}
