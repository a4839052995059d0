import type { CellKind, Recurrence } from "../engine";
import { tf } from "../tensorflow";
import { matMulTransposeA, plainRecurrence, sigmoidSlope, tanh, tanhSlope } from "./sequence";

// The recurrences in plain operations: for WebAssembly, and wherever `mask` [N, H] drops parts of h on
// their way into the gates. They are what the tests take as the truth.

/**
 * A long short-term memory (Hochreiter & Schmidhuber 1997, with the forget gate of Gers,
 * Schmidhuber & Cummins 2000), gates in the order i, f, g, o:
 *
 *     i = σ(x Wi + h Ui + bi)    f = σ(x Wf + h Uf + bf)    o = σ(x Wo + h Uo + bo)
 *     g = tanh(x Wg + h Ug + bg)    c' = f c + i g    h' = o tanh c'
 */
function lstm(mask?: tf.Tensor): Recurrence {
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

/**
 * A gated recurrent unit (Cho et al. 2014), gates in the order z, r, g:
 *
 *     z = σ(x Wz + h Uz + bz)    r = σ(x Wr + h Ur + br)
 *     g = tanh(x Wg + (r h) Ug + bg)    h' = z h + (1 - z) g
 */
function gru(mask?: tf.Tensor): Recurrence {
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

/** The gated recurrent unit of PyTorch and cuDNN: as above, but g = tanh(x Wg + bg + r (h Ug + cg)). */
function gruResetAfter(mask?: tf.Tensor): Recurrence {
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

/** The simple recurrent layer (Elman 1990), h' = tanh(x W + h U + b). */
function simpleRnn(mask?: tf.Tensor): Recurrence {
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

const recurrences: Record<CellKind, (mask?: tf.Tensor) => Recurrence> = {
  lstm,
  gru,
  gruResetAfter,
  simpleRnn,
};

/** A recurrence in plain operations. @param mask [N, H] */
export function plainCell(cell: CellKind, mask?: tf.Tensor): Recurrence {
  return recurrences[cell](mask);
}
