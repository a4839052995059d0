import { oneHotOf } from "../../layers/oneHot";
import type { LayerRecord, RecordingInputs, Signal } from "../../layers/recording";
import { reshape } from "./matrices";
import { zeros } from "./operations";
import type { Inputs, NativeRecurrence, RecordedSequence, Sizes } from "./recurrence";

/** What the recording of a recurrent layer depends on. */
interface RecurrentSettings {
  units: number;
  biasShape: number[];
  useBias: boolean;
  returnSequences: boolean;
}

/** A recurrent layer in the recording of a training step. */
export function recordRecurrent(
  native: NativeRecurrence,
  input: Signal,
  { weights, states }: RecordingInputs,
  { units: H, biasShape, useBias, returnSequences }: RecurrentSettings,
): LayerRecord {
  const [T, N] = input.leading;
  const oneHot = input.kind === "oneHot";
  const D = input.kind === "oneHot" ? input.depth : (input as { D: number }).D;
  const sizes = { N, T, D, H };
  const [kernel, recurrentKernel, bias] = weights;
  const inputs: Inputs = {
    // Of operations that nothing depends on in the end, a graph runs none.
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
