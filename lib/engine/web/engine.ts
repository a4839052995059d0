import type { Engine } from "../engine";
import { plainEngine } from "../plain/engine";
import type { WebModule } from "./module";
import { WebSlots } from "./slots";
import { webSteps } from "./step";

/** The engine on the library's own WebAssembly module, which leaves to the plain one what that cannot do. */
export function webEngine(module: WebModule): Engine {
  return {
    ...plainEngine,
    name: "web",
    recordSteps: (model, variables, loss) => webSteps(module, model, variables, loss),
    slots: (rule, variables, initial) => new WebSlots(module, rule, variables, initial),
  };
}
