import { engine } from "../engine/choice";
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
  return engine().crossEntropy(logits, labels, weights && sharesOf(weights, leading));
}

describeLoss(sparseSoftmaxCrossEntropy, { kind: "crossEntropy" });
