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
} from "./matrices";
import { boolAttribute, computeAll, type Handle, release, zeros } from "./operations";
import type { Gradients, Inputs, Sizes } from "./recurrence";
import { kernelGradient, outputGradients, stackRows, statesBefore } from "./sequences";

const ATTRIBUTES = [boolAttribute("use_peephole", false)];

/** What an LSTM's backward pass needs of each step, all [N, H]. */
export interface LstmSteps {
  cs: Handle[];
  i: Handle[];
  f: Handle[];
  o: Handle[];
  g: Handle[];
  tanhC: Handle[];
}

/**
 * The chain rule through an LSTM.
 *
 * LSTMBlockCellGrad does all elementwise work of one step. Its gates come out as i, g, f, o: for it,
 * Uᵀ is put into that order once, and the finished weight gradients are put back. All that is left
 * inside the loop is one product a step, dh = dgates Uᵀ; the gradients of the weights and of the
 * input are one product each over all T N rows. (TensorFlow's own BlockLSTMGrad has all of these
 * inside its loop and takes three times as long. U is transposed beforehand, once, because a product
 * that transposes its second factor takes twice as long.)
 *
 * @param sequence the hidden states [T, N, H]
 */
export function lstmBackward(
  inputs: Inputs,
  sequence: Handle,
  steps: LstmSteps,
  gradients: { sequence?: Handle; final: (Handle | undefined)[] },
  sizes: Sizes,
  wanted: { x: boolean; initial: boolean },
): Gradients {
  const { T, N, H, D } = sizes;
  const { gates, dc } = stepsBackward(inputs, steps, outputGradients(gradients, sizes), sizes);
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
  const before = statesBefore(inputs.initial[0], sequence, sizes);
  const recurrentKernel = restoreGateOrder(matMulTransposeA(before, gates), 1);
  const bias = restoreGateOrder(sumRows(gates), 0);
  release(before, gates);
  return { x, initial, kernel, recurrentKernel, bias };
}

/** Walks back through time; returns the gates' gradients [T N, 4 H] in the order i, g, f, o. */
function stepsBackward(
  { initial: [h0, c0], recurrentKernel: u, bias }: Inputs,
  { cs, i, f, o, g, tanhC }: LstmSteps,
  { above, final }: { above: Handle[]; final: Handle[] },
  { T, N, H }: Sizes,
): { gates: Handle; dc: Handle } {
  const uTransposed = transposeGates(u);
  const none = zeros(H); // peephole weights
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
      ATTRIBUTES,
    );
    release(dc, dh, step[2], step[3], step[4]);
    if (dhTotal !== dh) release(dhTotal);
    [dc, gates[t]] = step;
    if (t > 0) dh = matMul(gates[t], uTransposed);
  }
  release(uTransposed, ...above);
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
