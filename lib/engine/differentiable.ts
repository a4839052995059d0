import { tf } from "./tensorflow";

/** Saves tensors for the backward pass; a no-op where no gradient is being recorded. */
export type Save = (tensors: tf.Tensor[]) => void;

interface RecordingEngine {
  runKernelFunc(operation: {
    inputs: Record<string, tf.Tensor>;
    forwardFunc: (backend: unknown, save: Save) => tf.Tensor[];
    backwardsFunc: (
      gradients: tf.Tensor | tf.Tensor[],
      saved: tf.Tensor[],
    ) => Record<string, () => tf.Tensor>;
  }): tf.Tensor[];
}

/**
 * `tf.customGrad` with two things more: an operation may have several outputs, and each input's
 * gradient is a function, called only where somebody wants that gradient. (A first layer's input
 * gradient costs a matrix product and is wanted by nobody.) It is the call that `tf.customGrad`
 * itself is made of.
 *
 * @param inputs the tensors that gradients can flow to, by name; undefined ones are left out
 * @param forward computes the outputs; nothing in it is recorded; `save` keeps what `backward` needs
 * @param backward takes the outputs' gradients (zeros where an output was not used) and the saved
 *   tensors, and returns for every input a function that computes its gradient. They are called in
 *   the order of `inputs`, each at most once
 * @returns the outputs
 */
export function differentiable<Name extends string>(
  inputs: { [name in Name]?: tf.Tensor },
  forward: (save: Save) => tf.Tensor[],
  backward: (gradients: tf.Tensor[], saved: tf.Tensor[]) => Record<Name, () => tf.Tensor>,
): tf.Tensor[] {
  const engine = tf.engine() as unknown as RecordingEngine;
  return engine.runKernelFunc({
    inputs: Object.fromEntries(
      Object.entries(inputs).filter(([, tensor]) => tensor !== undefined),
    ) as Record<Name, tf.Tensor>,
    forwardFunc: (_backend, save) => forward(save),
    backwardsFunc: (gradients, saved) =>
      backward(Array.isArray(gradients) ? gradients : [gradients], saved),
  });
}
