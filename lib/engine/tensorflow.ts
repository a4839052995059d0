// The host decides, before this is loaded, which implementation answers to this name.
import * as tf from "@tensorflow/tfjs-node";
import { host } from "../host/host";

export { tf };

/** What `ready()` found out about the TensorFlow of this process. */
export interface BackendDescription {
  /**
   * "native" is TensorFlow's C library, "wasm" its WebAssembly build (2 to 10 times slower), "webgpu" a
   * browser's graphics processor.
   */
  name: "native" | "wasm" | "webgpu";
  /** Version of the library that computes: TensorFlow's where native, tfjs-backend-wasm's otherwise. */
  version: string;
  /** Why this backend, where it is not the native one; empty otherwise. */
  reason: string;
}

/** The C++ add-on below tfjs-node, as far as this library uses it. */
interface NativeBinding {
  TF_Version: string;
}

/** The native add-on, or undefined where tensors live in WebAssembly or on a graphics processor. */
export function nativeBinding(): NativeBinding | undefined {
  if (host.backend.name !== "native") {
    return undefined;
  }
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
      `TensorFlow runs on WebAssembly, because ${reason}: training takes 2 to 10 times longer. ${remedy}`,
    );
  }
  const version = nativeBinding()?.TF_Version ?? tf.version["tfjs-core"];
  return { name, version, reason };
}

/** Saves tensors for the backward pass; a no-op where no gradient is being recorded. */
type Save = (tensors: tf.Tensor[]) => void;

interface RecordingEngine {
  runKernelFunc(operation: {
    inputs: Record<string, tf.Tensor>;
    forwardFunc: (backend: unknown, save: Save) => tf.Tensor[];
    backwardsFunc: (
      gradients: tf.Tensor | tf.Tensor[],
      saved: tf.Tensor[],
    ) => Record<string, () => tf.Tensor>;
  }): tf.Tensor[];
}

/**
 * `tf.customGrad` with two things more: an operation may have several outputs, and each input's
 * gradient is a function, called only where somebody wants that gradient. (A first layer's input
 * gradient costs a matrix product and is wanted by nobody.) It is the call that `tf.customGrad`
 * itself is made of.
 *
 * @param inputs the tensors that gradients can flow to, by name; undefined ones are left out
 * @param forward computes the outputs; nothing in it is recorded; `save` keeps what `backward` needs
 * @param backward takes the outputs' gradients (zeros where an output was not used) and the saved
 *   tensors, and returns for every input a function that computes its gradient. They are called in
 *   the order of `inputs`, each at most once
 * @returns the outputs
 */
export function differentiable<Name extends string>(
  inputs: { [name in Name]?: tf.Tensor },
  forward: (save: Save) => tf.Tensor[],
  backward: (gradients: tf.Tensor[], saved: tf.Tensor[]) => Record<Name, () => tf.Tensor>,
): tf.Tensor[] {
  const engine = tf.engine() as unknown as RecordingEngine;
  return engine.runKernelFunc({
    inputs: Object.fromEntries(
      Object.entries(inputs).filter(([, tensor]) => tensor !== undefined),
    ) as Record<Name, tf.Tensor>,
    forwardFunc: (_backend, save) => forward(save),
    backwardsFunc: (gradients, saved) =>
      backward(Array.isArray(gradients) ? gradients : [gradients], saved),
  });
}
