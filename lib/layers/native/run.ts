import { emptyTensor, fill, type Handle, handleOf, toTensor } from "../../backend/nativeOperations";
import type { tf } from "../../backend/tensorflow";
import type { Recorded, Recurrence, Weights } from "../recurrence";
import { graphOf } from "./graphs";
import type { Gradients, Inputs, NativeRecurrence, Sizes } from "./recurrence";

/**
 * Makes a recurrence on tensors of one on handles.
 *
 * @param training run it as a graph where that pays (see graphs.ts). Recording one takes as long as
 *   some hundred steps do, so for a single prediction it does not
 */
export function nativeRecurrence(native: NativeRecurrence, training: boolean): Recurrence {
  return {
    forward(x, initial, weights) {
      const sizes = sizesOf(x, initial[0]);
      const inputs = inputsOf(x, initial, weights);
      const graph = training ? graphOf(native, sizes) : undefined;
      const { sequence, final, saved } = graph
        ? graph.forward(inputs)
        : withSequence(native.forward(inputs, sizes));
      const { T, N, H } = sizes;
      const shape = [T, N / (graph?.parts ?? 1), H];
      const tensors = saved.map((handle) => toTensor(handle, shape));
      return {
        // In one part, the hidden states are what was saved first.
        sequence: sequence === saved[0] ? tensors[0] : toTensor(sequence, [T, N, H]),
        final: final.map((handle) => toTensor(handle, [N, H])),
        saved: tensors,
      };
    },

    backward(recorded, gradients) {
      const { x, initial, weights, saved } = recorded;
      const sizes = sizesOf(x, initial[0]);
      const compute = (wanted: { x: boolean; initial: boolean }): Gradients => {
        const inputs = inputsOf(x, initial, weights);
        const given = {
          sequence: gradients.sequence && handleOf(gradients.sequence),
          final: gradients.final.map((each) => each && handleOf(each)),
        };
        const handles = saved.map(handleOf);
        const graph = training ? graphOf(native, sizes) : undefined;
        const results = graph
          ? graph.backward(inputs, handles, given, wanted)
          : native.backward(inputs, handles, given, sizes, wanted);
        // At once, because together they are much larger than all weights.
        for (const tensor of saved) tensor.dispose();
        gradients.sequence?.dispose();
        return results;
      };
      return lazily(recorded, compute);
    },
  };
}

/**
 * Computes all gradients when the first of them is asked for. That is when it shows which are wanted:
 * x comes first, then the initial state.
 */
function lazily(
  { x, initial, weights }: Recorded,
  compute: (wanted: { x: boolean; initial: boolean }) => Gradients,
) {
  // They are filled at the first call; tf.tidy frees whatever of them is not asked for.
  const tensors = {
    x: emptyTensor(x.shape),
    initial: initial.map((state) => emptyTensor(state.shape)),
    kernel: emptyTensor(weights.kernel.shape),
    recurrentKernel: emptyTensor(weights.recurrentKernel.shape),
    bias: emptyTensor(weights.bias.shape),
  };
  let done = false;
  const once = (wanted: { x: boolean; initial: boolean }) => {
    if (done) return;
    done = true;
    const results = compute(wanted);
    if (results.x !== undefined) fill(tensors.x, results.x);
    for (const [i, handle] of results.initial.entries()) fill(tensors.initial[i], handle);
    for (const name of ["kernel", "recurrentKernel", "bias"] as const) {
      fill(tensors[name], results[name]);
    }
  };
  const take = (tensor: tf.Tensor, wanted: { x: boolean; initial: boolean }) => () => {
    once(wanted);
    return tensor.clone();
  };
  return {
    // Whoever wants the gradient by x may want that by the initial state too.
    x: take(tensors.x, { x: true, initial: true }),
    initial: tensors.initial.map((tensor) => take(tensor, { x: false, initial: true })),
    kernel: take(tensors.kernel, { x: false, initial: false }),
    recurrentKernel: take(tensors.recurrentKernel, { x: false, initial: false }),
    bias: take(tensors.bias, { x: false, initial: false }),
  };
}

function withSequence({ final, saved }: { final: Handle[]; saved: Handle[] }) {
  return { sequence: saved[0], final, saved };
}

function sizesOf(x: tf.Tensor, state: tf.Tensor): Sizes {
  const [T, N, D] = x.shape as [number, number, number];
  return { T, N, D, H: state.shape[1] as number };
}

function inputsOf(x: tf.Tensor, initial: tf.Tensor[], weights: Weights): Inputs {
  return {
    x: handleOf(x),
    initial: initial.map(handleOf),
    kernel: handleOf(weights.kernel),
    recurrentKernel: handleOf(weights.recurrentKernel),
    bias: handleOf(weights.bias),
  };
}
