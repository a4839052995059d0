import type { LossDescription, StatefulLayer } from "../engine";
import { differentiable, type tf } from "../tensorflow";
import { isStateful, type RecordedLayer, sizeOf } from "../wholeSteps";
import type { GraphInput } from "./graph";
import { compute, computeAll, float, type Handle, ints, release } from "./operations";
import { ownOperations } from "./ownOperations";
import { type LayerRecord, recordLayer, type Signal, type Values } from "./recordedLayers";
import { add, handleOf, multiply, reshape, subtract, swapBatchAndTime, toTensor } from "./tensors";
import type { WeightGradient } from "./weightGradients";

/**
 * A loss on handles.
 *
 * @param outputs [rows, D]
 * @param targets int32 [rows] for classes, float32 [rows, D] for numbers
 * @returns each row's loss [rows], and its gradient by the outputs [rows, D]
 */
function lossesOfRows(
  loss: LossDescription,
  outputs: Handle,
  targets: Handle,
  D: number,
): { losses: Handle; slopes: Handle } {
  if (loss.kind === "crossEntropy") {
    const [losses, slopes] = softmaxAndLoss(outputs, targets);
    return { losses, slopes };
  }
  const { cost, slope } = costOf(loss, subtract(outputs, targets));
  return {
    losses: compute("Mean", [cost, ints(1)]),
    slopes: multiply(slope, float(1 / D)),
  };
}

/** One fused operation: each row's loss [M], and its gradient by the logits, softmax - one-hot [M, V]. */
function softmaxAndLoss(rows: Handle, classes: Handle): Handle[] {
  return computeAll("SparseSoftmaxCrossEntropyWithLogits", [rows, classes], 2);
}

/** What a difference d = output - target costs, and its derivative by d. */
function costOf(
  loss: Exclude<LossDescription, { kind: "crossEntropy" }>,
  d: Handle,
): { cost: Handle; slope: Handle } {
  if (loss.kind === "squaredError") {
    return { cost: compute("Square", [d]), slope: multiply(d, float(2)) };
  }
  const size = compute("Abs", [d]);
  if (loss.kind === "absoluteError") {
    return { cost: size, slope: compute("Sign", [d]) };
  }
  const { delta } = loss;
  const inner = compute("Minimum", [size, float(delta)]);
  const cost = multiply(inner, add(size, multiply(inner, float(-0.5))));
  return { cost, slope: compute("ClipByValue", [d, float(-delta), float(delta)]) };
}

/** The mean cross-entropy of logits [..., V] and labels int32 [...], differentiable by the logits. */
export function nativeCrossEntropy(logits: tf.Tensor, labels: tf.Tensor): tf.Scalar {
  const M = labels.size;
  const V = logits.size / M;
  const [mean] = differentiable(
    { logits },
    (save) => {
      const rows = reshape(handleOf(logits), M, V);
      const classes = reshape(handleOf(labels), M);
      const [losses, slopes] = softmaxAndLoss(rows, classes);
      const mean = compute("Mean", [losses, ints(0)]);
      release(rows, classes, losses);
      save([toTensor(slopes, [M, V])]);
      return [toTensor(mean, [])];
    },
    ([dLoss], [slopes]) => ({
      logits: () => {
        const scale = multiply(handleOf(dLoss), float(1 / M));
        const flat = multiply(handleOf(slopes), scale);
        const scaled = reshape(flat, ...logits.shape);
        release(scale, flat);
        return toTensor(scaled, logits.shape);
      },
    }),
  );
  return mean as tf.Scalar;
}

/** One part of a batch, and what its step reads besides. */
interface Part {
  /** int32 [T N] with time first, or float32 of `shape` */
  x: Handle;
  /** [N, T], [N, T, D] or [N, D] */
  shape: number[];
  type: GraphInput;
  /** Of classes int32, one for each row of logits: [T N] with time first, or [N]; else as the output. */
  y: Handle;
  loss: LossDescription;
  /** Whether each prediction's loss has a share of its own in the mean. */
  weighted: boolean;
  /**
   * What a loss counts in the mean: one over their number in the whole batch, or each one's part of the
   * weights, [T N] with time first or [N].
   */
  share: Handle;
  weights: Handle[];
  states: Handle[];
  /** The part's rows of a dropout mask; `place` counts the masks of a step. */
  mask: (place: number, shape: number[], rate: number) => Handle;
}

interface PartResult {
  /** This part's share of the mean loss. */
  loss: Handle;
  gradients: WeightGradient[];
  states: Handle[];
}

/** Records forward and backward of one part through all layers. */
export function recordPart(layers: RecordedLayer[], part: Part): PartResult {
  const weights = [...part.weights];
  const states = [...part.states];
  let masks = 0;
  const records: LayerRecord[] = [];
  let signal = inputSignal(part);
  for (const each of layers) {
    const stateCount = isStateful(each)
      ? (each.layer as StatefulLayer).stateShapes(part.shape[0]).length
      : 0;
    const record = recordLayer(each.description, signal, {
      weights: weights.splice(0, each.layer.trainableWeights.length),
      states: states.splice(0, stateCount),
      mask: (shape, rate) => part.mask(masks++, shape, rate),
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

/** The part's input with time first. */
function inputSignal({ x, shape, type }: Part): Signal {
  const [N, T] = shape;
  if (type === "int32") {
    const leading = shape.length === 1 ? [N] : [T, N];
    return { kind: "indices", handle: x, leading };
  }
  if (shape.length === 2) {
    return { kind: "values", handle: x, leading: [N], D: T };
  }
  return { kind: "values", handle: swapBatchAndTime(x), leading: [T, N], D: shape[2] };
}

/** The mean loss, and its gradient by the outputs. */
function recordLoss(signal: Signal, { y, loss, share, weighted }: Part) {
  const { handle, leading, D } = signal as Values;
  const rows = sizeOf(leading);
  if (loss.kind === "crossEntropy" && ownOperations() !== undefined) {
    const [mean, slopes] = computeAll("KareninaCrossEntropy", [handle, y, share], 2);
    return { loss: mean, gradient: reshape(slopes, ...leading, D) };
  }
  const targets = loss.kind === "crossEntropy" ? y : numbersInRows(y, leading, D);
  const { losses, slopes } = lossesOfRows(loss, reshape(handle, rows, D), targets, D);
  return {
    loss: weighted
      ? compute("Sum", [multiply(losses, share), ints(0)])
      : multiply(compute("Sum", [losses, ints(0)]), share),
    gradient: reshape(multiply(slopes, weighted ? reshape(share, rows, 1) : share), ...leading, D),
  };
}

/** Targets [N, T, D] or [N, D] as the rows of outputs: [T N, D] with time first, or [N, D]. */
function numbersInRows(y: Handle, leading: number[], D: number): Handle {
  if (leading.length === 1) {
    return y;
  }
  return reshape(swapBatchAndTime(y), sizeOf(leading), D);
}

/** The chain rule from the last layer back to the first one that has weights. */
function gradientsOf(records: LayerRecord[], byOutput: Handle): WeightGradient[] {
  const gradients: WeightGradient[] = [];
  let gradient: Handle | undefined = byOutput;
  for (let place = records.length - 1; place >= 0 && gradient !== undefined; place--) {
    const { input, weights } = records[place].backward(gradient, place > 0);
    gradients.unshift(...weights);
    gradient = input;
  }
  return gradients;
}
