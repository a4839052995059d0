import { compute, type Handle, release } from "./operations";
import { recordOwnGru } from "./ownGru";
import { ownOperations } from "./ownOperations";
import {
  inputGradient,
  kernelGradient,
  lastStep,
  type NativeRecurrence,
  outputGradients,
  projectInput,
  stackRows,
  statesBefore,
} from "./recurrence";
import {
  add,
  addBias,
  concat,
  copy,
  matMul,
  matMulTransposeA,
  multiply,
  sigmoid,
  split,
  stack,
  subtract,
  sumRows,
  tanh,
  transpose,
  unstack,
} from "./tensors";

/**
 * The gated recurrent unit that resets after the product, of PyTorch and cuDNN:
 *
 *     z = σ(x Wz + bz + h Uz + cz)    r = σ(x Wr + br + h Ur + cr)
 *     g = tanh(x Wg + bg + r (h Ug + cg))    h' = z h + (1 - z) g
 *
 * One product with h a step instead of two, and two biases, [2, 3 H]: b and c. TensorFlow has no fused
 * kernel for it; x W + b is one product for the whole sequence.
 */
export const nativeGruResetAfter: NativeRecurrence = {
  name: "gruResetAfter",
  stateCount: 1,
  savedCount: 5,

  forward(inputs, sizes) {
    const { T, H } = sizes;
    const {
      initial: [h0],
      recurrentKernel,
      bias,
    } = inputs;
    const [inputBias, stateBias] = unstack(bias, 2);
    const projected = projectInput(inputs, inputBias, sizes, 3 * H);
    const [zs, rs, gs, inners, hs] = [0, 1, 2, 3, 4].map(() => new Array<Handle>(T));
    for (let t = 0; t < T; t++) {
      const before = t > 0 ? hs[t - 1] : h0;
      [zs[t], rs[t], gs[t], inners[t], hs[t]] = stepResetAfter(
        projected[t],
        before,
        recurrentKernel,
        stateBias,
      );
    }
    release(inputBias, stateBias, ...projected);
    const saved = [hs, zs, rs, gs, inners].map((steps) => {
      const stacked = stack(steps);
      release(...steps);
      return stacked;
    });
    return { final: [lastStep(saved[0], sizes)], saved };
  },

  backward(inputs, saved, gradients, sizes, wanted) {
    const { T, N, H } = sizes;
    const [hs, zs, rs, gs, inners] = saved.map((each) => unstack(each, T));
    const { above, final } = outputGradients(gradients, sizes);
    const uTransposed = transpose(inputs.recurrentKernel);
    const fromInput = new Array<Handle>(T);
    const fromState = new Array<Handle>(T);
    let [dh] = final;
    for (let t = T - 1; t >= 0; t--) {
      const dhTotal = above.length > 0 ? add(above[t], dh) : dh;
      const difference = subtract(t > 0 ? hs[t - 1] : inputs.initial[0], gs[t]);
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
      if (dhTotal !== dh) {
        release(dhTotal);
      }
      dh = add(kept, through);
      release(kept, through);
    }
    release(uTransposed, ...above);
    for (const steps of [hs, zs, rs, gs, inners]) {
      release(...steps);
    }
    if (!wanted.initial) {
      release(dh);
    }
    const dInputs = stackRows(fromInput, T * N, 3 * H);
    const dStates = stackRows(fromState, T * N, 3 * H);
    const before = statesBefore(inputs.initial[0], saved[0], sizes);
    const biases = [sumRows(dInputs), sumRows(dStates)];
    const result = {
      x: wanted.x ? inputGradient(dInputs, inputs.kernel, sizes) : undefined,
      initial: wanted.initial ? [dh] : [],
      kernel: kernelGradient(dInputs, inputs, sizes),
      recurrentKernel: matMulTransposeA(before, dStates),
      bias: stack(biases),
    };
    release(before, dInputs, dStates, ...biases);
    return result;
  },

  cell({ kernel, recurrentKernel, bias }) {
    const [w, u] = [copy(kernel), copy(recurrentKernel)];
    const [inputBias, stateBias] = unstack(bias, 2);
    return {
      weights: [w, u, inputBias, stateBias],
      step(x, [h]) {
        const product = matMul(x, w);
        const projected = addBias(product, inputBias);
        const [z, r, g, inner, next] = stepResetAfter(projected, h, u, stateBias);
        release(product, projected, z, r, g, inner);
        return [next];
      },
    };
  },

  record: (inputs, sizes) =>
    ownOperations() === undefined ? undefined : recordOwnGru(inputs, sizes, true),
};

/** One step from x W + b [N, 3 H]: z, r, g, h Ug + cg, and the next h. */
function stepResetAfter(
  projected: Handle,
  h: Handle,
  recurrentKernel: Handle,
  stateBias: Handle,
): Handle[] {
  const product = matMul(h, recurrentKernel);
  const fromState = addBias(product, stateBias);
  const [xz, xr, xg] = split(projected, 3, 1);
  const [hz, hr, hg] = split(fromState, 3, 1);
  const [zSum, rSum] = [add(xz, hz), add(xr, hr)];
  const [z, r] = [sigmoid(zSum), sigmoid(rSum)];
  const reset = multiply(r, hg);
  const gSum = add(xg, reset);
  const g = tanh(gSum);
  const difference = subtract(h, g);
  const kept = multiply(z, difference);
  const next = add(g, kept); // g + z (h - g)
  release(product, fromState, xz, xr, xg, hz, hr, zSum, rSum, reset, gSum, difference, kept);
  return [z, r, g, hg, next];
}
