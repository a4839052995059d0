import { tf } from "../engine/tensorflow";
import { nameOf } from "./batch";
import type { Loss } from "./options";

/** @throws Error where a loss is no function */
export function requireLoss(loss: unknown): asserts loss is Loss {
  if (typeof loss === "function") return;
  throw new Error(
    `loss is ${nameOf(loss)}, but must be a function from outputs and targets to a scalar: leave it out ` +
      "for the cross-entropy of classes, or use meanSquaredError where numbers are to be predicted.",
  );
}

/** What a loss gave, as a scalar. @throws Error where it gave none */
export function scalarOf(value: unknown): tf.Scalar {
  if (!(value instanceof tf.Tensor)) {
    throw new Error(
      `The loss gave ${nameOf(value)}, but must give a scalar tensor. Is a return missing, or was ` +
        "dataSync() called in it?",
    );
  }
  if (value.size !== 1) {
    throw new Error(
      `The loss gave a tensor of the shape [${value.shape}], but must give one number, the mean: ` +
        "put tf.mean(...) around it.",
    );
  }
  return (value.rank === 0 ? value : tf.reshape(value, [])) as tf.Scalar;
}
