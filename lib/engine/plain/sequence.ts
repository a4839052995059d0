import type { InputGradients, OutputGradients, Recorded, Recurrence } from "../engine";
import { tf } from "../tensorflow";

/** The weights that act between time steps; the products with x are done for all steps at once. */
export interface RecurrentWeights {
  /** U [H, G H] */
  recurrentKernel: tf.Tensor;
  /** Uᵀ [G H, H] */
  transposed: tf.Tensor;
  /** Added to h U, [G H]; only of a GRU that resets after the product. */
  recurrentBias?: tf.Tensor;
}

/** One time step of a recurrent layer in plain operations. */
export interface PlainCell {
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

export interface PlainStep {
  /** The new state; its first tensor is the output. */
  state: tf.Tensor[];
  saved: tf.Tensor[];
}

export interface PlainStepGradients {
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
export function plainRecurrence(cell: PlainCell): Recurrence {
  return {
    forward(x, initial, weights) {
      const [T, N, D] = x.shape;
      const [inputBias, recurrentBias] = biases(weights.bias);
      const flat = tf.reshape(x, [T * N, D]);
      const z = tf.add(tf.matMul(flat, weights.kernel as tf.Tensor2D), inputBias);
      const recurrent = withTranspose(weights.recurrentKernel, recurrentBias);
      const outputs: tf.Tensor[] = [];
      const saved: tf.Tensor[] = [];
      let state = initial;
      for (let t = 0; t < T; t++) {
        const before = state;
        const step = tf.tidy(() => {
          const { state, saved } = cell.forward(rows(z, t, N), before, recurrent);
          return [...state, ...saved];
        });
        state = step.slice(0, initial.length);
        outputs.push(state[0]);
        saved.push(...step);
      }
      const sequence = tf.stack(outputs);
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
      if (flatGradients) dState[0] = tf.add(dState[0], rows(flatGradients, t, N));
      const back = cell.backward(step(t), before, dState, recurrent);
      const sums = [tf.add(dRecurrent, back.recurrentKernel)];
      if (dRecurrentBias && back.recurrentBias)
        sums.push(tf.add(dRecurrentBias, back.recurrentBias));
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
  if (!onWebAssembly()) return tf.slice(x, [t * N, 0], [N, x.shape[1] as number]);
  return tf.gather(x, tf.range(t * N, (t + 1) * N, 1, "int32"));
}

/** The bias of x W, and that of h U where there is one. */
function biases(bias: tf.Tensor): [tf.Tensor, tf.Tensor | undefined] {
  if (bias.rank === 1) return [bias, undefined];
  const [input, recurrent] = tf.unstack(bias);
  return [input, recurrent];
}

function withTranspose(
  recurrentKernel: tf.Tensor,
  recurrentBias: tf.Tensor | undefined,
): RecurrentWeights {
  return { recurrentKernel, transposed: tf.transpose(recurrentKernel), recurrentBias };
}
