import { computeAll, type Handle, intAttribute, zeros } from "./operations";
import {
  recordedInputGradients,
  recordedInputProduct,
  recordedStateGradient,
} from "./ownRecurrence";
import {
  type Inputs,
  lastStep,
  type RecordedSequence,
  type Sizes,
  statesBefore,
} from "./recurrence";
import { concat, matMulTransposeA, reshape, slice } from "./tensors";

/**
 * A gated recurrent unit in the recording of a training step, as {@link recordOwnLstm} does an LSTM.
 *
 * @param resetAfter whether the reset gate acts after the product with U
 */
export function recordOwnGru(inputs: Inputs, sizes: Sizes, resetAfter: boolean): RecordedSequence {
  const { T, N, H } = sizes;
  const { recurrentKernel, bias } = inputs;
  const [h0] = inputs.initial;
  const width = { M: 3 * H, ...sizes };
  const attributes = [intAttribute("reset_after", resetAfter ? 1 : 0)];
  const z = reshape(recordedInputProduct(inputs, sizes), T, N, 3 * H);
  // h of every step; and what the reset gate let through, or what it acts on after the product.
  const steps = computeAll("KareninaGru", [z, h0, recurrentKernel, bias], 3, attributes);
  const [h, inner] = steps;
  return {
    sequence: h,
    final: [lastStep(h, sizes)],
    backward({ sequence, final }, wanted) {
      if (wanted.initial) {
        throw new Error("A recorded gated recurrent unit knows no gradient by its first state.");
      }
      const above = [sequence ?? zeros(0, N, H), final[0] ?? zeros(0, H)];
      const given = [h0, recurrentKernel, ...steps, ...above];
      // By x W; and by h U, where the reset gate acts after it.
      const [dz, dState, byBias] = computeAll("KareninaGruGrad", given, 3, attributes);
      return {
        ...recordedInputGradients(dz, inputs, width, wanted.x),
        recurrentKernel: resetAfter
          ? recordedStateGradient(dState, inputs, h, width)
          : gradientOfU(dz, statesBefore(h0, h, sizes), inner, sizes),
        bias: byBias,
      };
    },
  };
}

/** z and r were products with h, g one with r h: [H, 3 H] from the gradients by all three, [T, N, 3 H]. */
function gradientOfU(dz: Handle, before: Handle, inner: Handle, { T, N, H }: Sizes): Handle {
  const rows = T * N;
  const flat = reshape(dz, rows, 3 * H);
  const byGates = matMulTransposeA(before, slice(flat, [0, 0], [rows, 2 * H]));
  const byCandidate = matMulTransposeA(reshape(inner, rows, H), slice(flat, [0, 2 * H], [rows, H]));
  return concat([byGates, byCandidate], 1);
}
