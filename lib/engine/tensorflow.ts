// The host decides, before this is loaded, which implementation answers to this name.
import * as tf from "@tensorflow/tfjs-node";
import { host } from "../host/host";

export { tf };

/** What `ready()` found out about the TensorFlow of this process. */
export interface BackendDescription {
  /** "native" is TensorFlow's C library, "wasm" its WebAssembly build (3 to 10 times slower). */
  name: "native" | "wasm";
  /** Version of the library that computes: TensorFlow's where native, tfjs-backend-wasm's otherwise. */
  version: string;
  /** Why this backend, where it is not the native one; empty otherwise. */
  reason: string;
}

/** The C++ add-on below tfjs-node, as far as this library uses it. */
export interface NativeBinding {
  TF_Version: string;
}

/** The native add-on, or undefined where tensors live in WebAssembly. */
export function nativeBinding(): NativeBinding | undefined {
  if (host.backend.name === "wasm") return undefined;
  return (tf.backend() as unknown as { binding: NativeBinding }).binding;
}

let announced = false;

/**
 * Waits until tensors can be made. The native library is ready at once; WebAssembly compiles first.
 * Call it once at the top of a notebook or script. Where WebAssembly had to step in unasked, a line
 * on stderr says so and why.
 *
 * @returns the backend's name and version
 * @throws Error if no backend starts
 */
export async function ready(): Promise<BackendDescription> {
  await tf.ready();
  const { name, reason, remedy } = host.backend;
  if (remedy !== undefined && !announced) {
    announced = true;
    host.process.note(
      `TensorFlow runs on WebAssembly, because ${reason}: training takes 3 to 10 times longer. ${remedy}`,
    );
  }
  const version = nativeBinding()?.TF_Version ?? tf.version["tfjs-core"];
  return { name, version, reason };
}
