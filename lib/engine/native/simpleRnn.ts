import { compute, type Handle, release } from "./operations";
import { ownOperations } from "./ownOperations";
import { recordOwnSimpleRnn } from "./ownSimpleRnn";
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
  copy,
  matMul,
  matMulTransposeA,
  stack,
  sumRows,
  tanh,
  transpose,
  unstack,
} from "./tensors";

/**
 * The simple recurrent layer (Elman 1990), h' = tanh(x W + h U + b). TensorFlow has no fused kernel
 * for it. What can be taken out of the loop is: x W + b is one product for the whole sequence, and
 * three operations a step are left, backward too.
 */
export const nativeSimpleRnn: NativeRecurrence = {
  name: "simpleRnn",
  stateCount: 1,
  savedCount: 1,

  forward(inputs, sizes) {
    const {
      initial: [h0],
      recurrentKernel,
      bias,
    } = inputs;
    const projected = projectInput(inputs, bias, sizes, sizes.H);
    const states = new Array<Handle>(sizes.T);
    for (let t = 0; t < sizes.T; t++) {
      states[t] = step(projected[t], t > 0 ? states[t - 1] : h0, recurrentKernel);
    }
    const sequence = stack(states);
    release(...projected, ...states);
    return { final: [lastStep(sequence, sizes)], saved: [sequence] };
  },

  backward(inputs, [sequence], gradients, sizes, wanted) {
    const { T, N, H } = sizes;
    const states = unstack(sequence, T);
    const { above, final } = outputGradients(gradients, sizes);
    const uTransposed = transpose(inputs.recurrentKernel);
    const steps = new Array<Handle>(T);
    let [dh] = final;
    for (let t = T - 1; t >= 0; t--) {
      const dhTotal = above.length > 0 ? add(above[t], dh) : dh;
      steps[t] = compute("TanhGrad", [states[t], dhTotal]);
      release(dh);
      if (dhTotal !== dh) {
        release(dhTotal);
      }
      if (t > 0) {
        dh = matMul(steps[t], uTransposed);
      }
    }
    const initial = wanted.initial ? [matMul(steps[0], uTransposed)] : [];
    release(uTransposed, ...states, ...above);
    const dz = stackRows(steps, T * N, H);
    const before = statesBefore(inputs.initial[0], sequence, sizes);
    const result = {
      x: wanted.x ? inputGradient(dz, inputs.kernel, sizes) : undefined,
      initial,
      kernel: kernelGradient(dz, inputs, sizes),
      recurrentKernel: matMulTransposeA(before, dz),
      bias: sumRows(dz),
    };
    release(before, dz);
    return result;
  },

  cell({ kernel, recurrentKernel, bias }) {
    const [w, u, b] = [copy(kernel), copy(recurrentKernel), copy(bias)];
    return {
      weights: [w, u, b],
      step(x, [h]) {
        const product = matMul(x, w);
        const projected = addBias(product, b);
        const next = step(projected, h, u);
        release(product, projected);
        return [next];
      },
    };
  },

  record: (inputs, sizes) =>
    ownOperations() === undefined ? undefined : recordOwnSimpleRnn(inputs, sizes),
};

/** The next h, from x W + b [N, H]. */
function step(projected: Handle, h: Handle, recurrentKernel: Handle): Handle {
  const product = matMul(h, recurrentKernel);
  const sum = add(projected, product);
  const next = tanh(sum);
  release(product, sum);
  return next;
}
