import { type Attribute, DataType } from "./nativeAttributes";
import { nativeBinding, tf } from "./tensorflow";

/**
 * TensorFlow's operations by their own names, below tf.*: this is how the fused kernels are called
 * that TensorFlow has and tfjs does not offer, at a third of the cost of a call through tf.*.
 *
 * A {@link Handle} stands for one tensor inside TensorFlow. Nothing collects it: whoever receives one
 * from {@link compute} either gives it to {@link release} or makes a tf.Tensor of it by
 * {@link toTensor}, which from then on lives and dies as any other tensor.
 */
export type Handle = number;

export * from "./nativeAttributes";

interface Binding {
  createTensor(shape: number[], type: number, values: Float32Array | Int32Array): Handle;
  deleteTensor(handle: Handle): void;
  tensorDataSync(handle: Handle): Float32Array | Int32Array;
  executeOp(
    name: string,
    attributes: readonly Attribute[],
    inputs: readonly Handle[],
    outputs: number,
  ): { id: Handle }[];
  loadSavedModel(folder: string, tags: string): number;
  runSavedModel(
    graph: number,
    inputs: readonly Handle[],
    inputNames: string,
    outputNames: string,
  ): { id: Handle }[];
}

interface NodeBackend {
  tensorMap: { get(dataId: object): { id: Handle; values: unknown; refCount: number } };
  getInputTensorIds(tensors: tf.Tensor[]): Handle[];
  createOutputTensor(tensor: { id: Handle; shape: number[]; dtype: number }): tf.Tensor;
}

const binding = nativeBinding() as unknown as Binding;
const NONE: readonly Attribute[] = [];

/** Whether the functions of this file can be called; if not, use tf.* (tensors are in WebAssembly). */
export const isNative = binding !== undefined;

/** What takes down operations instead of their being run: see NativeGraph. */
export interface Recorder {
  operation(
    name: string,
    inputs: readonly Handle[],
    outputs: number,
    attributes: readonly Attribute[],
  ): Handle[];
  constant(type: number, shape: number[], values: Float32Array | Int32Array): Handle;
}

let recorder: Recorder | undefined;

/** Calls `body` and has all operations in it recorded; the handles in it stand for no tensors yet. */
export function recordWith<Result>(next: Recorder, body: () => Result): Result {
  recorder = next;
  try {
    return body();
  } finally {
    recorder = undefined;
  }
}

/** Runs one operation with several outputs. */
export function computeAll(
  operation: string,
  inputs: readonly Handle[],
  outputs: number,
  attributes = NONE,
): Handle[] {
  if (recorder) return recorder.operation(operation, inputs, outputs, attributes);
  const results = binding.executeOp(operation, attributes, inputs, outputs);
  const handles = new Array<Handle>(results.length);
  for (let i = 0; i < results.length; i++) handles[i] = results[i].id;
  return handles;
}

/** Runs one operation with one output. */
export function compute(operation: string, inputs: readonly Handle[], attributes = NONE): Handle {
  if (recorder) return recorder.operation(operation, inputs, 1, attributes)[0];
  return binding.executeOp(operation, attributes, inputs, 1)[0].id;
}

/** Runs one operation for its effect, such as an update in place. */
export function perform(operation: string, inputs: readonly Handle[], attributes = NONE): void {
  binding.executeOp(operation, attributes, inputs, 0);
}

/** Deletes tensors inside TensorFlow. */
export function release(...handles: Handle[]): void {
  if (recorder) return; // a graph frees its tensors itself
  for (const handle of handles) binding.deleteTensor(handle);
}

/** Loads a SavedModel and returns its number. @throws Error if TensorFlow can't read it */
export function loadGraph(folder: string): number {
  return binding.loadSavedModel(folder, "serve");
}

/** Runs a loaded graph; names are those of its nodes' outputs, such as "MatMul7:0". */
export function runGraph(
  graph: number,
  inputs: readonly Handle[],
  inputNames: string,
  outputNames: string,
): Handle[] {
  return binding.runSavedModel(graph, inputs, inputNames, outputNames).map(({ id }) => id);
}

/** A copy of a tensor's values. */
export function valuesOf(handle: Handle): Float32Array | Int32Array {
  return binding.tensorDataSync(handle);
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
export function emptyTensor(shape: number[]): tf.Tensor {
  return toTensor(-1, shape);
}

/** Gives a tensor without contents some; false if it has contents. */
export function fill(tensor: tf.Tensor, handle: Handle): boolean {
  const data = (tf.backend() as unknown as NodeBackend).tensorMap.get(tensor.dataId);
  if (data.id !== -1) return false;
  data.id = handle;
  return true;
}

/** A new float32 tensor inside TensorFlow. */
export function createFloat(shape: number[], values: Float32Array): Handle {
  return binding.createTensor(shape, DataType.float32, values);
}

/** A new float32 number inside TensorFlow. */
export function createScalar(value: number): Handle {
  return createFloat([], Float32Array.of(value));
}

/** A new int32 vector inside TensorFlow. */
export function createInts(values: ArrayLike<number>): Handle {
  return binding.createTensor([values.length], DataType.int32, Int32Array.from(values));
}

// Small constants that every step would otherwise make anew. They live as long as the process.
const constants = new Map<string, Handle>();

function constant(
  type: number,
  shape: number[],
  key: string,
  values: () => Float32Array | Int32Array,
): Handle {
  if (recorder) return recorder.constant(type, shape, values());
  let handle = constants.get(key);
  if (handle === undefined) {
    handle = binding.createTensor(shape, type, values());
    constants.set(key, handle);
  }
  return handle;
}

/** A constant int32 vector, a shape or a permutation; shared: never release it. */
export function ints(...values: number[]): Handle {
  const make = () => Int32Array.from(values);
  return constant(DataType.int32, [values.length], `ints ${values}`, make);
}

/** A constant int32 number; shared: never release it. */
export function int(value: number): Handle {
  return constant(DataType.int32, [], `int ${value}`, () => Int32Array.of(value));
}

/** A constant int64 number; shared: never release it. */
export function long(value: number): Handle {
  // Its lower half comes first.
  return constant(DataType.int64, [], `long ${value}`, () => Int32Array.of(value, 0));
}

/** A constant float32 number; shared: never release it. */
export function float(value: number): Handle {
  return constant(DataType.float32, [], `float ${value}`, () => Float32Array.of(value));
}

/** Constant float32 zeros; shared: never release them. */
export function zeros(...shape: number[]): Handle {
  const size = shape.reduce((product, n) => product * n, 1);
  return constant(DataType.float32, shape, `zeros ${shape}`, () => new Float32Array(size));
}
