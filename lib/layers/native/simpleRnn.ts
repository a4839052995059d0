import {
  add,
  matMul,
  matMulTransposeA,
  reshape,
  stack,
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
 * The simple recurrent layer (Elman 1990), h' = tanh(x W + h U + b). TensorFlow has no fused kernel
 * for it. What can be taken out of the loop is: x W + b is one product for the whole sequence, and
 * three operations a step are left, backward too.
 */
export const nativeSimpleRnn: Recurrence = {
  forward(x, [h0], { kernel, recurrentKernel, bias }) {
    const [T, N] = x.shape as number[];
    const H = recurrentKernel.shape[0];
    const projected = projectInput(x, kernel, handleOf(bias));
    const inputs = unstack(projected, T);
    const u = handleOf(recurrentKernel);
    const states = new Array<Handle>(T);
    for (let t = 0; t < T; t++) {
      const product = matMul(t > 0 ? states[t - 1] : handleOf(h0), u);
      const sum = add(inputs[t], product);
      states[t] = tanh(sum);
      release(product, sum);
    }
    const sequence = stack(states);
    release(projected, ...inputs, ...states);
    const h = toTensor(sequence, [T, N, H]);
    return { sequence: h, final: [lastStep(sequence, T, N, H)], saved: [h] };
  },

  backward({ x, initial, weights, saved }, gradients) {
    const [T, N, H] = saved[0].shape as number[];
    const states = unstack(handleOf(saved[0]), T);
    const { above, final } = outputGradients(gradients, T, N, H);
    const uTransposed = transpose(handleOf(weights.recurrentKernel));
    const steps = new Array<Handle>(T);
    let [dh] = final;
    for (let t = T - 1; t >= 0; t--) {
      const dhTotal = above.length > 0 ? add(above[t], dh) : dh;
      steps[t] = compute("TanhGrad", [states[t], dhTotal]);
      release(dh);
      if (dhTotal !== dh) release(dhTotal);
      dh = matMul(steps[t], uTransposed);
    }
    const stacked = stack(steps);
    const dz = reshape(stacked, T * N, H);
    release(uTransposed, stacked, ...states, ...above, ...steps);
    const dz0 = toTensor(dz, [T * N, H]);
    const dh0 = toTensor(dh, [N, H]);
    return {
      x: () => inputGradient(dz, weights.kernel, x),
      initial: [() => dh0.clone()],
      kernel: () => kernelGradient(dz, weights.kernel, x),
      recurrentKernel: () => {
        const before = statesBefore(initial[0], saved[0]);
        const gradient = matMulTransposeA(before, dz);
        release(before);
        return toTensor(gradient, [H, H]);
      },
      bias: () => {
        const gradient = sumRows(dz);
        dz0.dispose();
        return toTensor(gradient, [H]);
      },
    };
  },
};
