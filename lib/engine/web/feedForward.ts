import { maskRate } from "../dropoutMask";
import type { LayerDescription } from "../engine";
import { activationNumber } from "../kernelNumbers";
import { sizeOf } from "../wholeSteps";
import { addInputGradient, addKernelGradient } from "./products";
import { bitsOf, type Program } from "./program";
import type { LayerInputs, LayerProgram, Values } from "./signals";

// Dense layers and dropout in the program of a training step.

type Of<Kind extends LayerDescription["kind"]> = Extract<LayerDescription, { kind: Kind }>;

/** A layer that gives numbers. */
type Computed = LayerProgram & { output: Values };

export function addDropout(
  program: Program,
  { rate }: Pick<Of<"dropout">, "rate">,
  x: Values,
  { seeds: [seed] }: Pick<LayerInputs, "seeds">,
): Computed {
  if (rate === 0) {
    return { output: x, backward: (gradient) => gradient };
  }
  const size = sizeOf(x.leading) * x.D;
  const [mask, at] = [program.place(size), program.place(size)];
  const { dropped, scale } = maskRate(rate);
  program.add("dropout", size, dropped, bitsOf(scale), seed[0], seed[1], x.at, mask, at);
  return {
    output: { ...x, at },
    backward(gradient) {
      program.add("multiply", size, gradient, mask);
      return gradient;
    },
  };
}

export function addDense(
  program: Program,
  { units: M, activation }: Pick<Of<"dense">, "units" | "activation">,
  { at: x, leading, D }: Values,
  { weights: [kernel, bias] }: Pick<LayerInputs, "weights">,
): Computed {
  const rows = sizeOf(leading);
  const y = program.place(rows * M);
  const which = activationNumber(activation);
  program.needScratch(program.module.productScratch(rows, M, D));
  program.add("dense", rows, M, D, x, kernel.value, bias?.value ?? 0, which, y);
  return {
    output: { kind: "values", at: y, leading, D: M },
    backward(gradient, wantsInput) {
      if (activation !== "linear") {
        program.add("activationSlope", which, rows * M, y, gradient);
      }
      return program.together(() => {
        addKernelGradient(program, { x, rows, D }, { slopes: gradient, width: M }, kernel.gradient);
        if (bias) {
          program.add("sumRows", gradient, rows, M, bias.gradient);
        }
        return wantsInput
          ? addInputGradient(program, { slopes: gradient, rows, width: M }, kernel.value, D)
          : undefined;
      });
    },
  };
}
