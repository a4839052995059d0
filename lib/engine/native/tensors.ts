import { tf } from "../tensorflow";
import { DataType, type Handle, release } from "./operations";

// The two ways in which one tensor is known: to tfjs as a tf.Tensor, inside TensorFlow by its handle.

interface NodeBackend {
  tensorMap: { get(dataId: object): { id: Handle; values: unknown; refCount: number } };
  getInputTensorIds(tensors: tf.Tensor[]): Handle[];
  createOutputTensor(tensor: { id: Handle; shape: number[]; dtype: number }): tf.Tensor;
}

/** The handle of a tf.Tensor, which goes on owning it: do not release it. */
export function handleOf(tensor: tf.Tensor): Handle {
  return (tf.backend() as unknown as NodeBackend).getInputTensorIds([tensor])[0];
}

/** Makes a float32 tf.Tensor that owns the handle from now on; the surrounding tf.tidy knows it. */
export function toTensor<Rank extends tf.Rank = tf.Rank>(
  handle: Handle,
  shape: number[],
): tf.Tensor<Rank> {
  const backend = tf.backend() as unknown as NodeBackend;
  return backend.createOutputTensor({
    id: handle,
    shape,
    dtype: DataType.float32,
  }) as tf.Tensor<Rank>;
}

/**
 * Lets go of a variable's memory, so that TensorFlow can write to it. The variable has no contents
 * until {@link giveContents}. Does nothing where another tensor shares the memory.
 */
export function takeContents(variable: tf.Variable): void {
  const data = (tf.backend() as unknown as NodeBackend).tensorMap.get(variable.dataId);
  if (data.refCount > 1 || data.values != null) return;
  release(data.id);
  data.id = -1;
}

/** Gives a variable new contents; the handle is the variable's from then on. */
export function giveContents(variable: tf.Variable, handle: Handle): void {
  if (fill(variable, handle)) return;
  const tensor = toTensor(handle, variable.shape);
  variable.assign(tensor);
  tensor.dispose();
}

/** A tf.Tensor that is there for tf.tidy to know, but has no contents until {@link fill}. */
function emptyTensor(shape: number[]): tf.Tensor {
  return toTensor(-1, shape);
}

/** Gives a tensor without contents some; false if it has contents. */
function fill(tensor: tf.Tensor, handle: Handle): boolean {
  const data = (tf.backend() as unknown as NodeBackend).tensorMap.get(tensor.dataId);
  if (data.id !== -1) return false;
  data.id = handle;
  return true;
}

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
