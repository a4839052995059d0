import { differentiable } from "../backend/differentiable";
import { multiply, reshape } from "../backend/nativeMatrices";
import {
  compute,
  computeAll,
  float,
  handleOf,
  ints,
  isNative,
  release,
  toTensor,
} from "../backend/nativeOperations";
import { tf } from "../backend/tensorflow";

/**
 * The mean cross-entropy between a softmax of logits and the right classes, in nats:
 *
 *     -(1/M) Σ log softmax(logits_m)[label_m]
 *
 * Classes are given by their numbers: one-hot targets, V times as large, are never made. Softmax and
 * logarithm are taken together, so that large logits do not overflow.
 *
 * @param logits [..., V], any leading dimensions, M numbers in all
 * @param labels int32, the leading dimensions of `logits`, each 0 ... V - 1
 * @returns a scalar; gradients flow to `logits`
 * @throws Error if shapes or types do not fit, or a label is out of range
 */
export function sparseSoftmaxCrossEntropy(logits: tf.Tensor, labels: tf.Tensor): tf.Scalar {
  const V = logits.shape[logits.rank - 1];
  const leading = logits.shape.slice(0, -1);
  if (labels.dtype !== "int32" || labels.shape.join() !== leading.join()) {
    throw new Error(
      `For logits of the shape [${logits.shape}] the labels must be int32 class numbers of the shape ` +
        `[${leading}], but they are ${labels.dtype} of the shape [${labels.shape}]. Make them with ` +
        '`tf.tensor(values, shape, "int32")`; one-hot rows become numbers by `tf.argMax(rows, -1)`.',
    );
  }
  const compute = isNative ? nativeLoss : plainLoss;
  return compute(logits, labels, labels.size, V);
}

/** One fused operation returns the losses and their gradient, softmax - one-hot. */
function nativeLoss(logits: tf.Tensor, labels: tf.Tensor, M: number, V: number): tf.Scalar {
  const [mean] = differentiable(
    { logits },
    (save) => {
      const rows = reshape(handleOf(logits), M, V);
      const classes = reshape(handleOf(labels), M);
      const [losses, gradient] = computeAll(
        "SparseSoftmaxCrossEntropyWithLogits",
        [rows, classes],
        2,
      );
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
  const wrong = labels.dataSync().find((label) => label < 0 || label >= V);
  if (wrong !== undefined) {
    throw new Error(`A label is ${wrong}, but with ${V} classes labels go from 0 to ${V - 1}.`);
  }
  const [mean] = differentiable(
    { logits },
    (save) => {
      const rows = tf.reshape(logits, [M, V]);
      const oneHot = tf.cast(tf.oneHot(tf.reshape(labels, [M]) as tf.Tensor1D, V), "float32");
      const shifted = tf.sub(rows, tf.max(rows, 1, true));
      const exponentials = tf.exp(shifted);
      const sums = tf.sum(exponentials, 1, true);
      const right = tf.sum(tf.mul(shifted, oneHot), 1, true);
      save([tf.sub(tf.div(exponentials, sums), oneHot)]);
      return [tf.mean(tf.sub(tf.log(sums), right))];
    },
    ([dLoss], [gradient]) => ({
      logits: () => tf.reshape(tf.mul(gradient, tf.div(dLoss, M)), logits.shape),
    }),
  );
  return mean as tf.Scalar;
}
