import { sizesOfAll } from "../attention";
import type { Engine } from "../engine";
import { plainEngine } from "../plain/engine";
import { tf } from "../tensorflow";
import type { WebModule } from "./module";
import { WebSlots } from "./slots";
import { webSteps } from "./step";
import { isKnownStack, WebStepper } from "./stepper";
import { WebTransformerStepper } from "./transformerStepper";

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
    stepper(layers, N) {
      if (onGraphics()) {
        return plainEngine.stepper(layers, N);
      }
      if (isKnownStack(layers)) {
        return new WebStepper(module, layers, N);
      }
      const sizes = "blocks" in layers ? sizesOfAll(layers.blocks) : undefined;
      return "blocks" in layers && sizes
        ? new WebTransformerStepper(module, layers, sizes, N)
        : plainEngine.stepper(layers, N);
    },
  };
}
