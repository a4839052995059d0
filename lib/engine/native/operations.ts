import { nativeBinding } from "../tensorflow";

// TensorFlow's operations by their own names, below tf.*: this is how the fused kernels are called
// that TensorFlow has and tfjs does not offer, at a third of the cost of a call through tf.*.

/**
 * One tensor inside TensorFlow, by number. Nothing collects it: whoever receives one from `compute`
 * either gives it to `release` or makes a tf.Tensor of it by `toTensor`, which from then on lives and
 * dies as any other tensor.
 */
export type Handle = number;

/** An operation's attribute: what is fixed when it is compiled, in contrast to its inputs. */
export interface Attribute {
  name: string;
  type: number;
  value: boolean | number | string | number[];
}

// TF_AttrType and TF_DataType of TensorFlow's C interface.
const STRING = 0;
const INT = 1;
const FLOAT = 2;
const BOOL = 3;
const TYPE = 4;
const SHAPE = 5;
export const DataType = { float32: 1, int32: 3, int64: 9, bool: 10, uint16: 17 } as const;

export const stringAttribute = (name: string, value: string): Attribute => ({
  name,
  type: STRING,
  value,
});
export const intAttribute = (name: string, value: number): Attribute => ({
  name,
  type: INT,
  value,
});
export const floatAttribute = (name: string, value: number): Attribute => ({
  name,
  type: FLOAT,
  value,
});
export const boolAttribute = (name: string, value: boolean): Attribute => ({
  name,
  type: BOOL,
  value,
});
export const typeAttribute = (name: string, value: number): Attribute => ({
  name,
  type: TYPE,
  value,
});
export const shapeAttribute = (name: string, value: number[]): Attribute => ({
  name,
  type: SHAPE,
  value,
});

/** The C++ add-on below tfjs-node. */
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
  deleteSavedModel(graph: number): void;
  runSavedModel(
    graph: number,
    inputs: readonly Handle[],
    inputNames: string,
    outputNames: string,
  ): { id: Handle }[];
}

/** Undefined where tensors are in WebAssembly; then nothing here may be called. */
const binding = nativeBinding() as unknown as Binding;

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

const NONE: readonly Attribute[] = [];

/** Runs one operation with several outputs. */
export function computeAll(
  operation: string,
  inputs: readonly Handle[],
  outputs: number,
  attributes = NONE,
): Handle[] {
  if (recorder) {
    return recorder.operation(operation, inputs, outputs, attributes);
  }
  const results = binding.executeOp(operation, attributes, inputs, outputs);
  const handles = new Array<Handle>(results.length);
  for (let i = 0; i < results.length; i++) {
    handles[i] = results[i].id;
  }
  return handles;
}

/** Runs one operation with one output. */
export function compute(operation: string, inputs: readonly Handle[], attributes = NONE): Handle {
  if (recorder) {
    return recorder.operation(operation, inputs, 1, attributes)[0];
  }
  return binding.executeOp(operation, attributes, inputs, 1)[0].id;
}

/** Runs one operation for its effect, such as an update in place. */
export function perform(operation: string, inputs: readonly Handle[], attributes = NONE): void {
  binding.executeOp(operation, attributes, inputs, 0);
}

/** Deletes tensors inside TensorFlow. */
export function release(...handles: Handle[]): void {
  if (recorder) {
    return; // a graph frees its tensors itself
  }
  for (const handle of handles) {
    binding.deleteTensor(handle);
  }
}

/** Loads a SavedModel and returns its number. @throws Error if TensorFlow can't read it */
export function loadGraph(folder: string): number {
  return binding.loadSavedModel(folder, "serve");
}

/** Frees a loaded graph. */
export function deleteGraph(graph: number): void {
  binding.deleteSavedModel(graph);
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
  const array = values instanceof Int32Array ? values : Int32Array.from(values);
  return binding.createTensor([values.length], DataType.int32, array);
}

// Small constants that every step would otherwise make again. They live as long as the process.
const constants = new Map<string, Handle>();

function constant(
  type: number,
  shape: number[],
  key: string,
  values: () => Float32Array | Int32Array,
): Handle {
  if (recorder) {
    return recorder.constant(type, shape, values());
  }
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

/** Constant float32 numbers of a recorded graph, which keeps them; shared: never release them. */
export function floats(values: Float32Array, ...shape: number[]): Handle {
  return constant(DataType.float32, shape, `floats ${shape} ${values.join()}`, () => values);
}
