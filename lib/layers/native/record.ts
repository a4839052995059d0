import { reshape } from "../../backend/nativeMatrices";
import { zeros } from "../../backend/nativeOperations";
import { oneHotOf } from "../oneHot";
import type { LayerRecord, RecordingInputs, Signal } from "../recording";
import type { Inputs, NativeRecurrence } from "./recurrence";

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
  const { final, saved } = native.forward(inputs, sizes);
  return {
    output: returnSequences
      ? { kind: "values", handle: saved[0], leading: [T, N], D: H }
      : { kind: "values", handle: reshape(final[0], N, H), leading: [N], D: H },
    states: states.length > 0 ? final : undefined,
    backward(gradient, wantsInput) {
      const none = new Array(native.stateCount).fill(undefined);
      const results = native.backward(
        inputs,
        saved,
        returnSequences
          ? { sequence: gradient, final: none }
          : { final: [gradient, ...none.slice(1)] },
        sizes,
        { x: wantsInput && !oneHot, initial: false },
      );
      const ofWeights = [results.kernel, results.recurrentKernel];
      return { input: results.x, weights: useBias ? [...ofWeights, results.bias] : ofWeights };
    },
  };
}
