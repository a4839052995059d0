import { NativeGraph } from "./graph";
import type { Handle } from "./operations";
import { cut, join, partsFor, sum } from "./parts";
import type { Gradients, Inputs, NativeRecurrence, Sizes } from "./recurrence";

/**
 * A recurrence recorded as graphs, for sequences of one size. The batch is cut into parts that are
 * computed side by side, one on each core: sequences of a batch do not know of each other, so only
 * the order changes in which the gradients by the weights are summed.
 */
export interface SequenceGraph {
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
export function graphOf(native: NativeRecurrence, sizes: Sizes): SequenceGraph | undefined {
  const { N, T, D, H } = sizes;
  if (T > LONGEST) return undefined;
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
    if (graph) return graph;
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
      if (wanted.initial) for (let i = 0; i < stateCount; i++) places.push(3 + i);
      if (wanted.x) places.push(3 + stateCount);
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
