import type { Engine } from "../engine";
import { plainEngine } from "../plain/engine";
import { tf } from "../tensorflow";
import type { WebModule } from "./module";
import { WebSlots } from "./slots";
import { webSteps } from "./step";
import { isKnownStack, WebStepper } from "./stepper";

/** Whether a page has put tensors where the module would have to fetch them from, WebGL or WebGPU. */
const onGraphics = () => tf.getBackend().startsWith("webg");

/** The engine on the library's own WebAssembly module, which leaves to the plain one what that cannot do. */
export function webEngine(module: WebModule): Engine {
  return {
    ...plainEngine,
    name: "web",
    recordSteps: (model, variables, loss) =>
      onGraphics() ? undefined : webSteps(module, model, variables, loss),
    slots: (rule, variables, initial) =>
      onGraphics()
        ? plainEngine.slots(rule, variables, initial)
        : new WebSlots(module, rule, variables, initial),
    stepper: (layers, N) =>
      !onGraphics() && isKnownStack(layers)
        ? new WebStepper(module, layers, N)
        : plainEngine.stepper(layers, N),
  };
}
