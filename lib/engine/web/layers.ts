import { maskRate } from "../dropoutMask";
import type { LayerDescription } from "../engine";
import { activationNumber } from "../kernelNumbers";
import { sizeOf } from "../wholeSteps";
import { addInputGradient, addKernelGradient } from "./products";
import { bitsOf, type Program } from "./program";
import { addRecurrent, isKnownCell } from "./recurrent";
import type { LayerInputs, LayerProgram, Signal, Values } from "./signals";

// How each kind of layer takes part in the program of a training step. As in native/recordedLayers.ts time
// comes first everywhere, so that one step of time is one block of memory. Numbers are known by their places.

type Of<Kind extends LayerDescription["kind"]> = Extract<LayerDescription, { kind: Kind }>;

/** The kinds of layers that {@link addLayer} knows. */
type Known = Of<"oneHot"> | Of<"embedding"> | Of<"dropout"> | Of<"dense"> | Of<"recurrent">;

/** Whether a layer can be part of a program. */
export function isKnown(layer: LayerDescription): layer is Known {
  if (layer.kind === "recurrent") {
    return isKnownCell(layer.cell);
  }
  return ["oneHot", "embedding", "dropout", "dense"].includes(layer.kind);
}

/** Adds a layer to a program, with an input that it can read. */
export function addLayer(
  program: Program,
  layer: Known,
  input: Signal,
  read: LayerInputs,
): LayerProgram {
  switch (layer.kind) {
    case "oneHot": {
      const { at, leading } = input;
      return {
        output: { kind: "oneHot", at, leading, depth: layer.depth },
        backward: () => undefined,
      };
    }
    case "embedding":
      return addEmbedding(program, layer, input, read);
    case "dropout":
      return addDropout(program, layer, input as Values, read);
    case "dense":
      return addDense(program, layer, input as Values, read);
    case "recurrent":
      return addRecurrent(program, layer, input, read);
  }
}

function addEmbedding(
  program: Program,
  { inputDim: V, outputDim: D }: Of<"embedding">,
  { at: indices, leading }: Signal,
  { weights: [table] }: LayerInputs,
): LayerProgram {
  const rows = sizeOf(leading);
  const at = program.place(rows * D);
  program.add("lookUp", table.value, indices, rows, D, at);
  return {
    output: { kind: "values", at, leading, D },
    backward(gradient) {
      program.add("sumByIndex", gradient, indices, rows, D, V, table.gradient);
      return undefined;
    },
  };
}

function addDropout(
  program: Program,
  { rate }: Of<"dropout">,
  x: Values,
  { seeds }: LayerInputs,
): LayerProgram {
  if (rate === 0) {
    return { output: x, backward: (gradient) => gradient };
  }
  const size = sizeOf(x.leading) * x.D;
  const [mask, at] = [program.place(size), program.place(size)];
  const { dropped, scale } = maskRate(rate);
  program.add("dropout", size, dropped, bitsOf(scale), seeds[0], seeds[1], x.at, mask, at);
  return {
    output: { ...x, at },
    backward(gradient) {
      program.add("multiply", size, gradient, mask);
      return gradient;
    },
  };
}

function addDense(
  program: Program,
  { units: M, activation }: Of<"dense">,
  { at: x, leading, D }: Values,
  { weights: [kernel, bias] }: LayerInputs,
): LayerProgram {
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
