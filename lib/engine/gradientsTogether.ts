import { emptyTensor, fill, type Handle } from "./native/operations";
import type { tf } from "./tensorflow";

/**
 * Functions for the gradients that one computation yields together, for `differentiable`. It runs
 * when the first of them is called; which one that is, says what is wanted: a name's predecessors are
 * not.
 *
 * @param shapes the gradients' shapes by name, in the order in which they will be asked for
 * @param compute returns a handle for every wanted name
 */
export function gradientsTogether<Name extends string>(
  shapes: Record<Name, number[]>,
  compute: (first: Name) => Partial<Record<Name, Handle>>,
): Record<Name, () => tf.Tensor> {
  const names = Object.keys(shapes) as Name[];
  // Made now and filled later, so that tf.tidy knows them and frees those that nobody asks for.
  const tensors = new Map(names.map((name) => [name, emptyTensor(shapes[name])]));
  let done = false;
  const ask = (name: Name) => () => {
    if (!done) {
      done = true;
      for (const [each, handle] of Object.entries(compute(name))) {
        if (handle !== undefined) fill(tensors.get(each as Name) as tf.Tensor, handle as Handle);
      }
    }
    return (tensors.get(name) as tf.Tensor).clone();
  };
  return Object.fromEntries(names.map((name) => [name, ask(name)])) as Record<
    Name,
    () => tf.Tensor
  >;
}
