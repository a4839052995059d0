import type { LayerDescription } from "../engine";
import { sizeOf } from "../wholeSteps";
import { compute, type Handle, int, ints, zeros } from "./operations";
import { recordDenseOf } from "./recordedDense";
import type { Inputs, NativeRecurrence, RecordedSequence, Sizes } from "./recurrence";
import { nativeRecurrences } from "./sequence";
import { add, concat, multiply, oneHotOf, reshape, slice } from "./tensors";
import { recordBlock, recordNorm } from "./transformerBlock";
import type { WeightGradient } from "./weightGradients";

// How each kind of layer takes part in the recording of a whole training step as one graph. Time comes
// first everywhere in it, so that one step of time is one contiguous block of memory. A graph frees its
// tensors itself, so nothing is released here, and of operations that nothing depends on it runs none.

/** What passes from one layer to the next. Its leading dimensions are [T, N], or [N] without time. */
export type Signal =
  /** int32 in one row, [T N] or [N] */
  | { kind: "indices"; handle: Handle; leading: number[] }
  /** One-hot vectors by their indices; whoever multiplies with them looks rows up instead. */
  | { kind: "oneHot"; handle: Handle; leading: number[]; depth: number }
  | Values;

/** float32 [..., D] */
export interface Values {
  kind: "values";
  handle: Handle;
  leading: number[];
  D: number;
}

/** What a layer reads besides its input. */
export interface RecordingInputs {
  /** Its trainable weights, in the layer's order. */
  weights: Handle[];
  /** The state it begins with, each [N, H], where the layer is stateful. */
  states: Handle[];
  /** The next dropout mask, of what a part of the batch has: [T, N, D] or [N, D]. */
  mask: (shape: number[], rate: number) => Handle;
}

/** A recorded layer: its output, and the chain rule through it. */
export interface LayerRecord {
  output: Signal;
  /** The state after the last step, each [N, H], where the layer is stateful. */
  states?: Handle[];
  /**
   * From the gradient by the output to those by the weights, in the layer's order, and by the input
   * where that is wanted.
   */
  backward(gradient: Handle, wantsInput: boolean): { input?: Handle; weights: WeightGradient[] };
}

type Of<Kind extends LayerDescription["kind"]> = Extract<LayerDescription, { kind: Kind }>;

/** Records a layer, with an input that it can read. */
export function recordLayer(
  layer: LayerDescription,
  input: Signal,
  read: RecordingInputs,
): LayerRecord {
  switch (layer.kind) {
    case "oneHot": {
      const { handle, leading } = input;
      return {
        output: { kind: "oneHot", handle, leading, depth: layer.depth },
        backward: () => ({ weights: [] }),
      };
    }
    case "embedding":
      return recordEmbedding(layer, input, read);
    case "dropout":
      return recordDropout(layer, input as Values, read);
    case "dense":
      return recordDense(layer, input as Values, read);
    case "recurrent":
      return recordRecurrent(layer, input, read);
    case "positions":
      return recordPositions(layer, input as Values, read);
    case "layerNorm":
      return recordLayerNorm(input as Values, read);
    case "transformerBlock":
      return recordTransformerBlock(layer, input as Values, read);
  }
}

function recordEmbedding(
  { inputDim: V, outputDim: D }: Of<"embedding">,
  { handle, leading }: Signal,
  { weights: [table] }: RecordingInputs,
): LayerRecord {
  const rows = sizeOf(leading);
  const found = compute("GatherV2", [table, handle, int(0)]);
  return {
    output: { kind: "values", handle: reshape(found, ...leading, D), leading, D },
    backward: (gradient) => ({
      weights: [compute("UnsortedSegmentSum", [reshape(gradient, rows, D), handle, int(V)])],
    }),
  };
}

function recordDropout(
  { rate }: Of<"dropout">,
  x: Values,
  { mask: nextMask }: RecordingInputs,
): LayerRecord {
  if (rate === 0) {
    return { output: x, backward: (gradient) => ({ input: gradient, weights: [] }) };
  }
  const mask = nextMask([...x.leading, x.D], rate);
  return {
    output: { ...x, handle: multiply(x.handle, mask) },
    backward: (gradient) => ({ input: multiply(gradient, mask), weights: [] }),
  };
}

function recordPositions(
  { contextLength: C }: Of<"positions">,
  x: Values,
  { weights: [table] }: RecordingInputs,
): LayerRecord {
  const [T] = x.leading;
  const { D } = x;
  const rows = T === C ? table : slice(table, [0, 0], [T, D]);
  return {
    output: { ...x, handle: add(x.handle, reshape(rows, T, 1, D)) },
    backward(gradient) {
      const byRows = compute("Sum", [gradient, ints(1)]);
      const byTable = T === C ? byRows : concat([byRows, zeros(C - T, D)], 0);
      return { input: gradient, weights: [byTable] };
    },
  };
}

function recordLayerNorm(x: Values, { weights: [gain, bias] }: RecordingInputs): LayerRecord {
  const rows = sizeOf(x.leading);
  const { value, backward } = recordNorm(reshape(x.handle, rows, x.D), gain, bias);
  return {
    output: { ...x, handle: reshape(value, ...x.leading, x.D) },
    backward(gradient) {
      const by = backward(reshape(gradient, rows, x.D));
      return { input: reshape(by.x, ...x.leading, x.D), weights: [by.gain, by.bias] };
    },
  };
}

function recordTransformerBlock(
  { dropout: rate, ...sizes }: Of<"transformerBlock">,
  x: Values,
  { weights, mask: nextMask }: RecordingInputs,
): LayerRecord {
  const [T, N] = x.leading;
  const { D } = x;
  const drop = (value: Handle) => {
    const mask = reshape(nextMask([T, N, D], rate), T * N, D);
    return { value: multiply(value, mask), backward: (dy: Handle) => multiply(dy, mask) };
  };
  const block = recordBlock(
    reshape(x.handle, T * N, D),
    weights,
    sizes,
    { N, T, D },
    rate > 0 ? { drop } : {},
  );
  return {
    output: { ...x, handle: reshape(block.output, T, N, D) },
    backward(gradient) {
      const { input, weights } = block.backward(reshape(gradient, T * N, D));
      return { input: reshape(input, T, N, D), weights };
    },
  };
}

function recordDense(
  { units: M, activation }: Of<"dense">,
  { handle, leading, D }: Values,
  { weights: [kernel, bias] }: RecordingInputs,
): LayerRecord {
  const rows = sizeOf(leading);
  const flat = (values: Handle, width: number) =>
    leading.length === 1 ? values : reshape(values, rows, width);
  const unflat = (values: Handle, width: number) =>
    leading.length === 1 ? values : reshape(values, ...leading, width);
  const x = flat(handle, D);
  const { value, backward } = recordDenseOf(x, kernel, bias, { rows, D, M, activation });
  return {
    output: { kind: "values", handle: unflat(value, M), leading, D: M },
    backward(gradient, wantsInput) {
      const results = backward(flat(gradient, M), wantsInput);
      return {
        input: results.x === undefined ? undefined : unflat(results.x, D),
        weights: bias === undefined ? [results.kernel] : [results.kernel, results.bias],
      };
    },
  };
}

function recordRecurrent(
  { cell, units: H, biasShape, useBias, returnSequences }: Of<"recurrent">,
  input: Signal,
  { weights: [kernel, recurrentKernel, bias], states }: RecordingInputs,
): LayerRecord {
  const native = nativeRecurrences[cell];
  const [T, N] = input.leading;
  const oneHot = input.kind === "oneHot";
  const D = oneHot ? input.depth : (input as Values).D;
  const sizes = { N, T, D, H };
  const inputs: Inputs = {
    x: oneHot ? reshape(oneHotOf(input.handle, D), T, N, D) : input.handle,
    indices: oneHot ? input.handle : undefined,
    initial: states.length > 0 ? states : new Array(native.stateCount).fill(zeros(N, H)),
    kernel,
    recurrentKernel,
    bias: useBias ? bias : zeros(...biasShape),
  };
  const { sequence, final, backward } =
    native.record?.(inputs, sizes) ?? recordFused(native, inputs, sizes);
  return {
    output: returnSequences
      ? { kind: "values", handle: sequence, leading: [T, N], D: H }
      : { kind: "values", handle: reshape(final[0], N, H), leading: [N], D: H },
    states: states.length > 0 ? final : undefined,
    backward(gradient, wantsInput) {
      const none = new Array(native.stateCount).fill(undefined);
      const results = backward(
        returnSequences
          ? { sequence: gradient, final: none }
          : { final: [gradient, ...none.slice(1)] },
        { x: wantsInput && !oneHot, initial: false },
      );
      const ofWeights = [results.kernel, results.recurrentKernel];
      return { input: results.x, weights: useBias ? [...ofWeights, results.bias] : ofWeights };
    },
  };
}

function recordFused(native: NativeRecurrence, inputs: Inputs, sizes: Sizes): RecordedSequence {
  const { final, saved } = native.forward(inputs, sizes);
  return {
    sequence: saved[0],
    final,
    backward: (gradients, wanted) => native.backward(inputs, saved, gradients, sizes, wanted),
  };
}
