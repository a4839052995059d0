// TensorFlow.js on WebAssembly in the shape of tfjs-node, for a worker.
import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import type { Lite } from "../../../kernel/lite/worker/siteModules";
import { mendWasm } from "../../../lib/host/wasmKernels.cjs";
import { fileModels } from "./fileModels";
import { chooseBackend } from "./webGpu";

declare const kareninaLite: Lite;

setWasmPaths(new URL("wasm/", kareninaLite.base).href);
mendWasm(tf);
const initialised = tf.setBackend("wasm");

export * from "@tensorflow/tfjs";

/** Resolves when tensors can be made, on WebGPU where KARENINA_BACKEND is "webgpu" and the browser can. */
export async function ready(): Promise<void> {
  if (!(await initialised)) {
    throw new Error("TensorFlow.js could not start its WebAssembly backend in this browser.");
  }
  await chooseBackend(process.env.KARENINA_BACKEND);
  await tf.ready();
}

tf.io.registerLoadRouter(fileModels);
tf.io.registerSaveRouter(fileModels);
