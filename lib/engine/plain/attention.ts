import { causalMask, GELU_CUBIC, GELU_LINEAR, NORM_EPSILON, rotaryTables } from "../attention";
import { differentiable, tf } from "../tensorflow";

// What a transformer is made of beside matrix products, in plain operations with gradients by hand: tf's
// own gradient of matMul transposes in the product, which WebAssembly does 30 times slower.

/**
 * Each row of x [..., D] shifted and scaled to mean 0 and variance 1, then times gain [D] plus bias [D]
 * (Ba, Kiros & Hinton 2016).
 */
export function layerNorm(x: tf.Tensor, gain: tf.Tensor, bias: tf.Tensor): tf.Tensor {
  const D = gain.size;
  const [y] = differentiable(
    { x, gain, bias },
    (save) => {
      const rows = tf.reshape(x, [x.size / D, D]);
      const centred = tf.sub(rows, tf.mean(rows, 1, true));
      const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(centred), 1, true), NORM_EPSILON));
      const normal = tf.mul(centred, inverse);
      save([normal, inverse, gain]);
      return [tf.reshape(tf.add(tf.mul(normal, gain), bias), x.shape)];
    },
    ([dy], [normal, inverse, gain]) => {
      const rows = tf.reshape(dy, [dy.size / D, D]);
      return {
        x: () => {
          const byNormal = tf.mul(rows, gain);
          const along = tf.mul(normal, tf.mean(tf.mul(byNormal, normal), 1, true));
          const across = tf.sub(tf.sub(byNormal, tf.mean(byNormal, 1, true)), along);
          return tf.reshape(tf.mul(across, inverse), x.shape);
        },
        gain: () => tf.sum(tf.mul(rows, normal), 0),
        bias: () => tf.sum(rows, 0),
      };
    },
  );
  return y;
}

/** GELU by its approximation with tanh, as in GPT-2. Any shape. */
export function gelu(x: tf.Tensor): tf.Tensor {
  const [y] = differentiable(
    { x },
    (save) => {
      const squares = tf.square(x);
      const gate = tf.sigmoid(tf.mul(x, tf.add(tf.mul(squares, GELU_CUBIC), GELU_LINEAR)));
      save([x, gate]);
      return [tf.mul(x, gate)];
    },
    ([dy], [x, gate]) => ({
      x: () => {
        const inner = tf.add(tf.mul(tf.square(x), 3 * GELU_CUBIC), GELU_LINEAR);
        const bend = tf.mul(tf.mul(x, inner), tf.sub(1, gate));
        return tf.mul(dy, tf.mul(gate, tf.add(bend, 1)));
      },
    }),
  );
  return y;
}

/** x [N, h, T, d] turned by rotary positions, of which the first is `from`. */
export function rotated(x: tf.Tensor, from: number): tf.Tensor {
  const [, , T, d] = x.shape as number[];
  const tables = rotaryTables(from, T, d);
  const [y] = differentiable(
    { x },
    () => [turned(x, tables, 1)],
    ([dy]) => ({ x: () => turned(dy, tables, -1) }),
  );
  return y;
}

/** Forwards with direction 1, backwards with -1. */
function turned(x: tf.Tensor, tables: ReturnType<typeof rotaryTables>, direction: 1 | -1) {
  const [, , T, d] = x.shape as number[];
  const [low, high] = tf.split(x, 2, 3);
  const across = tf.concat([tf.mul(high, -direction), tf.mul(low, direction)], 3);
  const [cosines, sines] = [tables.cosines, tables.sines].map((table) => tf.tensor(table, [T, d]));
  return tf.add(tf.mul(x, cosines), tf.mul(across, sines));
}

const swapLastTwo = (x: tf.Tensor) => tf.transpose(x, [0, 1, 3, 2]);

/** softmax(q kᵀ / √d) with no look ahead: q [N, h, T, d], k [N, h, S + T, d] to [N, h, T, S + T]. */
export function attentionWeights(q: tf.Tensor, k: tf.Tensor): tf.Tensor {
  const [, , T, d] = q.shape as number[];
  const all = k.shape[2] as number;
  const scores = tf.matMul(tf.mul(q, 1 / Math.sqrt(d)), swapLastTwo(k));
  if (T === 1) {
    return tf.softmax(scores);
  }
  return tf.softmax(tf.add(scores, tf.tensor(causalMask(T, all - T), [T, all])));
}

/**
 * Causal attention (Vaswani et al. 2017, equation 1): for each step the mean of the values of all steps up
 * to it, weighted by {@link attentionWeights}.
 *
 * @param q [N, h, T, d]
 * @param k [N, h, S + T, d], and v of the same shape
 * @returns [N, h, T, d]
 */
export function causalAttention(q: tf.Tensor, k: tf.Tensor, v: tf.Tensor): tf.Tensor {
  const scale = 1 / Math.sqrt(q.shape[3] as number);
  const [y] = differentiable(
    { q, k, v },
    (save) => {
      const weights = attentionWeights(q, k);
      save([q, k, v, weights]);
      return [tf.matMul(weights, v)];
    },
    ([dy], [q, k, v, weights]) => {
      const byWeights = tf.matMul(dy, swapLastTwo(v));
      const mean = tf.sum(tf.mul(byWeights, weights), 3, true);
      const byScores = tf.mul(tf.mul(weights, tf.sub(byWeights, mean)), scale);
      return {
        q: () => tf.matMul(byScores, k),
        k: () => tf.matMul(swapLastTwo(byScores), q),
        v: () => tf.matMul(swapLastTwo(weights), dy),
      };
    },
  );
  return y;
}
