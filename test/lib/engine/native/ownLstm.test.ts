import "../../training/oneThread";
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { randomInteger, ready, setSeed } from "karenina";
import { nativeLstm } from "../../../../lib/engine/native/lstm";
import {
  createFloat,
  type Handle,
  release,
  valuesOf,
} from "../../../../lib/engine/native/operations";
import { recordOwnLstm } from "../../../../lib/engine/native/ownLstm";
import { summedGradient, wholeGradient } from "../../../../lib/engine/native/weightGradients";
import { apart, draw, missing } from "./ownOperation";

before(() => ready());

interface Sizes {
  T: number;
  N: number;
  D: number;
  H: number;
}

type Arrays = Record<string, Float32Array>;

const sigmoid = (a: number) => 1 / (1 + Math.exp(-a));

/** An LSTM and its chain rule number by number, in float64. */
function oracle({ T, N, D, H }: Sizes, a: Arrays): Record<string, Float64Array> {
  const at = (t: number, n: number, u: number) => (t * N + n) * H + u;
  const [h, c] = [new Float64Array(T * N * H), new Float64Array(T * N * H)];
  const gates = new Float64Array(T * N * 4 * H);
  const before = (from: Float64Array, first: Float32Array, t: number, n: number, u: number) =>
    t > 0 ? from[at(t - 1, n, u)] : first[n * H + u];
  for (let t = 0; t < T; t++) {
    for (let n = 0; n < N; n++) {
      for (let k = 0; k < 4 * H; k++) {
        let sum = a.bias[k];
        for (let d = 0; d < D; d++) {
          sum += a.x[(t * N + n) * D + d] * a.kernel[d * 4 * H + k];
        }
        for (let u = 0; u < H; u++) {
          sum += before(h, a.h0, t, n, u) * a.recurrentKernel[u * 4 * H + k];
        }
        gates[(t * N + n) * 4 * H + k] = k >= 2 * H && k < 3 * H ? Math.tanh(sum) : sigmoid(sum);
      }
      for (let u = 0; u < H; u++) {
        const [i, f, g, o] = [0, 1, 2, 3].map((k) => gates[(t * N + n) * 4 * H + k * H + u]);
        c[at(t, n, u)] = f * before(c, a.c0, t, n, u) + i * g;
        h[at(t, n, u)] = o * Math.tanh(c[at(t, n, u)]);
      }
    }
  }
  const results = {
    sequence: h,
    c,
    x: new Float64Array(T * N * D),
    kernel: new Float64Array(D * 4 * H),
    recurrentKernel: new Float64Array(H * 4 * H),
    bias: new Float64Array(4 * H),
  };
  const dh = Float64Array.from(a.dFinal);
  const dc = new Float64Array(N * H);
  for (let t = T - 1; t >= 0; t--) {
    for (let n = 0; n < N; n++) {
      const dz = new Float64Array(4 * H);
      for (let u = 0; u < H; u++) {
        const [i, f, g, o] = [0, 1, 2, 3].map((k) => gates[(t * N + n) * 4 * H + k * H + u]);
        const tanhC = Math.tanh(c[at(t, n, u)]);
        const byH = dh[n * H + u] + a.dSequence[at(t, n, u)];
        const byC = dc[n * H + u] + byH * o * (1 - tanhC ** 2);
        dz[u] = byC * g * i * (1 - i);
        dz[H + u] = byC * before(c, a.c0, t, n, u) * f * (1 - f);
        dz[2 * H + u] = byC * i * (1 - g ** 2);
        dz[3 * H + u] = byH * tanhC * o * (1 - o);
        dc[n * H + u] = byC * f;
      }
      for (let u = 0; u < H; u++) {
        dh[n * H + u] = 0;
        for (let k = 0; k < 4 * H; k++) {
          dh[n * H + u] += dz[k] * a.recurrentKernel[u * 4 * H + k];
          results.recurrentKernel[u * 4 * H + k] += before(h, a.h0, t, n, u) * dz[k];
        }
      }
      for (let k = 0; k < 4 * H; k++) {
        results.bias[k] += dz[k];
        for (let d = 0; d < D; d++) {
          const x = (t * N + n) * D + d;
          results.x[x] += dz[k] * a.kernel[d * 4 * H + k];
          results.kernel[d * 4 * H + k] += a.x[x] * dz[k];
        }
      }
    }
  }
  return results;
}

function problem({ T, N, D, H }: Sizes): Arrays {
  return {
    x: draw(T * N * D),
    h0: draw(N * H),
    c0: draw(N * H),
    kernel: draw(D * 4 * H, 1 / Math.sqrt(D)),
    recurrentKernel: draw(H * 4 * H, 1 / Math.sqrt(H)),
    bias: draw(4 * H),
    dSequence: draw(T * N * H),
    dFinal: draw(N * H),
  };
}

/** Forward and backward by the operations, or by TensorFlow's as the engine does without them. */
function compute(sizes: Sizes, a: Arrays, own: boolean): Arrays {
  const { T, N, D, H } = sizes;
  const made: Handle[] = [];
  const give = (values: Float32Array, ...shape: number[]) => {
    made.push(createFloat(shape, values));
    return made[made.length - 1];
  };
  const inputs = {
    x: give(a.x, T, N, D),
    initial: [give(a.h0, N, H), give(a.c0, N, H)],
    kernel: give(a.kernel, D, 4 * H),
    recurrentKernel: give(a.recurrentKernel, H, 4 * H),
    bias: give(a.bias, 4 * H),
  };
  const gradients = {
    sequence: give(a.dSequence, T, N, H),
    final: [give(a.dFinal, N, H), undefined],
  };
  const wanted = { x: true, initial: false };
  let results: Record<string, Handle>;
  if (own) {
    const { sequence, final, backward } = recordOwnLstm(inputs, sizes);
    const { kernel, recurrentKernel, ...rest } = backward(gradients, wanted);
    results = {
      ...(rest as Record<string, Handle>),
      kernel: wholeGradient(summedGradient([kernel])),
      recurrentKernel: wholeGradient(summedGradient([recurrentKernel])),
      sequence,
      c: final[1],
    };
  } else {
    const { saved, final } = nativeLstm.forward(inputs, sizes);
    const { initial: _, ...rest } = nativeLstm.backward(inputs, saved, gradients, sizes, wanted);
    results = { ...(rest as Record<string, Handle>), sequence: saved[0], c: final[1] };
  }
  const read = Object.entries(results).map(([name, handle]) => [name, valuesOf(handle)]);
  release(...made, ...Object.values(results));
  return Object.fromEntries(read);
}

test("an LSTM of random sizes is that of float64, and that of TensorFlow's operations", (t) => {
  const reason = missing();
  if (reason) {
    return t.skip(reason);
  }
  setSeed("sizes");
  const fixed = [
    [1, 1, 1, 1],
    [3, 1, 2, 1],
    [1, 5, 1, 17],
    [2, 13, 3, 33],
    // More units than a panel of the packed weights is deep, backward already at 65.
    [2, 2, 1, 65],
    [2, 1, 2, 257],
  ];
  const drawn = Array.from({ length: 40 }, () =>
    [6, 20, 9, 40].map((most) => 1 + randomInteger(most)),
  );
  for (const [T, N, D, H] of [...fixed, ...drawn]) {
    const sizes = { T, N, D, H };
    const arrays = problem(sizes);
    const exact = oracle(sizes, arrays);
    const last = exact.c.slice((T - 1) * N * H);
    const [own, today] = [true, false].map((each) => compute(sizes, arrays, each));
    for (const [name, values] of Object.entries({ ...exact, c: last })) {
      // float32 has 7 digits; a sum of some hundred products loses some of the last. TensorFlow's own
      // results are as far from float64.
      const [far, near] = [apart(own[name], values), apart(own[name], today[name])];
      assert.ok(far < 2e-6, `${name} of ${JSON.stringify(sizes)}: ${far} from float64`);
      assert.ok(near < 4e-6, `${name} of ${JSON.stringify(sizes)}: ${near} from TensorFlow's`);
    }
  }
});

test("the same numbers give the same bits, saturated ones are finite, and NaN stays NaN", (t) => {
  const reason = missing();
  if (reason) {
    return t.skip(reason);
  }
  setSeed("bits");
  const sizes = { T: 5, N: 7, D: 4, H: 19 };
  const arrays = problem(sizes);
  assert.deepEqual(compute(sizes, arrays, true), compute(sizes, arrays, true));

  const large = { ...arrays, bias: arrays.bias.map((value) => value * 1e6) };
  const [own, exact] = [compute(sizes, large, true), oracle(sizes, large)];
  assert.ok(apart(own.sequence, exact.sequence) < 2e-6);
  assert.ok(own.kernel.every(Number.isFinite));

  const broken = { ...arrays, bias: arrays.bias.slice() };
  broken.bias[0] = Number.NaN;
  const { sequence } = compute(sizes, broken, true);
  assert.ok(Number.isNaN(sequence[0]), "unit 0 of the first step");
  assert.ok(sequence.slice(-19).every(Number.isNaN), "and everything that comes of it");
});
