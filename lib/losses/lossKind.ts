import type { Handle } from "../engine/native/operations";
import type { tf } from "../engine/tensorflow";

/** From outputs, targets and, where given, weights to the mean loss, a scalar. */
type LossFunction = (output: tf.Tensor, targets: tf.Tensor, weights?: tf.Tensor) => tf.Tensor;

/** What a loss of this library is compared with: numbers of classes, or numbers like the outputs. */
export type TargetKind = "classes" | "numbers";

/** How a loss takes part in the recording of a whole training step as one graph. */
export interface RecordedLoss {
  targets: TargetKind;
  /**
   * @param outputs [rows, D]
   * @param targets int32 [rows] for classes, float32 [rows, D] for numbers
   * @returns each row's loss [rows], and its gradient by the outputs [rows, D]
   */
  record(outputs: Handle, targets: Handle, D: number): { losses: Handle; slopes: Handle };
}

// A loss keeps its kind over a reload of the library, a recording belongs to the library that runs.
const KIND = Symbol.for("karenina.lossTargets");
const recordings = new WeakMap<object, RecordedLoss>();

/** Makes it known that a loss takes weights, and how it is recorded. */
export function describeLoss<Loss extends LossFunction>(loss: Loss, recorded: RecordedLoss): Loss {
  Object.defineProperty(loss, KIND, { value: recorded.targets });
  recordings.set(loss, recorded);
  return loss;
}

/** What a loss compares with; undefined of one that is not of this library. */
export function targetKindOf(loss: unknown): TargetKind | undefined {
  return (loss as { [KIND]?: TargetKind } | undefined)?.[KIND];
}

/** How a loss is recorded; undefined of one that can only be taped. */
export function recordedLossOf(loss: object): RecordedLoss | undefined {
  return recordings.get(loss);
}
