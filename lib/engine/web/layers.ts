import type { LayerDescription } from "../engine";
import { sizeOf } from "../wholeSteps";
import { addDense, addDropout } from "./feedForward";
import type { Program } from "./program";
import { addRecurrent } from "./recurrent";
import type { LayerInputs, LayerProgram, Signal, Values } from "./signals";
import { addNorm, addTransformerBlock } from "./transformerBlock";

// How each kind of layer takes part in the program of a training step. As in native/recordedLayers.ts time
// comes first everywhere, so that one step of time is one block of memory. Numbers are known by their places.

type Of<Kind extends LayerDescription["kind"]> = Extract<LayerDescription, { kind: Kind }>;

/** Adds a layer to a program, with an input that it can read. */
export function addLayer(
  program: Program,
  layer: LayerDescription,
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
    case "positions":
      return addPositions(program, layer, input as Values, read);
    case "layerNorm":
      return addNorm(program, input as Values, read);
    case "transformerBlock":
      return addTransformerBlock(program, layer, input as Values, read);
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

/** Step t of each sequence gets row t of the table. */
function addPositions(
  program: Program,
  { contextLength: C }: Of<"positions">,
  x: Values,
  { weights: [table] }: LayerInputs,
): LayerProgram {
  const { leading, D } = x;
  const [T, N] = leading;
  const places = program.ints(T * N, (into) => {
    for (let t = 0; t < T; t++) {
      into.fill(t, t * N, (t + 1) * N);
    }
  });
  const at = program.place(T * N * D);
  program.add("lookUp", table.value, places, T * N, D, at);
  program.add("add", T * N * D, at, x.at);
  return {
    output: { ...x, at },
    backward(gradient) {
      program.add("sumByIndex", gradient, places, T * N, D, C, table.gradient);
      return gradient;
    },
  };
}
