import { computeAll, zeros } from "./operations";
import {
  recordedInputGradients,
  recordedInputProduct,
  recordedStateGradient,
} from "./ownRecurrence";
import { type Inputs, lastStep, type RecordedSequence, type Sizes } from "./recurrence";
import { reshape } from "./tensors";

/**
 * An LSTM in the recording of a training step, on the library's own operations: one for the sequence, one
 * for the chain rule through it. What does not go step by step is one product each over all T N rows: x W,
 * and the gradients of x, W and U.
 */
export function recordOwnLstm(inputs: Inputs, sizes: Sizes): RecordedSequence {
  const { T, N, H } = sizes;
  const { recurrentKernel, bias } = inputs;
  const [h0, c0] = inputs.initial;
  const width = { M: 4 * H, ...sizes };
  const z = reshape(recordedInputProduct(inputs, sizes), T, N, 4 * H);
  const [h, c, tanhC, gates] = computeAll("KareninaLstm", [z, h0, c0, recurrentKernel, bias], 4);
  return {
    sequence: h,
    final: [lastStep(h, sizes), lastStep(c, sizes)],
    backward({ sequence, final }, wanted) {
      if (wanted.initial || final[1] !== undefined) {
        throw new Error("A recorded LSTM knows no gradient by its first state, nor by its last c.");
      }
      const above = [sequence ?? zeros(0, N, H), final[0] ?? zeros(0, H)];
      const given = [c0, recurrentKernel, c, tanhC, gates, ...above];
      const [dz, byBias] = computeAll("KareninaLstmGrad", given, 2);
      return {
        ...recordedInputGradients(dz, inputs, width, wanted.x),
        recurrentKernel: recordedStateGradient(dz, inputs, h, width),
        bias: byBias,
      };
    },
  };
}
