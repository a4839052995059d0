import { differentiable } from "../engine/differentiable";
import type { Recurrence, SequenceWeights } from "../engine/engine";
import { tf } from "../engine/tensorflow";

/** How a recurrent layer reads one batch. */
export interface SequenceRun {
  /** [N, T, D] */
  x: tf.Tensor;
  /** Where it begins, each [N, H]. */
  initial: tf.Tensor[];
  /** Whether gradients flow into `initial`: it was given, not carried over. */
  initialGiven: boolean;
  weights: SequenceWeights;
  useBias: boolean;
  returnSequences: boolean;
  returnState: boolean;
  /** [N, H], what recurrent dropout leaves of h. */
  mask?: tf.Tensor;
  recurrence: (mask?: tf.Tensor) => Recurrence;
  /** Told the state after the last step. */
  onFinal: (final: tf.Tensor[]) => void;
}

/**
 * Runs a recurrence over a batch with tfjs's tape: from the batch-major layout of layers to the
 * time-major one of recurrences and back, forward and in the gradient.
 *
 * @returns the output, and with `returnState` the states after the last step
 */
export function runSequence(run: SequenceRun): tf.Tensor[] {
  const { x, initial, weights, returnSequences, returnState } = run;
  const { kernel, recurrentKernel, bias } = weights;
  const masks = run.mask ? [run.mask] : [];
  const inputs: Record<string, tf.Tensor> = { x };
  if (run.initialGiven) {
    initial.forEach((state, i) => {
      inputs[`initial${i}`] = state;
    });
  }
  Object.assign(inputs, { kernel, recurrentKernel });
  if (run.useBias) inputs.bias = bias;

  return differentiable(
    inputs,
    (save) => {
      const timeMajor = tf.transpose(x, [1, 0, 2]);
      const { sequence, final, saved } = run
        .recurrence(masks[0])
        .forward(timeMajor, initial, weights);
      save([timeMajor, ...initial, kernel, recurrentKernel, bias, ...masks, ...saved]);
      run.onFinal(final);
      const output = returnSequences ? tf.transpose(sequence, [1, 0, 2]) : final[0];
      // An output that is a state as well is cloned: the tape tells tensors apart by identity.
      return returnState ? [output, ...final.map((state) => state.clone())] : [output];
    },
    ([output, ...final], [timeMajor, ...rest]) => {
      const states = rest.splice(0, initial.length);
      const [savedKernel, savedRecurrent, savedBias] = rest.splice(0, 3);
      const [savedMask] = rest.splice(0, masks.length);
      const ofWeights = { kernel: savedKernel, recurrentKernel: savedRecurrent, bias: savedBias };
      const finals: (tf.Tensor | undefined)[] = returnState
        ? final
        : new Array(initial.length).fill(undefined);
      if (!returnSequences) finals[0] = finals[0] ? tf.add(finals[0], output) : output;
      const sequence = returnSequences ? tf.transpose(output, [1, 0, 2]) : undefined;
      const gradients = run
        .recurrence(savedMask)
        .backward(
          { x: timeMajor, initial: states, weights: ofWeights, saved: rest },
          { sequence, final: finals },
        );
      return {
        x: () => tf.transpose(gradients.x(), [1, 0, 2]),
        ...Object.fromEntries(gradients.initial.map((each, i) => [`initial${i}`, each])),
        kernel: gradients.kernel,
        recurrentKernel: gradients.recurrentKernel,
        bias: gradients.bias,
      } as Record<string, () => tf.Tensor>;
    },
  );
}
