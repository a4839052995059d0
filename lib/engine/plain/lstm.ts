import type { Recurrence } from "../../layers/recurrence";
import { tf } from "../tensorflow";
import { matMulTransposeA, plainRecurrence, sigmoidSlope, tanh, tanhSlope } from "./sequence";

/**
 * The long short-term memory of {@link nativeLstm} in plain operations, for WebAssembly, and wherever
 * `mask` [N, H] drops parts of h on their way into the gates.
 */
export function plainLstm(mask?: tf.Tensor): Recurrence {
  const masked = (h: tf.Tensor) => (mask ? tf.mul(h, mask) : h);
  return plainRecurrence({
    forward(z, [h, c], { recurrentKernel }) {
      const gates = tf.split(tf.add(z, tf.matMul(masked(h), recurrentKernel)), 4, 1);
      const [i, f, o] = [gates[0], gates[1], gates[3]].map((gate) => tf.sigmoid(gate));
      const g = tanh(gates[2]);
      const newC = tf.add(tf.mul(f, c), tf.mul(i, g));
      const tanhC = tanh(newC);
      return { state: [tf.mul(o, tanhC), newC], saved: [i, f, g, o, tanhC] };
    },
    backward([, , i, f, g, o, tanhC], [h, c], [dh, dcLater], { transposed }) {
      const dc = tf.add(dcLater, tf.mul(tf.mul(dh, o), tanhSlope(tanhC)));
      const z = tf.concat(
        [
          tf.mul(tf.mul(dc, g), sigmoidSlope(i)),
          tf.mul(tf.mul(dc, c), sigmoidSlope(f)),
          tf.mul(tf.mul(dc, i), tanhSlope(g)),
          tf.mul(tf.mul(dh, tanhC), sigmoidSlope(o)),
        ],
        1,
      );
      return {
        z,
        before: [masked(tf.matMul(z, transposed)), tf.mul(dc, f)],
        recurrentKernel: matMulTransposeA(masked(h), z),
      };
    },
  });
}
