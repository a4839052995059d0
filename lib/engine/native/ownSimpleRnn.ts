import { compute, computeAll, zeros } from "./operations";
import {
  recordedInputGradients,
  recordedInputProduct,
  recordedStateGradient,
} from "./ownRecurrence";
import { type Inputs, lastStep, type RecordedSequence, type Sizes } from "./recurrence";
import { reshape } from "./tensors";

/** A simple recurrent layer in the recording of a training step, as {@link recordOwnLstm} does an LSTM. */
export function recordOwnSimpleRnn(inputs: Inputs, sizes: Sizes): RecordedSequence {
  const { T, N, H } = sizes;
  const { recurrentKernel, bias } = inputs;
  const width = { M: H, ...sizes };
  const z = reshape(recordedInputProduct(inputs, sizes), T, N, H);
  const h = compute("KareninaSimpleRnn", [z, inputs.initial[0], recurrentKernel, bias]);
  return {
    sequence: h,
    final: [lastStep(h, sizes)],
    backward({ sequence, final }, wanted) {
      if (wanted.initial) {
        throw new Error("A recorded simple recurrent layer knows no gradient by its first state.");
      }
      const above = [sequence ?? zeros(0, N, H), final[0] ?? zeros(0, H)];
      const [dz, byBias] = computeAll("KareninaSimpleRnnGrad", [recurrentKernel, h, ...above], 2);
      return {
        ...recordedInputGradients(dz, inputs, width, wanted.x),
        recurrentKernel: recordedStateGradient(dz, inputs, h, width),
        bias: byBias,
      };
    },
  };
}
