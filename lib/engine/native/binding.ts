import { nativeBinding } from "../tensorflow";
import type { Attribute } from "./attributes";

/** A tensor inside TensorFlow, by number; see nativeOperations. */
export type Handle = number;

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

export const binding = nativeBinding() as unknown as Binding;

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

/**
 * Who takes operations down. It is kept outside this module, because a model that was made before the
 * library was loaded anew has layers that still call the older copy of it.
 */
const shared = globalThis as unknown as { [place: symbol]: { recorder?: Recorder } | undefined };
const RECORDING = Symbol.for("karenina.recording");
const recording = shared[RECORDING] ?? {};
shared[RECORDING] = recording;

/** Who takes operations down at the moment. */
export const currentRecorder = (): Recorder | undefined => recording.recorder;

/** Calls `body` and has all operations in it recorded; the handles in it stand for no tensors yet. */
export function recordWith<Result>(next: Recorder, body: () => Result): Result {
  recording.recorder = next;
  try {
    return body();
  } finally {
    recording.recorder = undefined;
  }
}
