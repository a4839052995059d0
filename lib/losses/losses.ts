import { engine } from "../engine/choice";
import type { LossDescription } from "../engine/engine";
import { differentiable, tf } from "../engine/tensorflow";
import { requirePositive } from "../options";
import { checkLabels, describeLoss, requireTensors, rowsShape, sharesOf } from "./lossInputs";

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

/** A loss between a model's outputs and the numbers that they should be. */
export type RegressionLoss = (
  output: tf.Tensor,
  targets: tf.Tensor,
  weights?: tf.Tensor,
) => tf.Scalar;

/** What a difference d = output - target costs, and its derivative by d. */
interface Cost {
  of: (d: tf.Tensor) => tf.Tensor;
  slope: (d: tf.Tensor) => tf.Tensor;
}

/**
 * The mean squared error, 1/n Σ (output - target)² over all n numbers: PyTorch's MSELoss.
 *
 * With weights w, one for each row of outputs, it is Σ w_m loss_m / Σ w_m over the rows, loss_m being
 * the mean of a row.
 *
 * @param output [..., D], or [N]
 * @param targets of the same shape: nothing is stretched to fit. Whole numbers become float32
 * @param weights the leading dimensions of `output`, 0 or more each; no gradient flows to them
 * @returns a scalar; gradients flow to `output` and `targets`
 * @throws Error where the shapes differ, or all weights are 0
 *
 * @example
 * const model = mlp({ inputSize: 7, hiddenSizes: [16], outputSize: 1 });
 * await train(model, shuffledBatches({ x, y: y.reshape([-1, 1]) }, 32), { loss: meanSquaredError });
 */
export const meanSquaredError: RegressionLoss = regressionLoss(
  "meanSquaredError",
  { kind: "squaredError" },
  {
    of: tf.square,
    slope: (d) => tf.mul(d, 2),
  },
);

/**
 * The mean absolute error, 1/n Σ |output - target|: PyTorch's L1Loss, less troubled by outliers than
 * the squared error. Shapes and weights as of {@link meanSquaredError}.
 */
export const meanAbsoluteError: RegressionLoss = regressionLoss(
  "meanAbsoluteError",
  { kind: "absoluteError" },
  {
    of: tf.abs,
    slope: tf.sign,
  },
);

/**
 * Huber's loss (1964): d²/2 for |d| up to delta, beyond it delta (|d| - delta/2), which grows as slowly
 * as the absolute error: PyTorch's HuberLoss. Shapes and weights as of {@link meanSquaredError}.
 *
 * @param delta where it goes over from one to the other, above 0; default 1
 * @throws OptionError for another delta
 *
 * @example
 * await train(model, batches, { loss: huber(0.5) });
 */
export function huber(delta = 1): RegressionLoss {
  requirePositive({ delta });
  return regressionLoss(
    "huber",
    { kind: "huber", delta },
    {
      of: (d) => {
        const size = tf.abs(d);
        const inner = tf.minimum(size, delta);
        return tf.mul(inner, tf.sub(size, tf.mul(inner, 0.5)));
      },
      slope: (d) => tf.clipByValue(d, -delta, delta),
    },
  );
}

function regressionLoss(name: string, description: LossDescription, cost: Cost): RegressionLoss {
  const loss: RegressionLoss = (output, targets, weights) => {
    requireTensors(name, output, targets);
    requireSameShape(name, output.shape, targets.shape);
    const rows = rowsShape(output.shape);
    const shares = weights && sharesOf(weights, rows);
    return meanCost(tf.cast(output, "float32"), tf.cast(targets, "float32"), cost, (costs) => {
      if (!shares) {
        return tf.div(costs, output.size);
      }
      const D = output.size / shares.length;
      return tf.mul(
        costs,
        tf.tensor(
          shares.map((share) => share / D),
          [...rows, ...(output.rank > 1 ? [1] : [])],
        ),
      );
    });
  };
  return describeLoss(loss, description);
}

/** @param scaled what each number of the sum counts in the mean */
function meanCost(
  output: tf.Tensor,
  targets: tf.Tensor,
  cost: Cost,
  scaled: (values: tf.Tensor) => tf.Tensor,
): tf.Scalar {
  const [mean] = differentiable(
    { output, targets },
    (save) => {
      const d = tf.sub(output, targets);
      save([scaled(cost.slope(d))]);
      return [tf.sum(scaled(cost.of(d)))];
    },
    ([dLoss], [slope]) => ({
      output: () => tf.mul(slope, dLoss),
      targets: () => tf.neg(tf.mul(slope, dLoss)),
    }),
  );
  return mean as tf.Scalar;
}

function requireSameShape(loss: string, output: number[], targets: number[]): void {
  if (output.join() === targets.join()) {
    return;
  }
  const size = (shape: number[]) => shape.reduce((product, n) => product * n, 1);
  const remedy =
    size(output) === size(targets)
      ? `Give the targets the outputs' shape: y.reshape([${output}]).`
      : output[0] === targets[0]
        ? `The model gives ${size(output) / output[0]} numbers an example, but there are ` +
          `${size(targets) / targets[0]} to compare with: one of the two has to change.`
        : `There are ${output[0] ?? 1} examples on one side and ${targets[0] ?? 1} on the other.`;
  throw new Error(
    `${loss} was given outputs of the shape [${output}] and targets of the shape [${targets}], but ` +
      `compares number with number. ${remedy}`,
  );
}
