import type { Engine } from "../engine";
import { plainCrossEntropy } from "../plain/engine";
import { plainCell } from "../plain/recurrence";
import type { tf } from "../tensorflow";
import { nativeDense, nativeMask } from "./feedForward";
import { compute, createScalar, float, type Handle, int, release, valuesOf } from "./operations";
import { ownOperations } from "./ownOperations";
import { OwnSlots } from "./ownUpdates";
import { nativeCrossEntropy } from "./recordedPart";
import { recordSteps } from "./recordedStep";
import { nativeSequence } from "./sequence";
import { nativeStepper } from "./steppers";
import { add, handleOf, multiply, oneHotOf, toTensor } from "./tensors";
import { NativeSlots } from "./updates";

/** The engine on TensorFlow's C library: fused kernels, recorded graphs, updates in place. */
export const nativeEngine: Engine = {
  name: "native",
  // The fused kernels know no masks on h.
  recurrence: (cell, { training, mask }) =>
    mask ? plainCell(cell, mask) : nativeSequence(cell, training),
  dense: nativeDense,
  oneHot: (indices, depth) =>
    toTensor(oneHotOf(handleOf(indices), depth), [...indices.shape, depth]),
  lookUp: (table, indices) =>
    toTensor(compute("GatherV2", [handleOf(table), handleOf(indices), int(0)]), [
      ...indices.shape,
      table.shape[1]!,
    ]),
  sumByIndex: (rows, indices, V) =>
    toTensor(compute("UnsortedSegmentSum", [handleOf(rows), handleOf(indices), int(V)]), [
      V,
      rows.size / indices.size,
    ]),
  dropoutMask: nativeMask,
  crossEntropy: (logits, labels, shares) =>
    shares ? plainCrossEntropy(logits, labels, shares) : nativeCrossEntropy(logits, labels),
  recordSteps,
  scaled: (tensors, factor) => withScalar(tensors, factor, multiply),
  limited(tensors, limit) {
    const [low, high] = [float(-limit), float(limit)];
    return tensors.map((tensor) =>
      toTensor(compute("ClipByValue", [handleOf(tensor), low, high]), tensor.shape),
    );
  },
  plusScaled: (tensors, others, factor) =>
    withScalar(tensors, factor, (tensor, scalar, place) => {
      const product = multiply(handleOf(others[place]), scalar);
      const sum = add(tensor, product);
      release(product);
      return sum;
    }),
  sumOfSquares(tensor) {
    const half = compute("L2Loss", [handleOf(tensor)]);
    const [value] = valuesOf(half);
    release(half);
    return 2 * value;
  },
  slots: (rule, variables, initial) =>
    ownOperations() === undefined
      ? new NativeSlots(rule, variables, initial)
      : new OwnSlots(rule, variables, initial),
  stepper: nativeStepper,
};

/** New tensors of these and a number. */
function withScalar(
  tensors: tf.Tensor[],
  value: number,
  operation: (tensor: Handle, scalar: Handle, place: number) => Handle,
): tf.Tensor[] {
  const scalar = createScalar(value);
  const results = tensors.map((tensor, place) =>
    toTensor(operation(handleOf(tensor), scalar, place), tensor.shape),
  );
  release(scalar);
  return results;
}
