import { type LstmSteps, lstmBackward } from "./lstmBackward";
import { add, matMul, multiply, sigmoid, split, stack, tanh } from "./matrices";
import type { Handle } from "./operations";
import type { Inputs, RecordedSequence, Sizes } from "./recurrence";
import { projectInput } from "./sequences";

/** From so many weights by the input on, BlockLSTM waits for memory: 2 MB. */
const LARGE = 2 ** 19;

/**
 * The forward pass of a large LSTM in a recording, one operation after the other. BlockLSTM multiplies
 * [x, h] with [W; U] in every step, and so reads W from memory T times. Here x W + b is one product
 * for the whole sequence, and only U is read in every step. With a few megabytes of weights that
 * saves more than fused elementwise operations do: the second layer of 2 x 512 takes three quarters of
 * the time. (The first one, whose x is one-hot, gains nothing.)
 */
export function recordLargeLstm(inputs: Inputs, sizes: Sizes): RecordedSequence | undefined {
  const { T, D, H } = sizes;
  if (inputs.indices !== undefined || 4 * H * D < LARGE) return undefined;
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
