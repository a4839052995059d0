// WebGPU as a choice: its script is loaded when somebody asks for it.
import * as tf from "@tensorflow/tfjs";
import type { Lite } from "../../../kernel/lite/worker/siteModules";
import { borrowCpuKernels } from "../../../lib/host/wasmKernels.cjs";

declare const kareninaLite: Lite;
declare function importScripts(address: string): void;

/** What browsers with WebGPU have, as far as it is asked here. */
interface Gpu {
  requestAdapter(): Promise<object | null>;
}

/** Why WebGPU has failed in this kernel, in a sentence; it is not tried again. */
let failure: string | undefined;
let loaded = false;

export const isOnWebGpu = (): boolean => tf.getBackend() === "webgpu";

/**
 * Has tensors made on WebGPU from now on, where that is asked for, and on WebAssembly otherwise. Those that
 * are there move when they are next used. A line says what has become of the wish for WebGPU.
 */
export async function chooseBackend(wanted: string | undefined): Promise<void> {
  if (wanted !== "webgpu") {
    if (isOnWebGpu()) {
      await tf.setBackend("wasm");
    }
  } else if (!isOnWebGpu()) {
    const hindrance = await hindranceOf(navigator as { gpu?: Gpu });
    if (hindrance !== undefined) {
      await tf.setBackend("wasm");
    }
    console.error(hindrance === undefined ? ON_WEBGPU : `${hindrance} WebAssembly stays.`);
  }
}

const ON_WEBGPU =
  "TensorFlow.js computes on WebGPU from now on. This project has not tested that on real graphics processors: " +
  "numbers differ in the last digits, and recurrent networks may learn more slowly than on WebAssembly, to " +
  'which process.env.KARENINA_BACKEND = "wasm"; await ready(); goes back.';

/** Starts WebGPU. @returns why it cannot be, in a sentence */
async function hindranceOf({ gpu }: { gpu?: Gpu }): Promise<string | undefined> {
  if (failure !== undefined) {
    return failure;
  }
  if (!gpu) {
    return "This browser has no WebGPU, or not for pages whose address does not begin with https://.";
  }
  try {
    if (!(await gpu.requestAdapter())) {
      return "This browser has WebGPU, but found no graphics processor to use for it.";
    }
    load();
    if (!(await tf.setBackend("webgpu"))) {
      throw new Error("it gives no device");
    }
    await check();
    return undefined;
  } catch (error) {
    failure = `WebGPU could not be started in this browser: ${(error as Error).message}.`;
    return failure;
  }
}

function load(): void {
  if (!loaded) {
    loaded = true;
    // What the script registers with; see webGpuBackend.ts.
    Object.assign(globalThis, { kareninaTensorFlow: tf });
    importScripts(new URL("webgpu.js", kareninaLite.base).href);
    borrowCpuKernels(tf, "webgpu");
  }
}

/** The sizes of a product that no backend leaves to the CPU. */
const SIZE = 64;

/**
 * Some devices start and then give zeros when numbers are read at once, as training reads them.
 * @throws Error where this is one
 */
async function check(): Promise<void> {
  // It would advise, once, to read later, which is not the reader's to do.
  Object.assign(tf.backend(), { hasReadSyncWarned: true });
  const product = () =>
    tf.tidy(() => tf.matMul(tf.fill([SIZE, SIZE], 0.5), tf.fill([SIZE, SIZE], 2)));
  const [one, other] = [product(), product()];
  const sound = (values: ArrayLike<number>) => Array.from(values).every((value) => value === SIZE);
  const isSound = sound(one.dataSync()) && sound(await other.data());
  tf.dispose([one, other]);
  if (!isSound) {
    throw new Error("it gives wrong numbers back");
  }
}
