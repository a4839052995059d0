import type { Recurrence } from "../../layers/recurrence";
import { tf } from "../tensorflow";
import { matMulTransposeA, plainRecurrence, tanh, tanhSlope } from "./sequence";

/** The layer of {@link nativeSimpleRnn} in plain operations; `mask` [N, H] drops parts of h. */
export function plainSimpleRnn(mask?: tf.Tensor): Recurrence {
  const masked = (h: tf.Tensor) => (mask ? tf.mul(h, mask) : h);
  return plainRecurrence({
    forward(z, [h], { recurrentKernel }) {
      return { state: [tanh(tf.add(z, tf.matMul(masked(h), recurrentKernel)))], saved: [] };
    },
    backward([newH], [h], [dh], { transposed }) {
      const z = tf.mul(dh, tanhSlope(newH));
      return {
        z,
        before: [masked(tf.matMul(z, transposed))],
        recurrentKernel: matMulTransposeA(masked(h), z),
      };
    },
  });
}
