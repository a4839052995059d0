import {
  add,
  concat,
  matMulTransposeA,
  multiply,
  reshape,
  split,
  stack,
  sumRows,
  unstack,
} from "./matrices";
import { computeAll, type Handle, release, zeros } from "./operations";
import type { NativeRecurrence, Sizes } from "./recurrence";
import {
  inputGradient,
  kernelGradient,
  lastStep,
  outputGradients,
  stackRows,
  statesBefore,
} from "./sequences";

/**
 * A gated recurrent unit (Cho et al. 2014) on TensorFlow's fused kernels:
 *
 *     z = σ(x Wz + h Uz + bz)    r = σ(x Wr + h Ur + br)
 *     g = tanh(x Wg + (r h) Ug + bg)    h' = z h + (1 - z) g
 *
 * The weights hold the gates in the order z, r, g, as of tf.layers.gru. GRUBlockCell does one step; it
 * wants r and z (which it calls u) in this order in one matrix, and g in another, each with the rows
 * of W above those of U. GRUBlockCellGrad does one step backward.
 */
export const nativeGru: NativeRecurrence = {
  name: "gru",
  stateCount: 1,
  savedCount: 4,

  forward({ x, initial: [h0], kernel, recurrentKernel, bias }, sizes) {
    const { T } = sizes;
    const weights = concat([kernel, recurrentKernel], 0);
    const [gates, candidate] = separateGates(weights, 1);
    const [gatesBias, candidateBias] = separateGates(bias, 0);
    const inputs = unstack(x, T);
    const [rs, zs, gs, hs] = [0, 1, 2, 3].map(() => new Array<Handle>(T));
    for (let t = 0; t < T; t++) {
      [rs[t], zs[t], gs[t], hs[t]] = computeAll(
        "GRUBlockCell",
        [inputs[t], t > 0 ? hs[t - 1] : h0, gates, candidate, gatesBias, candidateBias],
        4,
      );
    }
    release(weights, gates, candidate, gatesBias, candidateBias, ...inputs);
    const saved = [hs, rs, zs, gs].map((steps) => {
      const stacked = stack(steps);
      release(...steps);
      return stacked;
    });
    return { final: [lastStep(saved[0], sizes)], saved };
  },

  backward(inputs, saved, gradients, sizes, wanted) {
    const { T, N, H } = sizes;
    const [hs, rs, zs, gs] = saved.map((each) => unstack(each, T));
    const { above, final } = outputGradients(gradients, sizes);
    const [gates, candidate] = separateGates(inputs.recurrentKernel, 1);
    // The operation reads x and W only for the gradient by x, which is one product afterwards:
    // without input, U alone is its weight matrix. Of the biases it reads nothing.
    const noInput = zeros(N, 0);
    const biases = [zeros(2 * H), zeros(H)];
    const dGates = new Array<Handle>(T);
    const dCandidates = new Array<Handle>(T);
    let [dh] = final;
    for (let t = T - 1; t >= 0; t--) {
      const dhTotal = above.length > 0 ? add(above[t], dh) : dh;
      const before = t > 0 ? hs[t - 1] : inputs.initial[0];
      const step = computeAll(
        "GRUBlockCellGrad",
        [noInput, before, gates, candidate, ...biases, rs[t], zs[t], gs[t], dhTotal],
        4,
      );
      release(dh, step[0]);
      if (dhTotal !== dh) release(dhTotal);
      [, dh, dCandidates[t], dGates[t]] = step;
    }
    release(gates, candidate, ...above);
    for (const steps of [hs, rs, zs, gs]) release(...steps);
    if (!wanted.initial) release(dh);
    const dAll = joinGates(dGates, dCandidates, sizes);
    const result = {
      x: wanted.x ? inputGradient(dAll, inputs.kernel, sizes) : undefined,
      initial: wanted.initial ? [dh] : [],
      kernel: kernelGradient(dAll, inputs, sizes),
      recurrentKernel: recurrentGradient(dAll, inputs.initial[0], saved, sizes),
      bias: sumRows(dAll),
    };
    release(dAll);
    return result;
  },
};

/** z and r were products with h, g one with r h. */
function recurrentGradient(gates: Handle, h0: Handle, saved: Handle[], sizes: Sizes): Handle {
  const before = statesBefore(h0, saved[0], sizes);
  const r = reshape(saved[1], sizes.T * sizes.N, sizes.H);
  const reset = multiply(r, before);
  const [dz, dr, dg] = split(gates, 3, 1);
  const parts = [
    matMulTransposeA(before, dz),
    matMulTransposeA(before, dr),
    matMulTransposeA(reset, dg),
  ];
  const gradient = concat(parts, 1);
  release(before, r, reset, dz, dr, dg, ...parts);
  return gradient;
}

/** Gates z, r, g along an axis to r, z in one tensor and g in another. */
function separateGates(all: Handle, axis: number): [Handle, Handle] {
  const [z, r, g] = split(all, 3, axis);
  const gates = concat([r, z], axis);
  release(z, r);
  return [gates, g];
}

/** The steps' gradients of r, z [N, 2 H] and of g [N, H] to z, r, g of all rows. Releases them. */
function joinGates(gates: Handle[], candidates: Handle[], { T, N, H }: Sizes): Handle {
  const both = stackRows(gates, T * N, 2 * H);
  const g = stackRows(candidates, T * N, H);
  const [r, z] = split(both, 2, 1);
  const joined = concat([z, r, g], 1);
  release(both, g, r, z);
  return joined;
}
