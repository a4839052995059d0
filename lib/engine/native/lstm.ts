import { lstmBackward } from "./lstmBackward";
import { recordLargeLstm } from "./lstmSteps";
import { concat, unstack } from "./matrices";
import { boolAttribute, computeAll, floatAttribute, long, release, zeros } from "./operations";
import type { NativeRecurrence } from "./recurrence";
import { lastStep } from "./sequences";

const FORWARD_ATTRIBUTES = [floatAttribute("cell_clip", 0), boolAttribute("use_peephole", false)];

/**
 * A long short-term memory (Hochreiter & Schmidhuber 1997, with the forget gate of Gers,
 * Schmidhuber & Cummins 2000) on TensorFlow's fused kernels:
 *
 *     i = σ(x Wi + h Ui + bi)    f = σ(x Wf + h Uf + bf)    o = σ(x Wo + h Uo + bo)
 *     g = tanh(x Wg + h Ug + bg)    c' = f c + i g    h' = o tanh c'
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
      FORWARD_ATTRIBUTES,
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
    for (const each of Object.values(steps)) release(...each);
    return results;
  },

  record: recordLargeLstm,
};
