import type { LayerRecord, Recordable, Signal } from "../../layers/recording";
import { isRecurrentLayer } from "../../layers/recurrentLayer";
import type { RecordedLoss } from "../../losses/lossKind";
import type { tf } from "../tensorflow";
import type { GraphInput } from "./graph";
import { multiply, reshape, swapBatchAndTime } from "./matrices";
import { compute, type Handle, ints } from "./operations";

export type RecordableLayer = tf.layers.Layer & Recordable;

/** One part of a batch, and what its step reads besides. */
interface Part {
  /** int32 [T N] with time first, or float32 of `shape` */
  x: Handle;
  /** [N, T], [N, T, D] or [N, D] */
  shape: number[];
  type: GraphInput;
  /** Of classes int32, one for each row of logits: [T N] with time first, or [N]; else as the output. */
  y: Handle;
  loss: RecordedLoss;
  /** Whether each prediction's loss has a share of its own in the mean. */
  weighted: boolean;
  /**
   * What a loss counts in the mean: one over their number in the whole batch, or each one's part of the
   * weights, [T N] with time first or [N].
   */
  share: Handle;
  weights: Handle[];
  states: Handle[];
  /** int32 [2] each, one for each dropout mask */
  seeds: Handle[];
}

interface PartResult {
  /** This part's share of the mean loss. */
  loss: Handle;
  gradients: Handle[];
  states: Handle[];
}

/** Records forward and backward of one part through all layers. */
export function recordPart(layers: RecordableLayer[], part: Part): PartResult {
  const weights = [...part.weights];
  const states = [...part.states];
  const seeds = [...part.seeds];
  const records: LayerRecord[] = [];
  let signal = inputSignal(part);
  for (const layer of layers) {
    const record = layer.record(signal, {
      weights: weights.splice(0, layer.trainableWeights.length),
      states: isRecurrentLayer(layer) && layer.stateful ? takeStates(layer, states, part) : [],
      seed: () => seeds.shift() as Handle,
    });
    records.push(record);
    signal = record.output;
  }
  const { loss, gradient } = recordLoss(signal, part);
  return {
    loss,
    gradients: gradientsOf(records, gradient),
    states: records.flatMap((record) => record.states ?? []),
  };
}

function takeStates(
  layer: RecordableLayer & { stateShapes(N: number): number[][] },
  states: Handle[],
  { shape: [N] }: Part,
): Handle[] {
  return states.splice(0, layer.stateShapes(N).length);
}

/** The part's input with time first. */
function inputSignal({ x, shape, type }: Part): Signal {
  const [N, T] = shape;
  if (type === "int32") {
    const leading = shape.length === 1 ? [N] : [T, N];
    return { kind: "indices", handle: x, leading };
  }
  if (shape.length === 2) return { kind: "values", handle: x, leading: [N], D: T };
  return { kind: "values", handle: swapBatchAndTime(x), leading: [T, N], D: shape[2] };
}

/** The mean loss, and its gradient by the outputs. */
function recordLoss(signal: Signal, { y, loss, share, weighted }: Part) {
  const { handle, leading, D } = signal as Extract<Signal, { kind: "values" }>;
  const rows = leading.reduce((product, n) => product * n, 1);
  const { losses, slopes } = loss.record(
    reshape(handle, rows, D),
    loss.targets === "classes" ? y : numbersInRows(y, leading, D),
    D,
  );
  return {
    loss: weighted
      ? compute("Sum", [multiply(losses, share), ints(0)])
      : multiply(compute("Sum", [losses, ints(0)]), share),
    gradient: reshape(multiply(slopes, weighted ? reshape(share, rows, 1) : share), ...leading, D),
  };
}

/** Targets [N, T, D] or [N, D] as the rows of outputs: [T N, D] with time first, or [N, D]. */
function numbersInRows(y: Handle, leading: number[], D: number): Handle {
  if (leading.length === 1) return y;
  const rows = leading.reduce((product, n) => product * n, 1);
  return reshape(swapBatchAndTime(y), rows, D);
}

/** The chain rule from the last layer back to the first one that has weights. */
function gradientsOf(records: LayerRecord[], byOutput: Handle): Handle[] {
  const gradients: Handle[] = [];
  let gradient: Handle | undefined = byOutput;
  for (let place = records.length - 1; place >= 0 && gradient !== undefined; place--) {
    const { input, weights } = records[place].backward(gradient, place > 0);
    gradients.unshift(...weights);
    gradient = input;
  }
  return gradients;
}
