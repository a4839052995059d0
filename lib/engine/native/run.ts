import type { Recurrence, Weights } from "../../layers/recurrence";
import { gradientsTogether } from "../gradientsTogether";
import type { tf } from "../tensorflow";
import { graphOf } from "./graphs";
import { type Handle, handleOf, toTensor } from "./operations";
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
      const stateNames = initial.map((_, i) => `initial${i}`);
      const shapes: Record<string, number[]> = {
        x: x.shape,
        ...Object.fromEntries(stateNames.map((name, i) => [name, initial[i].shape])),
        kernel: weights.kernel.shape,
        recurrentKernel: weights.recurrentKernel.shape,
        bias: weights.bias.shape,
      };
      const all = gradientsTogether(shapes, (first) => {
        // Whoever wants the gradient by x may want that by the initial state too.
        const wantsX = first === "x";
        const results = compute({ x: wantsX, initial: wantsX || stateNames.includes(first) });
        const { initial, ...rest } = results;
        return { ...rest, ...Object.fromEntries(initial.map((each, i) => [stateNames[i], each])) };
      });
      const { x: dx, kernel, recurrentKernel, bias } = all;
      return { x: dx, initial: stateNames.map((name) => all[name]), kernel, recurrentKernel, bias };
    },
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
