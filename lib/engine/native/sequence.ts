import type { CellKind, Recurrence, SequenceWeights } from "../engine";
import type { tf } from "../tensorflow";
import { NativeGraph } from "./graph";
import { nativeGru } from "./gru";
import { nativeGruResetAfter } from "./gruResetAfter";
import { nativeLstm } from "./lstm";
import type { Handle } from "./operations";
import type { Gradients, Inputs, NativeRecurrence, Sizes } from "./recurrence";
import { nativeSimpleRnn } from "./simpleRnn";
import { cut, gradientsTogether, handleOf, join, partsFor, sum, toTensor } from "./tensors";

export const nativeRecurrences: Record<CellKind, NativeRecurrence> = {
  lstm: nativeLstm,
  gru: nativeGru,
  gruResetAfter: nativeGruResetAfter,
  simpleRnn: nativeSimpleRnn,
};

/**
 * A recurrence on tensors, made of the one on handles.
 *
 * @param training run it as a graph where that pays (see below). Recording one takes as long as
 *   some hundred steps do, so for a single prediction it does not
 */
export function nativeSequence(cell: CellKind, training: boolean): Recurrence {
  const native = nativeRecurrences[cell];
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
        for (const tensor of saved) {
          tensor.dispose();
        }
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

function inputsOf(x: tf.Tensor, initial: tf.Tensor[], weights: SequenceWeights): Inputs {
  return {
    x: handleOf(x),
    initial: initial.map(handleOf),
    kernel: handleOf(weights.kernel),
    recurrentKernel: handleOf(weights.recurrentKernel),
    bias: handleOf(weights.bias),
  };
}

/**
 * A recurrence recorded as graphs, for sequences of one size. The batch is cut into parts that are
 * computed side by side, one on each core: sequences of a batch do not know of each other, so only
 * the order changes in which the gradients by the weights are summed.
 */
interface SequenceGraph {
  /** How many parts the batch is cut into; the saved tensors come in as many. */
  parts: number;
  forward(inputs: Inputs): { sequence: Handle; final: Handle[]; saved: Handle[] };
  backward(
    inputs: Inputs,
    saved: Handle[],
    gradients: { sequence?: Handle; final: (Handle | undefined)[] },
    wanted: { x: boolean; initial: boolean },
  ): Gradients;
}

/** Recording takes time and memory; sizes that come later than these are run step by step. */
const MOST_GRAPHS = 32;
/** The longest sequence that is unrolled. */
const LONGEST = 200;

const graphs = new Map<string, SequenceGraph>();

/** The graphs of a recurrence for sequences of a size, or undefined where they do not pay. */
function graphOf(native: NativeRecurrence, sizes: Sizes): SequenceGraph | undefined {
  const { N, T, D, H } = sizes;
  if (T > LONGEST) {
    return undefined;
  }
  const key = [native.name, N, T, D, H].join(" ");
  let graph = graphs.get(key);
  if (!graph && graphs.size < MOST_GRAPHS) {
    graph = recordGraphs(native, sizes, partsFor(N));
    graphs.set(key, graph);
  }
  return graph;
}

function recordGraphs(native: NativeRecurrence, sizes: Sizes, parts: number): SequenceGraph {
  const part = { ...sizes, N: sizes.N / parts };
  const cutInputs = ({ x, initial, ...weights }: Inputs): Inputs[] => {
    const xs = cut(x, parts, 1);
    const states = initial.map((each) => cut(each, parts, 0));
    return xs.map((x, p) => ({ x, initial: states.map((each) => each[p]), ...weights }));
  };

  const stateCount = native.stateCount;
  const forward = new NativeGraph(4 + stateCount, (handles) => {
    const results = cutInputs(named(handles, stateCount)).map((each) => native.forward(each, part));
    const final = results[0].final.map((_, i) =>
      join(
        results.map((each) => each.final[i]),
        0,
      ),
    );
    const sequence = join(
      results.map((each) => each.saved[0]),
      1,
    );
    const saved = results.flatMap((each) => each.saved);
    return parts > 1 ? [...final, ...saved, sequence] : [...final, ...saved];
  });

  /** By which of the outputs there is a gradient decides what the graph reads. */
  const backward = new Map<string, NativeGraph>();
  const backwardFor = (withSequence: boolean, withFinal: boolean[]) => {
    const key = [withSequence, ...withFinal].join();
    let graph = backward.get(key);
    if (graph) {
      return graph;
    }
    const given = Number(withSequence) + withFinal.filter(Boolean).length;
    const savedCount = parts * native.savedCount;
    graph = new NativeGraph(4 + stateCount + savedCount + given, (handles) => {
      const inputs = cutInputs(named(handles, stateCount));
      const saved = handles.slice(4 + stateCount, 4 + stateCount + savedCount);
      const rest = handles.slice(4 + stateCount + savedCount);
      const sequences = withSequence ? cut(rest.shift() as Handle, parts, 1) : [];
      const finals = withFinal.map((is) => (is ? cut(rest.shift() as Handle, parts, 0) : []));
      const results = inputs.map((each, p) =>
        native.backward(
          each,
          saved.slice(p * native.savedCount, (p + 1) * native.savedCount),
          { sequence: sequences[p], final: finals.map((parts) => parts[p]) },
          part,
          { x: true, initial: true },
        ),
      );
      return [
        sum(results.map((each) => each.kernel)),
        sum(results.map((each) => each.recurrentKernel)),
        sum(results.map((each) => each.bias)),
        ...results[0].initial.map((_, i) =>
          join(
            results.map((each) => each.initial[i]),
            0,
          ),
        ),
        join(
          results.map((each) => each.x as Handle),
          1,
        ),
      ];
    });
    backward.set(key, graph);
    return graph;
  };

  return {
    parts,
    forward(inputs) {
      const results = forward.run(flat(inputs));
      const final = results.slice(0, stateCount);
      const saved = results.slice(stateCount, stateCount + parts * native.savedCount);
      return { final, saved, sequence: parts > 1 ? results[results.length - 1] : saved[0] };
    },
    backward(inputs, saved, { sequence, final }, wanted) {
      const graph = backwardFor(
        sequence !== undefined,
        final.map((each) => each !== undefined),
      );
      const given = [sequence, ...final].filter((each): each is Handle => each !== undefined);
      const places = [0, 1, 2];
      if (wanted.initial) {
        for (let i = 0; i < stateCount; i++) {
          places.push(3 + i);
        }
      }
      if (wanted.x) {
        places.push(3 + stateCount);
      }
      const [kernel, recurrentKernel, bias, ...rest] = graph.run(
        [...flat(inputs), ...saved, ...given],
        places,
      );
      const x = wanted.x ? rest.pop() : undefined;
      return { x, initial: rest, kernel, recurrentKernel, bias };
    },
  };
}

function flat({ x, initial, kernel, recurrentKernel, bias }: Inputs): Handle[] {
  return [x, kernel, recurrentKernel, bias, ...initial];
}

function named([x, kernel, recurrentKernel, bias, ...rest]: Handle[], stateCount: number): Inputs {
  return { x, kernel, recurrentKernel, bias, initial: rest.slice(0, stateCount) };
}
