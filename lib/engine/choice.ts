import { host } from "../host/host";
import type { Engine } from "./engine";
import { plainEngine } from "./plain/engine";
import { registeredEngine } from "./registration";
import { nativeBinding } from "./tensorflow";
import { webEngine } from "./web/engine";
import { webModule } from "./web/load";
import { multiplicationsPerSecond } from "./web/speed";

let own: Engine | undefined;

/**
 * What computes in this process: the engine registered last. Where none was and TensorFlow runs on
 * WebAssembly, it is the one with the library's own module; the plain one otherwise, and where WebAssembly has
 * no SIMD.
 */
export function engine(): Engine {
  return registeredEngine() ?? withoutRegistration();
}

function withoutRegistration(): Engine {
  if (own === undefined) {
    const module = nativeBinding() === undefined ? webModule() : undefined;
    own = module ? webEngine(module) : plainEngine;
    if (module) {
      const { instructions } = module;
      const threads = module.threads?.count ?? 1;
      host.backend.onModule?.({
        instructions,
        threads,
        measure: () => multiplicationsPerSecond(module),
      });
    }
  }
  return own;
}
