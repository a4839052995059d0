import {
  add,
  concat,
  matMul,
  matMulTransposeA,
  reshape,
  slice,
  split,
  sumRows,
  transpose,
  unstack,
} from "../../backend/nativeMatrices";
import {
  boolAttribute,
  computeAll,
  floatAttribute,
  type Handle,
  long,
  release,
  zeros,
} from "../../backend/nativeOperations";
import type { Inputs, NativeRecurrence, Sizes } from "./recurrence";
import { kernelGradient, lastStep, outputGradients, stackRows, statesBefore } from "./sequences";

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
export const nativeLstm: NativeRecurrence = {
  name: "lstm",
  stateCount: 2,
  savedCount: 7,

  forward({ x, initial: [h0, c0], kernel, recurrentKernel, bias }, sizes) {
    const weights = concat([kernel, recurrentKernel], 0);
    const none = zeros(sizes.H); // peephole weights
    const [i, cs, f, o, g, tanhC, hs] = computeAll(
      "BlockLSTMV2",
      [long(sizes.T), x, c0, h0, weights, none, none, none, bias],
      7,
      FORWARD_ATTRIBUTES,
    );
    release(weights);
    return {
      final: [lastStep(hs, sizes), lastStep(cs, sizes)],
      saved: [hs, cs, i, f, o, g, tanhC],
    };
  },

  backward(inputs, saved, gradients, sizes, wanted) {
    const { T, N, H, D } = sizes;
    const { gates, dc } = stepsBackward(inputs, saved, outputGradients(gradients, sizes), sizes);
    let x: Handle | undefined;
    if (wanted.x) {
      const transposed = transposeGates(inputs.kernel);
      const flat = matMul(gates, transposed);
      x = reshape(flat, T, N, D);
      release(transposed, flat);
    }
    const initial: Handle[] = [];
    if (wanted.initial) {
      const transposed = transposeGates(inputs.recurrentKernel);
      const first = slice(gates, [0, 0], [N, 4 * H]);
      initial.push(matMul(first, transposed), dc);
      release(transposed, first);
    } else {
      release(dc);
    }
    const kernel = restoreGateOrder(kernelGradient(gates, inputs, sizes), 1);
    const before = statesBefore(inputs.initial[0], saved[0], sizes);
    const recurrentKernel = restoreGateOrder(matMulTransposeA(before, gates), 1);
    const bias = restoreGateOrder(sumRows(gates), 0);
    release(before, gates);
    return { x, initial, kernel, recurrentKernel, bias };
  },
};

/** Walks back through time; returns the gates' gradients [T N, 4 H] in the order i, g, f, o. */
function stepsBackward(
  { initial: [h0, c0], recurrentKernel: u, bias }: Inputs,
  saved: Handle[],
  { above, final }: { above: Handle[]; final: Handle[] },
  { T, N, H }: Sizes,
): { gates: Handle; dc: Handle } {
  const [cs, i, f, o, g, tanhC] = saved.slice(1).map((each) => unstack(each, T));
  const uTransposed = transposeGates(u);
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
  return { gates: stackRows(gates, T * N, 4 * H), dc };
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
