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
} from "../../backend/nativeMatrices";
import {
  computeAll,
  type Handle,
  handleOf,
  release,
  toTensor,
  zeros,
} from "../../backend/nativeOperations";
import type { Recurrence } from "../recurrence";
import {
  inputGradient,
  kernelGradient,
  lastStep,
  outputGradients,
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
export const nativeGru: Recurrence = {
  forward(x, [h0], { kernel, recurrentKernel, bias }) {
    const [T, N] = x.shape as number[];
    const H = recurrentKernel.shape[0];
    const weights = concat([handleOf(kernel), handleOf(recurrentKernel)], 0);
    const [gates, candidate] = separateGates(weights, 1);
    const [gatesBias, candidateBias] = separateGates(handleOf(bias), 0);
    const inputs = unstack(handleOf(x), T);
    const [rs, zs, gs, hs] = [0, 1, 2, 3].map(() => new Array<Handle>(T));
    for (let t = 0; t < T; t++) {
      const before = t > 0 ? hs[t - 1] : handleOf(h0);
      [rs[t], zs[t], gs[t], hs[t]] = computeAll(
        "GRUBlockCell",
        [inputs[t], before, gates, candidate, gatesBias, candidateBias],
        4,
      );
    }
    release(weights, gates, candidate, gatesBias, candidateBias, ...inputs);
    const saved = [hs, rs, zs, gs].map((steps) => {
      const stacked = stack(steps);
      release(...steps);
      return toTensor(stacked, [T, N, H]);
    });
    return { sequence: saved[0], final: [lastStep(handleOf(saved[0]), T, N, H)], saved };
  },

  backward({ x, initial, weights, saved }, gradients) {
    const [T, N, H] = saved[0].shape as number[];
    const [hs, rs, zs, gs] = saved.map((tensor) => unstack(handleOf(tensor), T));
    const { above, final } = outputGradients(gradients, T, N, H);
    const [gates, candidate] = separateGates(handleOf(weights.recurrentKernel), 1);
    // The operation reads x and W only for the gradient by x, which is one product afterwards:
    // without input, U alone is its weight matrix. Of the biases it reads nothing.
    const noInput = zeros(N, 0);
    const biases = [zeros(2 * H), zeros(H)];
    const dGates = new Array<Handle>(T);
    const dCandidates = new Array<Handle>(T);
    let [dh] = final;
    for (let t = T - 1; t >= 0; t--) {
      const dhTotal = above.length > 0 ? add(above[t], dh) : dh;
      const before = t > 0 ? hs[t - 1] : handleOf(initial[0]);
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
    const dAll = joinGates(dGates, dCandidates, T * N, H);
    const dAllTensor = toTensor(dAll, [T * N, 3 * H]);
    const dh0 = toTensor(dh, [N, H]);
    return {
      x: () => inputGradient(dAll, weights.kernel, x),
      initial: [() => dh0.clone()],
      kernel: () => kernelGradient(dAll, weights.kernel, x),
      recurrentKernel: () => {
        // z and r were products with h, g one with r h.
        const before = statesBefore(initial[0], saved[0]);
        const r = reshape(handleOf(saved[1]), T * N, H);
        const reset = multiply(r, before);
        const [dz, dr, dg] = split(dAll, 3, 1);
        const parts = [
          matMulTransposeA(before, dz),
          matMulTransposeA(before, dr),
          matMulTransposeA(reset, dg),
        ];
        const gradient = concat(parts, 1);
        release(before, r, reset, dz, dr, dg, ...parts);
        return toTensor(gradient, [H, 3 * H]);
      },
      bias: () => {
        const gradient = sumRows(dAll);
        dAllTensor.dispose();
        return toTensor(gradient, [3 * H]);
      },
    };
  },
};

/** Gates z, r, g along an axis to r, z in one tensor and g in another. */
function separateGates(all: Handle, axis: number): [Handle, Handle] {
  const [z, r, g] = split(all, 3, axis);
  const gates = concat([r, z], axis);
  release(z, r);
  return [gates, g];
}

/** The steps' gradients of r, z [N, 2 H] and of g [N, H] to z, r, g of all rows. Releases them. */
function joinGates(gates: Handle[], candidates: Handle[], rows: number, H: number): Handle {
  const [stackedGates, stackedCandidates] = [stack(gates), stack(candidates)];
  const flatGates = reshape(stackedGates, rows, 2 * H);
  const g = reshape(stackedCandidates, rows, H);
  const [r, z] = split(flatGates, 2, 1);
  const joined = concat([z, r, g], 1);
  release(stackedGates, stackedCandidates, flatGates, g, r, z, ...gates, ...candidates);
  return joined;
}
