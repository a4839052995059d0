import {
  add,
  concat,
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
import { lastStep, outputGradients, statesBefore } from "./sequences";

const FORWARD_ATTRIBUTES = [floatAttribute("cell_clip", 0), boolAttribute("use_peephole", false)];
const BACKWARD_ATTRIBUTES = [boolAttribute("use_peephole", false)];

/**
 * A long short-term memory (Hochreiter & Schmidhuber 1997, with the forget gate of Gers,
 * Schmidhuber & Cummins 2000) on TensorFlow's fused kernels:
 *
 *     i = σ(x Wi + h Ui + bi)    f = σ(x Wf + h Uf + bf)    o = σ(x Wo + h Uo + bo)
 *     g = tanh(x Wg + h Ug + bg)    c' = f c + i g    h' = o tanh c'
 *
 * Forward, the operation BlockLSTMV2 runs a whole sequence at once. It wants the gates side by side
 * in the order i, f, g, o, which is also that of tf.layers.lstm, and returns the activations that the
 * gradient needs. A cell_clip of 0 switches its clipping of c off.
 *
 * Backward, LSTMBlockCellGrad does all elementwise work of one step. Its gates come out as i, g, f, o:
 * for it, Uᵀ is put into that order once, and the finished weight gradients are put back. All that is
 * left inside the loop is one product a step, dh = dgates Uᵀ; the gradients of the weights and of the
 * input are one product each over all T N rows. (TensorFlow's own BlockLSTMGrad has all of these
 * inside its loop and takes three times as long. U is transposed beforehand, once, because a product
 * that transposes its second factor takes twice as long.)
 */
export const nativeLstm: Recurrence = {
  forward(x, [h0, c0], { kernel, recurrentKernel, bias }) {
    const [T, N] = x.shape;
    const H = recurrentKernel.shape[0];
    const weights = concat([handleOf(kernel), handleOf(recurrentKernel)], 0);
    const none = zeros(H); // peephole weights
    const states = [handleOf(c0), handleOf(h0)];
    const [i, cs, f, o, g, tanhC, h] = computeAll(
      "BlockLSTMV2",
      [long(T), handleOf(x), ...states, weights, none, none, none, handleOf(bias)],
      7,
      FORWARD_ATTRIBUTES,
    );
    release(weights);
    const saved = [h, cs, i, f, o, g, tanhC].map((handle) => toTensor(handle, [T, N, H]));
    return {
      sequence: saved[0],
      final: [lastStep(h, T, N, H), lastStep(cs, T, N, H)],
      saved,
    };
  },

  backward(recorded, gradients) {
    const { gates, dc } = stepsBackward(recorded, gradients);
    // Not needed any more, and each as large as the layer's output; h is.
    for (const tensor of recorded.saved.slice(1)) tensor.dispose();
    return inputGradients(recorded, gates, dc);
  },
};

/** Walks back through time; returns the gates' gradients [T N, 4 H] in the order i, g, f, o. */
function stepsBackward({ initial, weights, saved }: Recorded, gradients: OutputGradients) {
  const [T, N, H] = saved[0].shape as number[];
  const [cs, i, f, o, g, tanhC] = saved.slice(1).map((tensor) => unstack(handleOf(tensor), T));
  const { above, final } = outputGradients(gradients, T, N, H);
  const [h0, c0] = initial.map(handleOf);
  const u = handleOf(weights.recurrentKernel);
  const uTransposed = transposeGates(u);
  const bias = handleOf(weights.bias);
  const none = zeros(H);
  // The operation reads x only for its width: with none, U alone is its weight matrix.
  const noInput = zeros(N, 0);
  const gates = new Array<Handle>(T);
  let [dh, dc] = final;
  for (let t = T - 1; t >= 0; t--) {
    const dhTotal = above.length > 0 ? add(above[t], dh) : dh;
    const before = [noInput, t > 0 ? cs[t - 1] : c0, h0, u, none, none, none, bias];
    const activations = [i[t], cs[t], f[t], o[t], g[t], tanhC[t]];
    const step = computeAll(
      "LSTMBlockCellGrad",
      [...before, ...activations, dc, dhTotal],
      5,
      BACKWARD_ATTRIBUTES,
    );
    release(dc, dh, step[2], step[3], step[4]);
    if (dhTotal !== dh) release(dhTotal);
    [dc, gates[t]] = step;
    if (t > 0) dh = matMul(gates[t], uTransposed);
  }
  release(uTransposed, ...above);
  for (const steps of [cs, i, f, o, g, tanhC]) release(...steps);
  const stacked = stack(gates);
  const flat = reshape(stacked, T * N, 4 * H);
  release(stacked, ...gates);
  return { gates: flat, dc };
}

/** The gradients that take the whole sequence at once. */
function inputGradients(
  { x, initial, weights, saved }: Recorded,
  gates: Handle,
  dc: Handle,
): InputGradients {
  const [T, N, H] = saved[0].shape as number[];
  const D = x.shape[2] as number;
  // As tensors, so that tf.tidy frees what nobody asks for.
  const dGates = toTensor(gates, [T * N, 4 * H]);
  const dc0 = toTensor(dc, [N, H]);
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
      const before = statesBefore(initial[0], saved[0]);
      const gradient = restoreGateOrder(matMulTransposeA(before, gates), 1);
      release(before);
      return toTensor(gradient, [H, 4 * H]);
    },
    bias: () => {
      const gradient = restoreGateOrder(sumRows(gates), 0);
      dGates.dispose(); // the largest of all, and this is its last reader
      return toTensor(gradient, [4 * H]);
    },
  };
}

/** The transpose of [M, 4 H] in the order i, f, g, o: [4 H, M] in the order i, g, f, o. */
function transposeGates(matrix: Handle): Handle {
  const transposed = transpose(matrix);
  const [i, f, g, o] = split(transposed, 4, 0);
  const reordered = concat([i, g, f, o], 0);
  release(transposed, i, f, g, o);
  return reordered;
}

/** Gates in the order i, g, f, o along an axis, put back to i, f, g, o. Releases what it is given. */
function restoreGateOrder(gradient: Handle, axis: number): Handle {
  const [i, g, f, o] = split(gradient, 4, axis);
  const restored = concat([i, f, g, o], axis);
  release(gradient, i, g, f, o);
  return restored;
}
