import type { CellKind, InputGradients, OutputGradients, Recorded, Recurrence } from "../engine";
import { tf } from "../tensorflow";

/** The weights that act between time steps; the products with x are done for all steps at once. */
interface RecurrentWeights {
  /** U [H, G H] */
  recurrentKernel: tf.Tensor;
  /** Uᵀ [G H, H] */
  transposed: tf.Tensor;
  /** Added to h U, [G H]; only of a GRU that resets after the product. */
  recurrentBias?: tf.Tensor;
}

/** One time step of a recurrent layer in plain operations. */
interface PlainCell {
  /** @param z [N, G H], x W + b; @param state each [N, H] */
  forward(z: tf.Tensor, state: tf.Tensor[], weights: RecurrentWeights): PlainStep;
  /** The chain rule through `forward`: from the gradients by the new state to those by its inputs. */
  backward(
    saved: tf.Tensor[],
    before: tf.Tensor[],
    gradients: tf.Tensor[],
    weights: RecurrentWeights,
  ): PlainStepGradients;
}

interface PlainStep {
  /** The new state; its first tensor is the output. */
  state: tf.Tensor[];
  saved: tf.Tensor[];
}

interface PlainStepGradients {
  z: tf.Tensor;
  before: tf.Tensor[];
  recurrentKernel: tf.Tensor;
  recurrentBias?: tf.Tensor;
}

const onWebAssembly = () => tf.getBackend() === "wasm";

/** aᵀ b. WebAssembly's matMul transposes its arguments 30 times slower than tf.transpose does. */
export const matMulTransposeA = (a: tf.Tensor, b: tf.Tensor): tf.Tensor =>
  tf.matMul(tf.transpose(a), b);

/** The hyperbolic tangent; WebAssembly's own takes ten times as long as its sigmoid. */
export const tanh = (x: tf.Tensor): tf.Tensor =>
  onWebAssembly() ? tf.sub(tf.mul(tf.sigmoid(tf.mul(x, 2)), 2), 1) : tf.tanh(x);

/** The derivative of σ by its argument, from its value. */
export const sigmoidSlope = (value: tf.Tensor): tf.Tensor => tf.mul(value, tf.sub(1, value));

/** The derivative of tanh by its argument, from its value. */
export const tanhSlope = (value: tf.Tensor): tf.Tensor => tf.sub(1, tf.square(value));

/** Makes a layer's recurrence out of one step's mathematics. */
function plainRecurrence(cell: PlainCell): Recurrence {
  return {
    forward(x, initial, weights, isRecorded = true) {
      const [T, N, D] = x.shape;
      const [inputBias, recurrentBias] = biases(weights.bias);
      const z = tf.tidy(() =>
        tf.add(tf.matMul(tf.reshape(x, [T * N, D]), weights.kernel as tf.Tensor2D), inputBias),
      );
      const recurrent = withTranspose(weights.recurrentKernel, recurrentBias);
      const outputs: tf.Tensor[] = [];
      const saved: tf.Tensor[] = [];
      let state = initial;
      for (let t = 0; t < T; t++) {
        const before = state;
        const step = tf.tidy(() => {
          const { state, saved } = cell.forward(rows(z, t, N), before, recurrent);
          return isRecorded ? [...state, ...saved] : state;
        });
        state = step.slice(0, initial.length);
        outputs.push(state[0]);
        if (isRecorded) {
          saved.push(...step);
        } else if (t > 0) {
          tf.dispose(before.slice(1));
        }
      }
      z.dispose();
      const sequence = tf.stack(outputs);
      if (!isRecorded) {
        tf.dispose(outputs.slice(0, -1));
      }
      return { sequence, final: state, saved };
    },
    backward: (recorded, gradients) => stepsBackward(cell, recorded, gradients),
  };
}

function stepsBackward(
  cell: PlainCell,
  { x, initial, weights, saved }: Recorded,
  gradients: OutputGradients,
): InputGradients {
  const [T, N, D] = x.shape;
  const [, recurrentBias] = biases(weights.bias);
  const recurrent = withTranspose(weights.recurrentKernel, recurrentBias);
  const perStep = saved.length / T;
  const stateCount = initial.length;
  const step = (t: number) => saved.slice(t * perStep, (t + 1) * perStep);
  const flatGradients =
    gradients.sequence && tf.reshape(gradients.sequence, [T * N, initial[0].shape[1] as number]);

  let dState = gradients.final.map((each, i) => each?.clone() ?? tf.zerosLike(initial[i]));
  let dRecurrent = tf.zerosLike(weights.recurrentKernel);
  let dRecurrentBias = recurrentBias && tf.zerosLike(recurrentBias);
  const dZ = new Array<tf.Tensor>(T);
  for (let t = T - 1; t >= 0; t--) {
    const before = t > 0 ? step(t - 1).slice(0, stateCount) : initial;
    const old = [...dState, dRecurrent, ...(dRecurrentBias ? [dRecurrentBias] : [])];
    const result = tf.tidy(() => {
      if (flatGradients) {
        dState[0] = tf.add(dState[0], rows(flatGradients, t, N));
      }
      const back = cell.backward(step(t), before, dState, recurrent);
      const sums = [tf.add(dRecurrent, back.recurrentKernel)];
      if (dRecurrentBias && back.recurrentBias) {
        sums.push(tf.add(dRecurrentBias, back.recurrentBias));
      }
      return [back.z, ...back.before, ...sums];
    });
    tf.dispose(old);
    dZ[t] = result[0];
    dState = result.slice(1, 1 + stateCount);
    [dRecurrent, dRecurrentBias] = result.slice(1 + stateCount);
  }
  const dz = tf.concat(dZ, 0);
  tf.dispose(dZ);
  gradients.sequence?.dispose();
  return {
    x: () =>
      tf.reshape(
        tf.matMul(dz as tf.Tensor2D, tf.transpose(weights.kernel) as tf.Tensor2D),
        x.shape,
      ),
    initial: dState.map((each) => () => each.clone()),
    kernel: () => matMulTransposeA(tf.reshape(x, [T * N, D]), dz),
    recurrentKernel: () => dRecurrent.clone(),
    bias: () => (dRecurrentBias ? tf.stack([tf.sum(dz, 0), dRecurrentBias]) : tf.sum(dz, 0)),
  };
}

/** Rows of step t out of [T N, M]. WebAssembly's slice copies its whole source, gather does not. */
function rows(x: tf.Tensor, t: number, N: number): tf.Tensor {
  if (!onWebAssembly()) {
    return tf.slice(x, [t * N, 0], [N, x.shape[1] as number]);
  }
  return tf.gather(x, tf.range(t * N, (t + 1) * N, 1, "int32"));
}

/** The bias of x W, and that of h U where there is one. */
function biases(bias: tf.Tensor): [tf.Tensor, tf.Tensor | undefined] {
  if (bias.rank === 1) {
    return [bias, undefined];
  }
  const [input, recurrent] = tf.unstack(bias);
  return [input, recurrent];
}

function withTranspose(
  recurrentKernel: tf.Tensor,
  recurrentBias: tf.Tensor | undefined,
): RecurrentWeights {
  return { recurrentKernel, transposed: tf.transpose(recurrentKernel), recurrentBias };
}

// The recurrences in plain operations: for WebAssembly, and wherever `mask` [N, H] drops parts of h on
// their way into the gates. They are what the tests take as the truth.

/**
 * A long short-term memory (Hochreiter & Schmidhuber 1997, with the forget gate of Gers,
 * Schmidhuber & Cummins 2000), gates in the order i, f, g, o:
 *
 *     i = σ(x Wi + h Ui + bi)    f = σ(x Wf + h Uf + bf)    o = σ(x Wo + h Uo + bo)
 *     g = tanh(x Wg + h Ug + bg)    c' = f c + i g    h' = o tanh c'
 */
function lstm(mask?: tf.Tensor): Recurrence {
  const masked = (h: tf.Tensor) => (mask ? tf.mul(h, mask) : h);
  return plainRecurrence({
    forward(z, [h, c], { recurrentKernel }) {
      const gates = tf.split(tf.add(z, tf.matMul(masked(h), recurrentKernel)), 4, 1);
      const [i, f, o] = [gates[0], gates[1], gates[3]].map((gate) => tf.sigmoid(gate));
      const g = tanh(gates[2]);
      const newC = tf.add(tf.mul(f, c), tf.mul(i, g));
      const tanhC = tanh(newC);
      return { state: [tf.mul(o, tanhC), newC], saved: [i, f, g, o, tanhC] };
    },
    backward([, , i, f, g, o, tanhC], [h, c], [dh, dcLater], { transposed }) {
      const dc = tf.add(dcLater, tf.mul(tf.mul(dh, o), tanhSlope(tanhC)));
      const z = tf.concat(
        [
          tf.mul(tf.mul(dc, g), sigmoidSlope(i)),
          tf.mul(tf.mul(dc, c), sigmoidSlope(f)),
          tf.mul(tf.mul(dc, i), tanhSlope(g)),
          tf.mul(tf.mul(dh, tanhC), sigmoidSlope(o)),
        ],
        1,
      );
      return {
        z,
        before: [masked(tf.matMul(z, transposed)), tf.mul(dc, f)],
        recurrentKernel: matMulTransposeA(masked(h), z),
      };
    },
  });
}

/**
 * A gated recurrent unit (Cho et al. 2014), gates in the order z, r, g:
 *
 *     z = σ(x Wz + h Uz + bz)    r = σ(x Wr + h Ur + br)
 *     g = tanh(x Wg + (r h) Ug + bg)    h' = z h + (1 - z) g
 */
function gru(mask?: tf.Tensor): Recurrence {
  const masked = (h: tf.Tensor) => (mask ? tf.mul(h, mask) : h);
  return plainRecurrence({
    forward(input, [h], { recurrentKernel }) {
      const H = h.shape[1] as number;
      const [xz, xr, xg] = tf.split(input, 3, 1);
      const [u, uCandidate] = tf.split(recurrentKernel, [2 * H, H], 1);
      const read = masked(h);
      const [hz, hr] = tf.split(tf.matMul(read, u), 2, 1);
      const z = tf.sigmoid(tf.add(xz, hz));
      const r = tf.sigmoid(tf.add(xr, hr));
      const g = tanh(tf.add(xg, tf.matMul(tf.mul(r, read), uCandidate)));
      return { state: [tf.add(g, tf.mul(z, tf.sub(h, g)))], saved: [z, r, g] };
    },
    backward([, z, r, g], [h], [dh], { transposed }) {
      const H = h.shape[1] as number;
      const [u, uCandidate] = tf.split(transposed, [2 * H, H], 0);
      const read = masked(h);
      const reset = tf.mul(r, read);
      const dg = tf.mul(tf.mul(dh, tf.sub(1, z)), tanhSlope(g));
      const dReset = tf.matMul(dg, uCandidate);
      const dz = tf.mul(tf.mul(dh, tf.sub(h, g)), sigmoidSlope(z));
      const dr = tf.mul(tf.mul(dReset, read), sigmoidSlope(r));
      const gates = tf.concat([dz, dr], 1);
      const dRead = tf.add(tf.mul(dReset, r), tf.matMul(gates, u));
      return {
        z: tf.concat([gates, dg], 1),
        before: [tf.add(tf.mul(dh, z), masked(dRead))],
        recurrentKernel: tf.concat([matMulTransposeA(read, gates), matMulTransposeA(reset, dg)], 1),
      };
    },
  });
}

/** The gated recurrent unit of PyTorch and cuDNN: as above, but g = tanh(x Wg + bg + r (h Ug + cg)). */
function gruResetAfter(mask?: tf.Tensor): Recurrence {
  const masked = (h: tf.Tensor) => (mask ? tf.mul(h, mask) : h);
  return plainRecurrence({
    forward(input, [h], { recurrentKernel, recurrentBias }) {
      const [xz, xr, xg] = tf.split(input, 3, 1);
      const product = tf.add(tf.matMul(masked(h), recurrentKernel), recurrentBias as tf.Tensor);
      const [hz, hr, inner] = tf.split(product, 3, 1);
      const z = tf.sigmoid(tf.add(xz, hz));
      const r = tf.sigmoid(tf.add(xr, hr));
      const g = tanh(tf.add(xg, tf.mul(r, inner)));
      return { state: [tf.add(g, tf.mul(z, tf.sub(h, g)))], saved: [z, r, g, inner] };
    },
    backward([, z, r, g, inner], [h], [dh], { transposed }) {
      const dz = tf.mul(tf.mul(dh, tf.sub(h, g)), sigmoidSlope(z));
      const dg = tf.mul(tf.mul(dh, tf.sub(1, z)), tanhSlope(g));
      const dr = tf.mul(tf.mul(dg, inner), sigmoidSlope(r));
      const product = tf.concat([dz, dr, tf.mul(dg, r)], 1);
      return {
        z: tf.concat([dz, dr, dg], 1),
        before: [tf.add(tf.mul(dh, z), masked(tf.matMul(product, transposed)))],
        recurrentKernel: matMulTransposeA(masked(h), product),
        recurrentBias: tf.sum(product, 0),
      };
    },
  });
}

/** The simple recurrent layer (Elman 1990), h' = tanh(x W + h U + b). */
function simpleRnn(mask?: tf.Tensor): Recurrence {
  const masked = (h: tf.Tensor) => (mask ? tf.mul(h, mask) : h);
  return plainRecurrence({
    forward(z, [h], { recurrentKernel }) {
      return { state: [tanh(tf.add(z, tf.matMul(masked(h), recurrentKernel)))], saved: [] };
    },
    backward([newH], [h], [dh], { transposed }) {
      const z = tf.mul(dh, tanhSlope(newH));
      return {
        z,
        before: [masked(tf.matMul(z, transposed))],
        recurrentKernel: matMulTransposeA(masked(h), z),
      };
    },
  });
}

const recurrences: Record<CellKind, (mask?: tf.Tensor) => Recurrence> = {
  lstm,
  gru,
  gruResetAfter,
  simpleRnn,
};

/** A recurrence in plain operations. @param mask [N, H] */
export function plainCell(cell: CellKind, mask?: tf.Tensor): Recurrence {
  return recurrences[cell](mask);
}
