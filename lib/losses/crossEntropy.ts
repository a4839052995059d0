import { differentiable } from "../engine/differentiable";
import { multiply, reshape } from "../engine/native/matrices";
import {
  compute,
  computeAll,
  float,
  type Handle,
  handleOf,
  ints,
  isNative,
  release,
  toTensor,
} from "../engine/native/operations";
import { tf } from "../engine/tensorflow";
import { checkLabels, requireTensors, sharesOf } from "./lossInputs";
import { describeLoss } from "./lossKind";

/**
 * The mean cross-entropy between a softmax of logits and the right classes, in nats:
 *
 *     -(1/M) Σ log softmax(logits_m)[label_m]
 *
 * Classes are given by their numbers: one-hot targets, V times as large, are never made. Softmax and
 * logarithm are taken together, so that large logits do not overflow.
 *
 * With weights w it is the weighted mean, Σ w_m loss_m / Σ w_m, as of PyTorch's CrossEntropyLoss with
 * `weight`. (Keras divides by M instead.)
 *
 * @param logits [..., V], any leading dimensions, M numbers in all
 * @param labels int32, the leading dimensions of `logits`, each 0 ... V - 1
 * @param weights of the shape of `labels`, 0 or more each; no gradient flows to them. Default: all alike
 * @returns a scalar; gradients flow to `logits`
 * @throws Error if shapes or types do not fit, a label is out of range, or all weights are 0
 */
export function sparseSoftmaxCrossEntropy(
  logits: tf.Tensor,
  labels: tf.Tensor,
  weights?: tf.Tensor,
): tf.Scalar {
  requireTensors("sparseSoftmaxCrossEntropy", logits, labels);
  const V = logits.shape[logits.rank - 1];
  const leading = logits.shape.slice(0, -1);
  if (labels.dtype !== "int32" || labels.shape.join() !== leading.join() || logits.rank === 0) {
    throw new Error(
      `For logits of the shape [${logits.shape}] the labels must be int32 class numbers of the shape ` +
        `[${leading}], but they are ${labels.dtype} of the shape [${labels.shape}]. Make them with ` +
        '`tf.tensor(values, shape, "int32")`; one-hot rows become numbers by `tf.argMax(rows, -1)`. ' +
        "Where numbers are to be predicted, not classes, use the loss meanSquaredError.",
    );
  }
  checkLabels(labels.dataSync(), V);
  if (logits.dtype !== "float32") {
    return sparseSoftmaxCrossEntropy(tf.cast(logits, "float32"), labels, weights);
  }
  const M = labels.size;
  if (weights) return weightedLoss(logits, labels, sharesOf(weights, leading), V);
  return (isNative ? nativeLoss : plainLoss)(logits, labels, M, V);
}

describeLoss(sparseSoftmaxCrossEntropy, {
  targets: "classes",
  record(outputs, targets) {
    const [losses, slopes] = lossAndSlope(outputs, targets);
    return { losses, slopes };
  },
});

/** One fused operation: each row's loss [M], and its gradient by the logits, softmax - one-hot [M, V]. */
function lossAndSlope(rows: Handle, classes: Handle): Handle[] {
  return computeAll("SparseSoftmaxCrossEntropyWithLogits", [rows, classes], 2);
}

function nativeLoss(logits: tf.Tensor, labels: tf.Tensor, M: number, V: number): tf.Scalar {
  const [mean] = differentiable(
    { logits },
    (save) => {
      const rows = reshape(handleOf(logits), M, V);
      const classes = reshape(handleOf(labels), M);
      const [losses, gradient] = lossAndSlope(rows, classes);
      const mean = compute("Mean", [losses, ints(0)]);
      release(rows, classes, losses);
      save([toTensor(gradient, [M, V])]);
      return [toTensor(mean, [])];
    },
    ([dLoss], [gradient]) => ({
      logits: () => {
        const scale = multiply(handleOf(dLoss), float(1 / M));
        const flat = multiply(handleOf(gradient), scale);
        const scaled = reshape(flat, ...logits.shape);
        release(scale, flat);
        return toTensor(scaled, logits.shape);
      },
    }),
  );
  return mean as tf.Scalar;
}

function plainLoss(logits: tf.Tensor, labels: tf.Tensor, M: number, V: number): tf.Scalar {
  const [mean] = differentiable(
    { logits },
    (save) => {
      const { losses, slopes } = plainRows(logits, labels, M, V);
      save([slopes]);
      return [tf.mean(losses)];
    },
    ([dLoss], [gradient]) => ({
      logits: () => tf.reshape(tf.mul(gradient, tf.div(dLoss, M)), logits.shape),
    }),
  );
  return mean as tf.Scalar;
}

/** Each row's loss [M, 1], and its gradient by the logits [M, V]. */
function plainRows(logits: tf.Tensor, labels: tf.Tensor, M: number, V: number) {
  const rows = tf.reshape(logits, [M, V]);
  const oneHot = tf.cast(tf.oneHot(tf.reshape(labels, [M]) as tf.Tensor1D, V), "float32");
  const shifted = tf.sub(rows, tf.max(rows, 1, true));
  const exponentials = tf.exp(shifted);
  const sums = tf.sum(exponentials, 1, true);
  const right = tf.sum(tf.mul(shifted, oneHot), 1, true);
  const slopes = tf.sub(tf.div(exponentials, sums), oneHot);
  return { losses: tf.sub(tf.log(sums), right), slopes };
}

function weightedLoss(
  logits: tf.Tensor,
  labels: tf.Tensor,
  shares: Float32Array,
  V: number,
): tf.Scalar {
  const M = labels.size;
  const [mean] = differentiable(
    { logits },
    (save) => {
      const { losses, slopes } = plainRows(logits, labels, M, V);
      const share = tf.tensor2d(shares, [M, 1]);
      save([tf.mul(slopes, share)]);
      return [tf.sum(tf.mul(losses, share))];
    },
    ([dLoss], [gradient]) => ({
      logits: () => tf.reshape(tf.mul(gradient, dLoss), logits.shape),
    }),
  );
  return mean as tf.Scalar;
}
