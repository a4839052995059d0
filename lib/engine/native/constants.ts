import { DataType } from "./attributes";
import { binding, currentRecorder, type Handle } from "./binding";

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
  const recorder = currentRecorder();
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
