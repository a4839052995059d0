import {
  add,
  addBias,
  concat,
  matMul,
  matMulTransposeA,
  multiply,
  reshape,
  sigmoid,
  split,
  stack,
  subtract,
  sumRows,
  tanh,
  transpose,
  unstack,
} from "../../backend/nativeMatrices";
import { compute, type Handle, handleOf, release, toTensor } from "../../backend/nativeOperations";
import type { Recurrence } from "../recurrence";
import {
  inputGradient,
  kernelGradient,
  lastStep,
  outputGradients,
  projectInput,
  statesBefore,
} from "./sequences";

/**
 * The gated recurrent unit that resets after the product, of PyTorch and cuDNN:
 *
 *     z = σ(x Wz + bz + h Uz + cz)    r = σ(x Wr + br + h Ur + cr)
 *     g = tanh(x Wg + bg + r (h Ug + cg))    h' = z h + (1 - z) g
 *
 * One product with h a step instead of two, and two biases, [2, 3 H]: b and c. TensorFlow has no fused
 * kernel for it; x W + b is one product for the whole sequence.
 */
export const nativeGruResetAfter: Recurrence = {
  forward(x, [h0], { kernel, recurrentKernel, bias }) {
    const [T, N] = x.shape as number[];
    const H = recurrentKernel.shape[0];
    const [inputBias, stateBias] = unstack(handleOf(bias), 2);
    const projected = projectInput(x, kernel, inputBias);
    const inputs = unstack(projected, T);
    const u = handleOf(recurrentKernel);
    const [zs, rs, gs, inners, hs] = [0, 1, 2, 3, 4].map(() => new Array<Handle>(T));
    for (let t = 0; t < T; t++) {
      const before = t > 0 ? hs[t - 1] : handleOf(h0);
      const product = matMul(before, u);
      const fromState = addBias(product, stateBias);
      const [xz, xr, xg] = split(inputs[t], 3, 1);
      const [hz, hr, hg] = split(fromState, 3, 1);
      const [zSum, rSum] = [add(xz, hz), add(xr, hr)];
      [zs[t], rs[t]] = [sigmoid(zSum), sigmoid(rSum)];
      const reset = multiply(rs[t], hg);
      const gSum = add(xg, reset);
      gs[t] = tanh(gSum);
      const difference = subtract(before, gs[t]);
      const kept = multiply(zs[t], difference);
      hs[t] = add(gs[t], kept); // g + z (h - g)
      inners[t] = hg;
      release(product, fromState, xz, xr, xg, hz, hr, zSum, rSum, reset, gSum, difference, kept);
    }
    release(inputBias, stateBias, projected, ...inputs);
    const saved = [hs, zs, rs, gs, inners].map((steps) => {
      const stacked = stack(steps);
      release(...steps);
      return toTensor(stacked, [T, N, H]);
    });
    return { sequence: saved[0], final: [lastStep(handleOf(saved[0]), T, N, H)], saved };
  },

  backward({ x, initial, weights, saved }, gradients) {
    const [T, N, H] = saved[0].shape as number[];
    const [hs, zs, rs, gs, inners] = saved.map((tensor) => unstack(handleOf(tensor), T));
    const { above, final } = outputGradients(gradients, T, N, H);
    const uTransposed = transpose(handleOf(weights.recurrentKernel));
    const fromInput = new Array<Handle>(T);
    const fromState = new Array<Handle>(T);
    let [dh] = final;
    for (let t = T - 1; t >= 0; t--) {
      const dhTotal = above.length > 0 ? add(above[t], dh) : dh;
      const difference = subtract(t > 0 ? hs[t - 1] : handleOf(initial[0]), gs[t]);
      const dz = multiply(dhTotal, difference);
      const kept = multiply(dhTotal, zs[t]);
      const dg = subtract(dhTotal, kept);
      const dgSum = compute("TanhGrad", [gs[t], dg]);
      const dr = multiply(dgSum, inners[t]);
      const dInner = multiply(dgSum, rs[t]);
      const dzSum = compute("SigmoidGrad", [zs[t], dz]);
      const drSum = compute("SigmoidGrad", [rs[t], dr]);
      fromInput[t] = concat([dzSum, drSum, dgSum], 1);
      fromState[t] = concat([dzSum, drSum, dInner], 1);
      const through = matMul(fromState[t], uTransposed);
      release(dh, difference, dz, dg, dgSum, dr, dInner, dzSum, drSum);
      if (dhTotal !== dh) release(dhTotal);
      dh = add(kept, through);
      release(kept, through);
    }
    release(uTransposed, ...above);
    for (const steps of [hs, zs, rs, gs, inners]) release(...steps);
    const [dInputs, dStates] = [fromInput, fromState].map((steps) => {
      const stacked = stack(steps);
      const flat = reshape(stacked, T * N, 3 * H);
      release(stacked, ...steps);
      return flat;
    });
    const owners = [dInputs, dStates].map((handle) => toTensor(handle, [T * N, 3 * H]));
    const dh0 = toTensor(dh, [N, H]);
    return {
      x: () => inputGradient(dInputs, weights.kernel, x),
      initial: [() => dh0.clone()],
      kernel: () => kernelGradient(dInputs, weights.kernel, x),
      recurrentKernel: () => {
        const before = statesBefore(initial[0], saved[0]);
        const gradient = matMulTransposeA(before, dStates);
        release(before);
        return toTensor(gradient, [H, 3 * H]);
      },
      bias: () => {
        const sums = [sumRows(dInputs), sumRows(dStates)];
        const gradient = stack(sums);
        release(...sums);
        for (const owner of owners) owner.dispose();
        return toTensor(gradient, [2, 3 * H]);
      },
    };
  },
};
