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
import type { WeightGradient } from "./weightGradients";

/** A gated recurrent unit in the recording of a training step, as {@link recordOwnLstm} does an LSTM. */
export function recordOwnGru(inputs: Inputs, sizes: Sizes): RecordedSequence {
  return recordGru(inputs, sizes, false, ({ dz, h, inner }) =>
    gradientOfU(dz, statesBefore(inputs.initial[0], h, sizes), inner, sizes),
  );
}

/** The same for the one whose reset gate acts after the product. */
export function recordOwnGruResetAfter(inputs: Inputs, sizes: Sizes): RecordedSequence {
  return recordGru(inputs, sizes, true, ({ dState, h }) =>
    recordedStateGradient(dState, inputs, h, { M: 3 * sizes.H, ...sizes }),
  );
}

/** What the gradient by U is made of. */
interface Results {
  /** h of every step; what the reset gate let through, or what it acts on after the product. [T, N, H] */
  h: Handle;
  inner: Handle;
  /** The gradients by x W, and by h U where the reset gate acts after it, [T, N, 3 H]. */
  dz: Handle;
  dState: Handle;
}

function recordGru(
  inputs: Inputs,
  sizes: Sizes,
  resetAfter: boolean,
  gradientByU: (results: Results) => WeightGradient,
): RecordedSequence {
  const { T, N, H } = sizes;
  const { recurrentKernel, bias } = inputs;
  const [h0] = inputs.initial;
  const attributes = [intAttribute("reset_after", resetAfter ? 1 : 0)];
  const z = reshape(recordedInputProduct(inputs, sizes), T, N, 3 * H);
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
      const [dz, dState, byBias] = computeAll("KareninaGruGrad", given, 3, attributes);
      return {
        ...recordedInputGradients(dz, inputs, { M: 3 * H, ...sizes }, wanted.x),
        recurrentKernel: gradientByU({ h, inner, dz, dState }),
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
