import type { Attribute } from "./attributes";
import { binding, currentRecorder, type Handle } from "./binding";

export type { Handle } from "./binding";

const NONE: readonly Attribute[] = [];

/** Runs one operation with several outputs. */
export function computeAll(
  operation: string,
  inputs: readonly Handle[],
  outputs: number,
  attributes = NONE,
): Handle[] {
  const recorder = currentRecorder();
  if (recorder) return recorder.operation(operation, inputs, outputs, attributes);
  const results = binding.executeOp(operation, attributes, inputs, outputs);
  const handles = new Array<Handle>(results.length);
  for (let i = 0; i < results.length; i++) handles[i] = results[i].id;
  return handles;
}

/** Runs one operation with one output. */
export function compute(operation: string, inputs: readonly Handle[], attributes = NONE): Handle {
  const recorder = currentRecorder();
  if (recorder) return recorder.operation(operation, inputs, 1, attributes)[0];
  return binding.executeOp(operation, attributes, inputs, 1)[0].id;
}

/** Runs one operation for its effect, such as an update in place. */
export function perform(operation: string, inputs: readonly Handle[], attributes = NONE): void {
  binding.executeOp(operation, attributes, inputs, 0);
}

/** Deletes tensors inside TensorFlow. */
export function release(...handles: Handle[]): void {
  if (currentRecorder()) return; // a graph frees its tensors itself
  for (const handle of handles) binding.deleteTensor(handle);
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
