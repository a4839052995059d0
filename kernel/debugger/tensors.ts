import { types } from "node:util";

/** Numbers, or whatever else lies in a grid, as far as a debugger shows them. */
export interface Grid {
  shape: number[];
  /** As in `float32`; none where the elements are of several types. */
  dtype?: string;
  /** The first elements, row by row; undefined where they cannot be had without computing. */
  first?: ArrayLike<unknown>;
  /** What rows are called, if anything. */
  columns?: string[];
}

/** Elements that are read of a tensor for a debugger. */
const ENOUGH = 100;

/**
 * Tensors whose values are only with TensorFlow are read up to this many elements: that copies all of
 * them, which takes less than a millisecond for as many.
 */
const READ_LIMIT = 1 << 18;

/**
 * Reads a tensor of TensorFlow.js or a data frame of danfo.js by its own fields. None of its methods
 * or getters is called, and nothing is computed: what an operation gave is there when the operation
 * has returned, and here it is only copied.
 *
 * @returns undefined for all other values
 */
export function gridOf(value: object): Grid | undefined {
  return tensorOf(value) ?? frameOf(value);
}

/** A value's own field, if it is a plain one. */
export function fieldOf(value: unknown, name: PropertyKey): unknown {
  if (typeof value !== "object" || value === null || types.isProxy(value)) {
    return undefined;
  }
  return Object.getOwnPropertyDescriptor(value, name)?.value;
}

function tensorOf(value: object): Grid | undefined {
  const [shape, dtype, dataId] = ["shape", "dtype", "dataId"].map((name) => fieldOf(value, name));
  if (!isShape(shape) || typeof dtype !== "string") {
    return undefined;
  }
  if (typeof dataId === "object" && dataId !== null) {
    const size = shape.reduce((product, length) => product * length, 1);
    const isDisposed = fieldOf(value, "isDisposedInternal") === true;
    return { shape, dtype, first: isDisposed ? undefined : valuesAt(dataId, dtype, size) };
  }
  // A variable of tfjs-layers holds its tensor.
  const held = fieldOf(value, "val");
  return typeof held === "object" && held !== null ? tensorOf(held) : undefined;
}

function isShape(value: unknown): value is number[] {
  return Array.isArray(value) && !types.isProxy(value) && value.every((n) => Number.isInteger(n));
}

/** The first values of a tensor, wherever its backend keeps them. */
function valuesAt(dataId: object, dtype: string, size: number): ArrayLike<unknown> | undefined {
  try {
    const engines = fieldOf(globalThis, "_tfGlobals");
    const engine = types.isMap(engines) ? Map.prototype.get.call(engines, "_tfengine") : undefined;
    const info = weakly(fieldOf(fieldOf(engine, "state"), "tensorInfo"), dataId);
    const backend = fieldOf(info, "backend");
    return (
      ofProcess(backend, dataId) ??
      ofNative(backend, dataId, size) ??
      ofWasm(backend, dataId, dtype)
    );
  } catch {
    // Backends that keep them in another way.
    return undefined;
  }
}

function weakly(map: unknown, key: object): unknown {
  return types.isWeakMap(map) ? WeakMap.prototype.get.call(map, key) : undefined;
}

/** What is kept in JavaScript: all of the CPU's backend, and what TensorFlow has yet to get. */
function ofProcess(backend: unknown, dataId: object): ArrayLike<unknown> | undefined {
  for (const field of ["tensorMap", "data"]) {
    const values = fieldOf(weakly(fieldOf(fieldOf(backend, field), "data"), dataId), "values");
    if (types.isTypedArray(values) || Array.isArray(values)) {
      return values.slice(0, ENOUGH);
    }
  }
  return undefined;
}

/** TensorFlow's C library: its operations have computed their result when they return. */
function ofNative(backend: unknown, dataId: object, size: number): ArrayLike<unknown> | undefined {
  const info = weakly(fieldOf(fieldOf(backend, "tensorMap"), "data"), dataId);
  const [id, binding] = [fieldOf(info, "id"), fieldOf(backend, "binding")] as [unknown, object];
  const read = binding && (binding as { tensorDataSync?: unknown }).tensorDataSync;
  if (typeof id !== "number" || id < 0 || typeof read !== "function" || size > READ_LIMIT) {
    return undefined;
  }
  const values: unknown = Reflect.apply(read, binding, [id]);
  return types.isTypedArray(values) || Array.isArray(values) ? values.slice(0, ENOUGH) : undefined;
}

/** WebAssembly's memory is an array like any other. */
function ofWasm(backend: unknown, dataId: object, dtype: string): ArrayLike<unknown> | undefined {
  const info = weakly(fieldOf(fieldOf(backend, "dataIdMap"), "data"), dataId);
  const [offset, shape] = [fieldOf(info, "memoryOffset"), fieldOf(info, "shape")];
  const heap = fieldOf(fieldOf(backend, "wasm"), "HEAPU8");
  if (typeof offset !== "number" || !types.isUint8Array(heap) || !isShape(shape)) {
    return undefined;
  }
  const kinds = { float32: Float32Array, int32: Int32Array, bool: Uint8Array };
  const Kind = kinds[dtype as keyof typeof kinds];
  const size = Math.min(
    ENOUGH,
    shape.reduce((product, length) => product * length, 1),
  );
  return Kind && new Kind(heap.buffer as ArrayBuffer, offset, size).slice();
}

function frameOf(value: object): Grid | undefined {
  const [rows, columns, dtypes] = ["$data", "$columns", "$dtypes"].map((name) =>
    fieldOf(value, name),
  );
  if (!Array.isArray(rows) || !Array.isArray(columns) || !Array.isArray(dtypes)) {
    return undefined;
  }
  const isSeries = fieldOf(value, "$isSeries") === true;
  return {
    shape: isSeries ? [rows.length] : [rows.length, columns.length],
    dtype: isSeries ? String(dtypes[0]) : undefined,
    first: isSeries ? rows.slice(0, ENOUGH) : rows.slice(0, ENOUGH).flat().slice(0, ENOUGH),
    columns: isSeries
      ? undefined
      : columns.map((column, at) => `${String(column)}: ${String(dtypes[at])}`),
  };
}
