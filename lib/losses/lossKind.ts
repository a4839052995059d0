import type { LossDescription } from "../engine/engine";
import type { tf } from "../engine/tensorflow";

/** From outputs, targets and, where given, weights to the mean loss, a scalar. */
type LossFunction = (output: tf.Tensor, targets: tf.Tensor, weights?: tf.Tensor) => tf.Tensor;

/** What a loss of this library is compared with: numbers of classes, or numbers like the outputs. */
export type TargetKind = "classes" | "numbers";

// Under a symbol that a reload of the library does not change: a loss keeps its description over it.
const DESCRIPTION = Symbol.for("karenina.loss");

/** Makes it known what a loss computes: that it takes weights, and that an engine may fuse it. */
export function describeLoss<Loss extends LossFunction>(
  loss: Loss,
  description: LossDescription,
): Loss {
  return Object.defineProperty(loss, DESCRIPTION, { value: description });
}

/** What a loss computes; undefined of one that is not of this library. */
export function lossDescriptionOf(loss: unknown): LossDescription | undefined {
  return (loss as { [DESCRIPTION]?: LossDescription } | undefined)?.[DESCRIPTION];
}

/** What a loss compares with; undefined of one that is not of this library. */
export function targetKindOf(loss: unknown): TargetKind | undefined {
  const description = lossDescriptionOf(loss);
  return description && (description.kind === "crossEntropy" ? "classes" : "numbers");
}
