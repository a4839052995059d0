import type { LossDescription } from "../engine";
import type { tf } from "../tensorflow";
import { differentiable } from "../tensorflow";
import { compute, computeAll, float, type Handle, ints, release } from "./operations";
import { add, handleOf, multiply, reshape, subtract, toTensor } from "./tensors";

/**
 * A loss on handles.
 *
 * @param outputs [rows, D]
 * @param targets int32 [rows] for classes, float32 [rows, D] for numbers
 * @returns each row's loss [rows], and its gradient by the outputs [rows, D]
 */
export function lossesOfRows(
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
  if (loss.kind === "absoluteError") return { cost: size, slope: compute("Sign", [d]) };
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
