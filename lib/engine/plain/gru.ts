import type { Recurrence } from "../../layers/recurrence";
import { tf } from "../tensorflow";
import { matMulTransposeA, plainRecurrence, sigmoidSlope, tanh, tanhSlope } from "./sequence";

/** The layer of {@link nativeGru} in plain operations; `mask` [N, H] drops parts of h. */
export function plainGru(mask?: tf.Tensor): Recurrence {
  const masked = (h: tf.Tensor) => (mask ? tf.mul(h, mask) : h);
  return plainRecurrence({
    forward(input, [h], { recurrentKernel }) {
      const H = h.shape[1] as number;
      const [xz, xr, xg] = tf.split(input, 3, 1);
      const [u, uCandidate] = tf.split(recurrentKernel, [2 * H, H], 1);
      const read = masked(h);
      const [hz, hr] = tf.split(tf.matMul(read, u), 2, 1);
      const z = tf.sigmoid(tf.add(xz, hz));
      const r = tf.sigmoid(tf.add(xr, hr));
      const g = tanh(tf.add(xg, tf.matMul(tf.mul(r, read), uCandidate)));
      return { state: [tf.add(g, tf.mul(z, tf.sub(h, g)))], saved: [z, r, g] };
    },
    backward([, z, r, g], [h], [dh], { transposed }) {
      const H = h.shape[1] as number;
      const [u, uCandidate] = tf.split(transposed, [2 * H, H], 0);
      const read = masked(h);
      const reset = tf.mul(r, read);
      const dg = tf.mul(tf.mul(dh, tf.sub(1, z)), tanhSlope(g));
      const dReset = tf.matMul(dg, uCandidate);
      const dz = tf.mul(tf.mul(dh, tf.sub(h, g)), sigmoidSlope(z));
      const dr = tf.mul(tf.mul(dReset, read), sigmoidSlope(r));
      const gates = tf.concat([dz, dr], 1);
      const dRead = tf.add(tf.mul(dReset, r), tf.matMul(gates, u));
      return {
        z: tf.concat([gates, dg], 1),
        before: [tf.add(tf.mul(dh, z), masked(dRead))],
        recurrentKernel: tf.concat([matMulTransposeA(read, gates), matMulTransposeA(reset, dg)], 1),
      };
    },
  });
}

/** The layer of {@link nativeGruResetAfter} in plain operations; `mask` [N, H] drops parts of h. */
export function plainGruResetAfter(mask?: tf.Tensor): Recurrence {
  const masked = (h: tf.Tensor) => (mask ? tf.mul(h, mask) : h);
  return plainRecurrence({
    forward(input, [h], { recurrentKernel, recurrentBias }) {
      const [xz, xr, xg] = tf.split(input, 3, 1);
      const product = tf.add(tf.matMul(masked(h), recurrentKernel), recurrentBias as tf.Tensor);
      const [hz, hr, inner] = tf.split(product, 3, 1);
      const z = tf.sigmoid(tf.add(xz, hz));
      const r = tf.sigmoid(tf.add(xr, hr));
      const g = tanh(tf.add(xg, tf.mul(r, inner)));
      return { state: [tf.add(g, tf.mul(z, tf.sub(h, g)))], saved: [z, r, g, inner] };
    },
    backward([, z, r, g, inner], [h], [dh], { transposed }) {
      const dz = tf.mul(tf.mul(dh, tf.sub(h, g)), sigmoidSlope(z));
      const dg = tf.mul(tf.mul(dh, tf.sub(1, z)), tanhSlope(g));
      const dr = tf.mul(tf.mul(dg, inner), sigmoidSlope(r));
      const product = tf.concat([dz, dr, tf.mul(dg, r)], 1);
      return {
        z: tf.concat([dz, dr, dg], 1),
        before: [tf.add(tf.mul(dh, z), masked(tf.matMul(product, transposed)))],
        recurrentKernel: matMulTransposeA(masked(h), product),
        recurrentBias: tf.sum(product, 0),
      };
    },
  });
}
