// TensorFlow.js on WebAssembly in the shape of tfjs-node, for a worker.
import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import type { Lite } from "../../../kernel/lite/worker/siteModules";
import { mendWasm } from "../../../lib/host/wasmKernels.cjs";
import { fileModels } from "./fileModels";

declare const kareninaLite: Lite;

setWasmPaths(new URL("wasm/", kareninaLite.base).href);
mendWasm(tf);
const initialised = tf.setBackend("wasm");

export * from "@tensorflow/tfjs";

/** Resolves when tensors can be made. */
export async function ready(): Promise<void> {
  if (!(await initialised)) {
    throw new Error("TensorFlow.js could not start its WebAssembly backend in this browser.");
  }
  await tf.ready();
}

tf.io.registerLoadRouter(fileModels);
tf.io.registerSaveRouter(fileModels);
