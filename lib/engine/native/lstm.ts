import {
  boolAttribute,
  computeAll,
  floatAttribute,
  type Handle,
  long,
  release,
  zeros,
} from "./operations";
import { recordOwnLstm } from "./ownLstm";
import { ownOperations } from "./ownOperations";
import {
  type Gradients,
  type Inputs,
  kernelGradient,
  lastStep,
  type NativeRecurrence,
  outputGradients,
  projectInput,
  type RecordedSequence,
  type Sizes,
  stackRows,
  statesBefore,
} from "./recurrence";
import {
  add,
  concat,
  matMul,
  matMulTransposeA,
  multiply,
  reshape,
  sigmoid,
  slice,
  split,
  stack,
  sumRows,
  tanh,
  transpose,
  unstack,
} from "./tensors";

const NO_PEEPHOLE = [boolAttribute("use_peephole", false)];
const SEQUENCE_ATTRIBUTES = [floatAttribute("cell_clip", 0), ...NO_PEEPHOLE];
// LSTMBlockCell adds 1 to the forget gate and clips c to ±3 unless told otherwise.
const STEP_ATTRIBUTES = [floatAttribute("forget_bias", 0), ...SEQUENCE_ATTRIBUTES];

/**
 * The long short-term memory of plain/recurrence.ts on TensorFlow's fused kernels.
 *
 * Forward, the operation BlockLSTMV2 runs a whole sequence at once. It wants the gates side by side
 * in the order i, f, g, o, which is also that of tf.layers.lstm, and returns the activations that the
 * gradient needs. A cell_clip of 0 switches its clipping of c off.
 */
export const nativeLstm: NativeRecurrence = {
  name: "lstm",
  stateCount: 2,
  savedCount: 7,

  forward({ x, initial: [h0, c0], kernel, recurrentKernel, bias }, sizes) {
    const weights = concat([kernel, recurrentKernel], 0);
    const none = zeros(sizes.H); // peephole weights
    const [i, cs, f, o, g, tanhC, hs] = computeAll(
      "BlockLSTMV2",
      [long(sizes.T), x, c0, h0, weights, none, none, none, bias],
      7,
      SEQUENCE_ATTRIBUTES,
    );
    release(weights);
    return {
      final: [lastStep(hs, sizes), lastStep(cs, sizes)],
      saved: [hs, cs, i, f, o, g, tanhC],
    };
  },

  backward(inputs, saved, gradients, sizes, wanted) {
    const [cs, i, f, o, g, tanhC] = saved.slice(1).map((each) => unstack(each, sizes.T));
    const steps = { cs, i, f, o, g, tanhC };
    const results = lstmBackward(inputs, saved[0], steps, gradients, sizes, wanted);
    for (const each of Object.values(steps)) {
      release(...each);
    }
    return results;
  },

  cell({ kernel, recurrentKernel, bias }, H) {
    const joined = concat([kernel, recurrentKernel], 0);
    const [weights, ownBias] = [exchangeGates(joined, 1), exchangeGates(bias, 0)];
    release(joined);
    return {
      weights: [weights, ownBias],
      step: (x, state) => lstmStep(x, state, weights, ownBias, H),
    };
  },

  record: (inputs, sizes) =>
    ownOperations() === undefined ? recordLarge(inputs, sizes) : recordOwnLstm(inputs, sizes),
};

/**
 * Exchanges the two gates in the middle along an axis: from the order i, f, g, o, that of the layer and
 * of sequences, to the order i, g, f, o that the kernels for a single step have, and back.
 */
export function exchangeGates(gates: Handle, axis: number): Handle {
  const [first, second, third, last] = split(gates, 4, axis);
  const exchanged = concat([first, third, second, last], axis);
  release(first, second, third, last);
  return exchanged;
}

/**
 * One step by LSTMBlockCell: the next h and c.
 *
 * @param weights rows of x above those of h; columns, as the bias, in the order i, g, f, o
 */
export function lstmStep(
  x: Handle,
  [h, c]: Handle[],
  weights: Handle,
  bias: Handle,
  H: number,
): [Handle, Handle] {
  const none = zeros(H); // peephole weights
  const inputs = [x, c, h, weights, none, none, none, bias];
  const [i, newC, f, o, g, tanhC, newH] = computeAll("LSTMBlockCell", inputs, 7, STEP_ATTRIBUTES);
  release(i, f, o, g, tanhC);
  return [newH, newC];
}

/** What an LSTM's backward pass needs of each step, all [N, H]. */
interface LstmSteps {
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
function lstmBackward(
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
      NO_PEEPHOLE,
    );
    release(dc, dh, step[2], step[3], step[4]);
    if (dhTotal !== dh) {
      release(dhTotal);
    }
    [dc, gates[t]] = step;
    if (t > 0) {
      dh = matMul(gates[t], uTransposed);
    }
  }
  release(uTransposed, ...above);
  return { gates: stackRows(gates, T * N, 4 * H), dc };
}

/** The transpose of [M, 4 H] in the order i, f, g, o: [4 H, M] in the order i, g, f, o. */
function transposeGates(matrix: Handle): Handle {
  const transposed = transpose(matrix);
  const exchanged = exchangeGates(transposed, 0);
  release(transposed);
  return exchanged;
}

/** Gates in the order i, g, f, o along an axis, put back to i, f, g, o. Releases what it is given. */
function restoreGateOrder(gradient: Handle, axis: number): Handle {
  const restored = exchangeGates(gradient, axis);
  release(gradient);
  return restored;
}

/** From so many weights by the input on, BlockLSTM waits for memory: 2 MB. */
const LARGE = 2 ** 19;

/**
 * The forward pass of a large LSTM in a recording, one operation after the other. BlockLSTM multiplies
 * [x, h] with [W; U] in every step, and so reads W from memory T times. Here x W + b is one product
 * for the whole sequence, and only U is read in every step. With a few megabytes of weights that
 * saves more than fused elementwise operations do: the second layer of 2 x 512 takes three quarters of
 * the time. (The first one, whose x is one-hot, gains nothing.)
 */
function recordLarge(inputs: Inputs, sizes: Sizes): RecordedSequence | undefined {
  const { T, D, H } = sizes;
  if (inputs.indices !== undefined || 4 * H * D < LARGE) {
    return undefined;
  }
  const projected = projectInput(inputs, inputs.bias, sizes, 4 * H);
  const steps: LstmSteps = { cs: [], i: [], f: [], o: [], g: [], tanhC: [] };
  const hs: Handle[] = [];
  let [h, c] = inputs.initial;
  for (let t = 0; t < T; t++) {
    const sums = split(add(projected[t], matMul(h, inputs.recurrentKernel)), 4, 1);
    const [i, f, o] = [sigmoid(sums[0]), sigmoid(sums[1]), sigmoid(sums[3])];
    const g = tanh(sums[2]);
    c = add(multiply(f, c), multiply(i, g));
    const tanhC = tanh(c);
    h = multiply(o, tanhC);
    hs.push(h);
    for (const [name, value] of Object.entries({ cs: c, i, f, o, g, tanhC })) {
      steps[name as keyof LstmSteps].push(value);
    }
  }
  const sequence = stack(hs);
  return {
    sequence,
    final: [h, c],
    backward: (gradients, wanted) =>
      lstmBackward(inputs, sequence, steps, gradients, sizes, wanted),
  };
}
