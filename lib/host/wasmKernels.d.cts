/** Mends the WebAssembly backend of a TensorFlow.js, which has the CPU backend too. */
export function mendWasm(tf: typeof import("@tensorflow/tfjs")): void;
