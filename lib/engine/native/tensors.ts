import os from "node:os";
import { tf } from "../tensorflow";
import {
  boolAttribute,
  compute,
  computeAll,
  DataType,
  float,
  type Handle,
  int,
  intAttribute,
  ints,
  release,
  typeAttribute,
} from "./operations";

// The two ways in which one tensor is known: to tfjs as a tf.Tensor, inside TensorFlow by its handle.

/** What tfjs keeps of a tensor's numbers; several tensors may share it. */
export interface Contents {
  /** -1 while there are none. */
  id: Handle;
  /** Numbers that have not been handed to TensorFlow yet. */
  values: unknown;
  refCount: number;
}

interface NodeBackend {
  tensorMap: { get(dataId: object): Contents | undefined };
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
  const contents = contentsOf(variable);
  if (contents === undefined || contents.refCount > 1 || contents.values != null) {
    return;
  }
  release(contents.id);
  contents.id = -1;
}

/** What tfjs keeps of a tensor's numbers; undefined of one that was disposed of. */
export function contentsOf(tensor: tf.Tensor): Contents | undefined {
  return (tf.backend() as unknown as NodeBackend).tensorMap.get(tensor.dataId);
}

/** Lets go of a variable's memory, and gives it contents without any that it shares with no other tensor. */
export function renewContents(variable: tf.Variable): Contents {
  takeContents(variable);
  if (contentsOf(variable)?.id !== -1) {
    const tensor = emptyTensor(variable.shape);
    variable.assign(tensor);
    tensor.dispose();
  }
  return contentsOf(variable) as Contents;
}

/** Gives a variable new contents; the handle is the variable's from then on. */
export function giveContents(variable: tf.Variable, handle: Handle): void {
  if (fill(variable, handle)) {
    return;
  }
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
  const contents = contentsOf(tensor);
  if (contents?.id !== -1) {
    return false;
  }
  contents.id = handle;
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
        if (handle !== undefined) {
          fill(tensors.get(each as Name) as tf.Tensor, handle as Handle);
        }
      }
    }
    return (tensors.get(name) as tf.Tensor).clone();
  };
  return Object.fromEntries(names.map((name) => [name, ask(name)])) as Record<
    Name,
    () => tf.Tensor
  >;
}

// The few array operations that recurrent layers are made of, on handles. Each returns a new handle.
// `matMul` is TensorFlow's MatMul: the BatchMatMulV2 behind tf.matMul takes three to five times as
// long on the small matrices of one time step.

const TRANSPOSE_A = [boolAttribute("transpose_a", true)];

/** a [M, K] times b [K, N]. */
export const matMul = (a: Handle, b: Handle): Handle => compute("MatMul", [a, b]);

/** aᵀ b for a [K, M], b [K, N]. (For a bᵀ transpose b first: that is twice as fast.) */
export const matMulTransposeA = (a: Handle, b: Handle): Handle =>
  compute("MatMul", [a, b], TRANSPOSE_A);

export const add = (a: Handle, b: Handle): Handle => compute("AddV2", [a, b]);
export const subtract = (a: Handle, b: Handle): Handle => compute("Sub", [a, b]);
export const multiply = (a: Handle, b: Handle): Handle => compute("Mul", [a, b]);
export const sigmoid = (a: Handle): Handle => compute("Sigmoid", [a]);
export const tanh = (a: Handle): Handle => compute("Tanh", [a]);

/** x [M, N] plus bias [N]. */
export const addBias = (x: Handle, bias: Handle): Handle => compute("BiasAdd", [x, bias]);

/** The same numbers under another shape; they are not copied. */
export const reshape = (x: Handle, ...shape: number[]): Handle =>
  compute("Reshape", [x, ints(...shape)]);

/** Exchanges a matrix's rows and columns. */
export const transpose = (x: Handle): Handle => compute("Transpose", [x, ints(1, 0)]);

/** [N, T, D] to [T, N, D] and back. */
export const swapBatchAndTime = (x: Handle): Handle => compute("Transpose", [x, ints(1, 0, 2)]);

/** The sum over rows: [M, N] to [N]. */
export const sumRows = (x: Handle): Handle => compute("Sum", [x, ints(0)]);

/** `size` elements from `begin` on, in every dimension. */
export const slice = (x: Handle, begin: number[], size: number[]): Handle =>
  compute("Slice", [x, ints(...begin), ints(...size)]);

const LAST_AXIS = [intAttribute("axis", -1)];

/** Indices, int32 [...], to one-hot vectors, float32 [..., depth]. */
export const oneHotOf = (indices: Handle, depth: number): Handle =>
  compute("OneHot", [indices, int(depth), float(1), float(0)], LAST_AXIS);

/** A copy with memory of its own: slices and reshapes keep the whole of what they were cut from. */
export const copy = (x: Handle): Handle => compute("DeepCopy", [x]);

const attributeCache = new Map<string, ReturnType<typeof intAttribute>[]>();

function cached(key: string, make: () => ReturnType<typeof intAttribute>[]) {
  let attributes = attributeCache.get(key);
  if (!attributes) {
    attributes = make();
    attributeCache.set(key, attributes);
  }
  return attributes;
}

/** [T, ...] to T tensors of [...], which share its memory where it is aligned. */
export function unstack(x: Handle, count: number): Handle[] {
  const attributes = cached(`unstack ${count}`, () => [
    intAttribute("num", count),
    intAttribute("axis", 0),
  ]);
  return computeAll("Unpack", [x], count, attributes);
}

/** T tensors of [...] to one [T, ...]. */
export function stack(parts: readonly Handle[]): Handle {
  const attributes = cached(`stack ${parts.length}`, () => [
    intAttribute("N", parts.length),
    typeAttribute("T", DataType.float32),
    intAttribute("axis", 0),
  ]);
  return compute("Pack", parts, attributes);
}

/** Joins tensors along an axis. */
export function concat(parts: readonly Handle[], axis: number): Handle {
  const attributes = cached(`concat ${parts.length}`, () => [
    intAttribute("N", parts.length),
    typeAttribute("T", DataType.float32),
    typeAttribute("Tidx", DataType.int32),
  ]);
  return compute("ConcatV2", [...parts, int(axis)], attributes);
}

/** Cuts a tensor into equal parts along an axis. */
export function split(x: Handle, count: number, axis: number): Handle[] {
  const attributes = cached(`split ${count}`, () => [intAttribute("num_split", count)]);
  return computeAll("Split", [int(axis), x], count, attributes);
}

// A graph computes parts of a batch side by side, one on each core. Rows of a batch do not know of each
// other: only the order changes in which gradients by the weights are summed.

/** Into how many parts a batch of N is cut: at most one for each core, none of less than 8 rows. */
export function partsFor(N: number): number {
  let parts = 1;
  while (parts * 2 <= os.availableParallelism() && N % (parts * 2) === 0 && N / parts >= 16) {
    parts *= 2;
  }
  return parts;
}

/** Cuts a tensor along an axis. */
export function cut(tensor: Handle, parts: number, axis: number): Handle[] {
  return parts > 1 ? split(tensor, parts, axis) : [tensor];
}

/** Puts the parts of a tensor together again. */
export function join(parts: Handle[], axis: number): Handle {
  return parts.length > 1 ? concat(parts, axis) : parts[0];
}

/** The sum of what each part contributes. */
export function sum(parts: Handle[]): Handle {
  return parts.reduce(add);
}
