import { computeAll, type Handle, release, zeros } from "./operations";
import { recordOwnGru } from "./ownGru";
import { ownOperations } from "./ownOperations";
import {
  type CellWeights,
  inputGradient,
  kernelGradient,
  lastStep,
  type NativeRecurrence,
  outputGradients,
  type Sizes,
  stackRows,
  statesBefore,
} from "./recurrence";
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
} from "./tensors";

/**
 * The gated recurrent unit of plain/recurrence.ts on TensorFlow's fused kernels.
 *
 * The weights hold the gates in the order z, r, g, as of tf.layers.gru. GRUBlockCell does one step; it
 * wants r and z (which it calls u) in this order in one matrix, and g in another, each with the rows
 * of W above those of U. GRUBlockCellGrad does one step backward.
 */
export const nativeGru: NativeRecurrence = {
  name: "gru",
  stateCount: 1,
  savedCount: 4,

  forward({ x, initial: [h0], ...ofLayer }, sizes) {
    const { T } = sizes;
    const weights = weightsOf(ofLayer);
    const inputs = unstack(x, T);
    const [rs, zs, gs, hs] = [0, 1, 2, 3].map(() => new Array<Handle>(T));
    for (let t = 0; t < T; t++) {
      [rs[t], zs[t], gs[t], hs[t]] = step(inputs[t], t > 0 ? hs[t - 1] : h0, weights);
    }
    release(...weights, ...inputs);
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
      const gradients = computeAll(
        "GRUBlockCellGrad",
        [noInput, before, gates, candidate, ...biases, rs[t], zs[t], gs[t], dhTotal],
        4,
      );
      release(dh, gradients[0]);
      if (dhTotal !== dh) {
        release(dhTotal);
      }
      [, dh, dCandidates[t], dGates[t]] = gradients;
    }
    release(gates, candidate, ...above);
    for (const steps of [hs, rs, zs, gs]) {
      release(...steps);
    }
    if (!wanted.initial) {
      release(dh);
    }
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

  cell(ofLayer) {
    const weights = weightsOf(ofLayer);
    return {
      weights,
      step(x, [h]) {
        const [r, z, g, next] = step(x, h, weights);
        release(r, z, g);
        return [next];
      },
    };
  },

  record: (inputs, sizes) =>
    ownOperations() === undefined ? undefined : recordOwnGru(inputs, sizes, false),
};

/** One step by GRUBlockCell: r, z, g and the next h. @param weights of {@link weightsOf} */
function step(x: Handle, h: Handle, weights: Handle[]): Handle[] {
  return computeAll("GRUBlockCell", [x, h, ...weights], 4);
}

/** [W; U] and the bias as GRUBlockCell reads them: r, z; g; and the biases of these. */
function weightsOf({ kernel, recurrentKernel, bias }: CellWeights): Handle[] {
  const joined = concat([kernel, recurrentKernel], 0);
  const weights = [...separateGates(joined, 1), ...separateGates(bias, 0)];
  release(joined);
  return weights;
}

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
