/** Mends the WebAssembly backend of a TensorFlow.js, which has the CPU backend too. */
export function mendWasm(tf: typeof import("@tensorflow/tfjs")): void;

/**
 * Has a backend run what only the CPU backend can do there.
 * @param backend default: "wasm"
 */
export function borrowCpuKernels(tf: typeof import("@tensorflow/tfjs"), backend?: string): void;
