import { sizesOfAll } from "../attention";
import type { SteppedLayers, Stepper } from "../engine";
import { ownAddOn } from "./ownOperations";
import { OwnLstmStepper } from "./ownStepper";
import { OwnTransformerStepper } from "./ownTransformerStepper";
import { isLstmStack, LstmStepper, NativeStepper } from "./stepper";
import { NativeTransformerStepper } from "./transformerStepper";

/** The fastest stepper of some layers: the add-on's, where it is there and knows them, else TensorFlow's. */
export function nativeStepper(layers: SteppedLayers, N: number): Stepper {
  const addOn = ownAddOn();
  if ("blocks" in layers) {
    const sizes = sizesOfAll(layers.blocks);
    return addOn && sizes
      ? new OwnTransformerStepper(addOn, layers, sizes, N)
      : new NativeTransformerStepper(layers, N);
  }
  if (!isLstmStack(layers)) {
    return new NativeStepper(layers, N);
  }
  if (addOn) {
    return new OwnLstmStepper(addOn, layers, N);
  }
  return N === 1 ? new LstmStepper(layers) : new NativeStepper(layers, N);
}
