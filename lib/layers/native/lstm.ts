import {
  add,
  concat,
  copy,
  matMul,
  matMulTransposeA,
  reshape,
  slice,
  split,
  stack,
  sumRows,
  transpose,
  unstack,
} from "../../backend/nativeMatrices";
import {
  boolAttribute,
  computeAll,
  floatAttribute,
  type Handle,
  handleOf,
  long,
  release,
  toTensor,
  zeros,
} from "../../backend/nativeOperations";
import type { InputGradients, OutputGradients, Recorded, Recurrence } from "../recurrence";

/**
 * A long short-term memory (Hochreiter & Schmidhuber 1997, with the forget gate of Gers,
 * Schmidhuber & Cummins 2000) on TensorFlow's fused kernels:
 *
 *     i = σ(x Wi + h Ui + bi)    f = σ(x Wf + h Uf + bf)    o = σ(x Wo + h Uo + bo)
 *     g = tanh(x Wg + h Ug + bg)    c' = f c + i g    h' = o tanh c'
 *
 * Forward, the operation BlockLSTMV2 runs a whole sequence at once. It wants the gates side by side
 * in the order i, f, g, o, which is also that of tf.layers.lstm, and it returns the activations that
 * the gradient needs. A cell_clip of 0 switches its clipping of c off.
 *
 * Backward, LSTMBlockCellGrad does all elementwise work of one step. Its gates come out as i, g, f, o:
 * for it, Uᵀ is put into that order once, and the finished weight gradients are put back. All that is
 * left inside the loop is one product per step, dh = dgates Uᵀ; the weights' and the input's
 * gradients are one product each over all T N rows. (TensorFlow's own BlockLSTMGrad has all of these
 * inside the loop and takes three times as long.)
 */
export const nativeLstm: Recurrence = {
  forward(x, [h0, c0], weights) {
    const [T, N] = x.shape;
    const H = weights.recurrentKernel.shape[0];
    const w = concat([handleOf(weights.kernel), handleOf(weights.recurrentKernel)], 0);
    const peephole = zeros(H);
    const [i, cs, f, o, g, tanhC, h] = computeAll(
      "BlockLSTMV2",
      [
        long(T),
        handleOf(x),
        handleOf(c0),
        handleOf(h0),
        w,
        peephole,
        peephole,
        peephole,
        handleOf(weights.bias),
      ],
      7,
      FORWARD_ATTRIBUTES,
    );
    release(w);
    const all = [h, cs, i, f, o, g, tanhC].map((handle) => toTensor(handle, [T, N, H]));
    return { sequence: all[0], final: [lastStep(h, T, N, H), lastStep(cs, T, N, H)], saved: all };
  },

  backward(recorded, gradients) {
    const { gates, dc } = stepsBackward(recorded, gradients);
    return inputGradients(recorded, gates, dc);
  },
};

const FORWARD_ATTRIBUTES = [floatAttribute("cell_clip", 0), boolAttribute("use_peephole", false)];
const STEP_ATTRIBUTES = [boolAttribute("use_peephole", false)];

/** Step T of [T, N, H] as a tensor [N, H] that does not keep the other steps in memory. */
function lastStep(sequence: Handle, T: number, N: number, H: number) {
  const sliced = slice(sequence, [T - 1, 0, 0], [1, N, H]);
  const reshaped = reshape(sliced, N, H);
  const own = copy(reshaped);
  release(sliced, reshaped);
  return toTensor(own, [N, H]);
}

/** Walks back through time; returns the gates' gradients [T N, 4 H] in the order i, g, f, o. */
function stepsBackward({ initial, weights, saved }: Recorded, gradients: OutputGradients) {
  const [T, N, H] = saved[0].shape;
  const [, cs, i, f, o, g, tanhC] = saved.map((tensor) => unstack(handleOf(tensor), T));
  const dSequence = gradients.sequence ? unstack(handleOf(gradients.sequence), T) : [];
  const u = handleOf(weights.recurrentKernel);
  const uTransposed = transposeGates(u);
  const peephole = zeros(H);
  // The kernel reads x only for its width: none, so that U alone is its weight matrix.
  const noInput = zeros(N, 0);
  const h0 = handleOf(initial[0]);
  const c0 = handleOf(initial[1]);
  const bias = handleOf(weights.bias);
  const dGates = new Array<Handle>(T);
  let [dh, dc] = gradients.final.map((tensor) =>
    tensor ? copy(handleOf(tensor)) : copy(zeros(N, H)),
  );
  for (let t = T - 1; t >= 0; t--) {
    const dhTotal = dSequence.length ? add(dSequence[t], dh) : dh;
    if (dhTotal !== dh) release(dh);
    const step = computeAll(
      "LSTMBlockCellGrad",
      [
        noInput,
        t > 0 ? cs[t - 1] : c0,
        h0,
        u,
        peephole,
        peephole,
        peephole,
        bias,
        i[t],
        cs[t],
        f[t],
        o[t],
        g[t],
        tanhC[t],
        dc,
        dhTotal,
      ],
      5,
      STEP_ATTRIBUTES,
    );
    release(dc, dhTotal, step[2], step[3], step[4]);
    [dc, dGates[t]] = step;
    if (t > 0) dh = matMul(dGates[t], uTransposed);
  }
  release(uTransposed, ...cs, ...i, ...f, ...o, ...g, ...tanhC, ...dSequence);
  const stacked = stack(dGates);
  const gates = reshape(stacked, T * N, 4 * H);
  release(stacked, ...dGates);
  return { gates, dc };
}

/** The transpose of [M, 4 H] in the order i, f, g, o: [4 H, M] in the order i, g, f, o. */
function transposeGates(u: Handle): Handle {
  const transposed = transpose(u);
  const [i, f, g, o] = split(transposed, 4, 0);
  const reordered = concat([i, g, f, o], 0);
  release(transposed, i, f, g, o);
  return reordered;
}

/** Columns in the order i, g, f, o back to i, f, g, o. Releases what it is given. */
function restoreGateOrder(gradient: Handle, axis: number): Handle {
  const [i, g, f, o] = split(gradient, 4, axis);
  const restored = concat([i, f, g, o], axis);
  release(gradient, i, g, f, o);
  return restored;
}

/** The gradients that take the whole sequence at once. */
function inputGradients(
  { x, initial, weights, saved }: Recorded,
  gates: Handle,
  dc: Handle,
): InputGradients {
  const [T, N, H] = saved[0].shape;
  const D = x.shape[2] as number;
  // Held as tensors from here on, so that tf.tidy frees whichever of them is not asked for.
  const dGates = toTensor(gates, [T * N, 4 * H]);
  const dc0 = toTensor(dc, [N, H]);
  for (const tensor of saved.slice(1)) tensor.dispose(); // a third of the layer's memory each
  return {
    x: () => {
      const transposed = transposeGates(handleOf(weights.kernel));
      const flat = matMul(gates, transposed);
      const dx = reshape(flat, T, N, D);
      release(transposed, flat);
      return toTensor(dx, [T, N, D]);
    },
    initial: [
      () => {
        const transposed = transposeGates(handleOf(weights.recurrentKernel));
        const first = slice(gates, [0, 0], [N, 4 * H]);
        const dh0 = matMul(first, transposed);
        release(transposed, first);
        return toTensor(dh0, [N, H]);
      },
      () => dc0.clone(),
    ],
    kernel: () => {
      const flat = reshape(handleOf(x), T * N, D);
      const gradient = restoreGateOrder(matMulTransposeA(flat, gates), 1);
      release(flat);
      return toTensor(gradient, [D, 4 * H]);
    },
    recurrentKernel: () => {
      // Step t read h_{t-1}: h_0 and all steps but the last, above each other.
      const but = slice(handleOf(saved[0]), [0, 0, 0], [T - 1, N, H]);
      const flat = reshape(but, (T - 1) * N, H);
      const before = concat([handleOf(initial[0]), flat], 0);
      const gradient = restoreGateOrder(matMulTransposeA(before, gates), 1);
      release(but, flat, before);
      return toTensor(gradient, [H, 4 * H]);
    },
    bias: () => {
      const gradient = restoreGateOrder(sumRows(gates), 0);
      dGates.dispose();
      return toTensor(gradient, [4 * H]);
    },
  };
}
