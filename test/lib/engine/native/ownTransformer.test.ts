// The library's own operations for a transformer's block, beside plain loops in float64 with differences for
// their gradients, and beside TensorFlow's operations.
import "../../training/oneThread";
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { ready, setSeed } from "karenina";
import {
  GELU_CUBIC,
  GELU_LINEAR,
  NORM_EPSILON,
  rotaryTables,
} from "../../../../lib/engine/attention";
import type { Handle } from "../../../../lib/engine/native/operations";
import {
  recordOwnAttention,
  recordOwnGelu,
  recordOwnNorm,
} from "../../../../lib/engine/native/ownTransformer";
import { recordAttention } from "../../../../lib/engine/native/recordedAttention";
import { apart, draw, drawSizes, missing, onHandles } from "./ownOperation";

before(() => ready());

type Numbers = Float32Array | Float64Array;

/** The gradients by each input of Σ f(inputs) dy, by central differences in float64. */
function differences(
  inputs: Record<string, Numbers>,
  dy: Numbers,
  f: (inputs: Record<string, Float64Array>) => Float64Array,
): Record<string, Float64Array> {
  const exact = Object.fromEntries(
    Object.entries(inputs).map(([name, values]) => [name, Float64Array.from(values)]),
  );
  const objective = () => f(exact).reduce((sum, each, k) => sum + each * dy[k], 0);
  const STEP = 1e-5;
  return Object.fromEntries(
    Object.entries(exact).map(([name, values]) => [
      name,
      values.map((value, k) => {
        const [above, below] = [STEP, -STEP].map((step) => {
          values[k] = value + step;
          return objective();
        });
        values[k] = value;
        return (above - below) / (2 * STEP);
      }),
    ]),
  );
}

function norm({ x, gain, bias }: Record<string, Float64Array>): Float64Array {
  const D = gain.length;
  return x.map((_, k) => {
    const row = x.subarray(k - (k % D), k - (k % D) + D);
    const mean = row.reduce((sum, each) => sum + each / D, 0);
    const variance = row.reduce((sum, each) => sum + (each - mean) ** 2 / D, 0);
    return ((x[k] - mean) / Math.sqrt(variance + NORM_EPSILON)) * gain[k % D] + bias[k % D];
  });
}

const gelu = ({ x }: Record<string, Float64Array>): Float64Array =>
  x.map((each) => each / (1 + Math.exp(-each * (GELU_CUBIC * each * each + GELU_LINEAR))));

interface Sizes {
  N: number;
  T: number;
  heads: number;
  d: number;
  rotary: boolean;
}

function attention(qkv: Numbers, { N, T, heads, d, rotary }: Sizes): Float64Array {
  const D = heads * d;
  const { cosines, sines } = rotaryTables(0, T, d);
  const result = new Float64Array(T * N * D);
  for (let n = 0; n < N; n++) {
    for (let head = 0; head < heads; head++) {
      const part = (which: number, t: number) =>
        qkv.subarray((t * N + n) * 3 * D + which * D + head * d).subarray(0, d);
      const turned = (which: number, t: number) =>
        Array.from(part(which, t), (each, i, all: ArrayLike<number> = part(which, t)) => {
          if (!rotary) {
            return each;
          }
          const partner = i < d / 2 ? -all[i + d / 2] : all[i - d / 2];
          return each * cosines[t * d + i] + partner * sines[t * d + i];
        });
      for (let t = 0; t < T; t++) {
        const query = turned(0, t);
        const scores = Array.from({ length: t + 1 }, (_, s) => {
          const key = turned(1, s);
          return query.reduce((sum, each, i) => sum + (each * key[i]) / Math.sqrt(d), 0);
        });
        const largest = Math.max(...scores);
        const weights = scores.map((score) => Math.exp(score - largest));
        const total = weights.reduce((sum, each) => sum + each, 0);
        weights.forEach((weight, s) => {
          part(2, s).forEach((value, i) => {
            result[(t * N + n) * D + head * d + i] += (weight / total) * value;
          });
        });
      }
    }
  }
  return result;
}

test("layer normalisation of any size is that of float64, forward and backward", (t) => {
  const reason = missing();
  if (reason) {
    return t.skip(reason);
  }
  setSeed("norm");
  const drawn = Array.from({ length: 12 }, () => drawSizes(9, 40));
  for (const [R, D] of [[1, 2], [3, 16], [2, 33], ...drawn.map(([R, D]) => [R, D + 1])]) {
    const arrays = { x: draw(R * D, 3), gain: draw(D), bias: draw(D) };
    const dy = draw(R * D);
    const own = onHandles((give) => {
      const [x, gain, bias] = [give(arrays.x, R, D), give(arrays.gain, D), give(arrays.bias, D)];
      const { value, backward } = recordOwnNorm(x, gain, bias);
      return { value, ...backward(give(dy, R, D)) };
    });
    const exact = Object.fromEntries(
      Object.entries(arrays).map(([name, values]) => [name, Float64Array.from(values)]),
    );
    assert.ok(apart(own.value, norm(exact), 1) < 4e-6, `the value of ${R} x ${D}`);
    for (const [name, values] of Object.entries(differences(arrays, dy, norm))) {
      const far = apart(own[name as keyof typeof own], values, 1);
      assert.ok(far < 1e-5, `the gradient by ${name} of ${R} x ${D}: ${far}`);
    }
  }
});

test("a row of equal numbers and a large offset are normalised, and what is not a number stays so", (t) => {
  const reason = missing();
  if (reason) {
    return t.skip(reason);
  }
  const D = 19;
  const row = (value: (d: number) => number) => Array.from({ length: D }, (_, d) => value(d));
  const x = Float32Array.from([
    ...row(() => 7),
    ...row((d) => 1e4 + d),
    ...row((d) => (d === 3 ? Number.NaN : d)),
  ]);
  const ones = new Float32Array(D).fill(1);
  const { value } = onHandles((give) => {
    const { value } = recordOwnNorm(give(x, 3, D), give(ones, D), give(new Float32Array(D), D));
    return { value };
  });
  assert.deepEqual(
    [...value.subarray(0, D)],
    row(() => 0),
  );
  const [mean, deviation] = [(D - 1) / 2, Math.sqrt((D * D - 1) / 12)];
  const exact = row((d) => (d - mean) / deviation);
  assert.ok(
    apart(value.subarray(D, 2 * D), exact) < 1e-4,
    "digits that an offset of 10,000 leaves",
  );
  assert.ok(value.subarray(2 * D).every(Number.isNaN));
});

test("GELU is that of float64, forward and backward, far from zero too", (t) => {
  const reason = missing();
  if (reason) {
    return t.skip(reason);
  }
  setSeed("gelu");
  for (const [R, D] of [
    [1, 1],
    [5, 7],
    [3, 64],
  ]) {
    const [x, dy] = [draw(R * D, 6), draw(R * D)];
    const own = onHandles((give) => {
      const { value, backward } = recordOwnGelu(give(x, R, D));
      return { value, x: backward(give(dy, R, D)) };
    });
    assert.ok(apart(own.value, gelu({ x: Float64Array.from(x) }), 1) < 2e-6);
    assert.ok(apart(own.x, differences({ x }, dy, gelu).x, 1) < 2e-6);
  }
  const far = Float32Array.of(-1e4, -50, 50, 1e4);
  const { value, x } = onHandles((give) => {
    const { value, backward } = recordOwnGelu(give(far, 1, 4));
    return { value, x: backward(give(new Float32Array(4).fill(1), 1, 4)) };
  });
  assert.ok(apart(value, [0, 0, 50, 1e4]) < 1e-7);
  assert.ok(apart(x, [0, 0, 1, 1]) < 1e-7);
  const broken = onHandles((give) => {
    const { value } = recordOwnGelu(give(Float32Array.of(Number.NaN, 1), 1, 2));
    return { value };
  });
  assert.ok(Number.isNaN(broken.value[0]) && broken.value[1] > 0.8);
});

/** Attention and its gradient by the operation, or by TensorFlow's. */
function computed(sizes: Sizes, qkv: Float32Array, dy: Float32Array, own: boolean) {
  const { N, T, heads, d } = sizes;
  const D = heads * d;
  return onHandles((give) => {
    const given: Handle = give(qkv, T * N, 3 * D);
    const { value, backward } = own
      ? recordOwnAttention(given, sizes, { N, T, d })
      : recordAttention(given, sizes, { N, T, D });
    return { value, qkv: backward(give(dy, T * N, D)) };
  });
}

test("attention of small sizes is that of float64, and its gradient that of differences", (t) => {
  const reason = missing();
  if (reason) {
    return t.skip(reason);
  }
  setSeed("attention");
  for (const [N, T, heads, d] of [
    [1, 1, 1, 2],
    [2, 3, 2, 2],
    [1, 5, 1, 4],
    [2, 4, 3, 6],
  ]) {
    for (const rotary of [false, true]) {
      const sizes = { N, T, heads, d, rotary };
      const qkv = draw(T * N * 3 * heads * d, 2);
      const dy = draw(T * N * heads * d);
      const own = computed(sizes, qkv, dy, true);
      const where = JSON.stringify(sizes);
      assert.ok(apart(own.value, attention(qkv, sizes)) < 2e-6, where);
      const exact = differences({ qkv }, dy, (inputs) => attention(inputs.qkv, sizes));
      assert.ok(apart(own.qkv, exact.qkv, 1e-2) < 1e-5, `the gradient of ${where}`);
    }
  }
});

test("attention of random sizes has the numbers of TensorFlow's operations", (t) => {
  const reason = missing();
  if (reason) {
    return t.skip(reason);
  }
  setSeed("sizes");
  // One block of rows and more, a last one that is not full, more columns than a panel is deep.
  const fixed = [
    [1, 32, 1, 8],
    [2, 33, 2, 16],
    [1, 65, 2, 2],
    [1, 270, 1, 4],
  ];
  const drawn = Array.from({ length: 10 }, () => drawSizes(3, 70, 3, 12));
  for (const [i, [N, T, heads, half]] of [...fixed, ...drawn].entries()) {
    const sizes = { N, T, heads, d: 2 * half, rotary: i % 2 === 0 };
    const qkv = draw(T * N * 3 * heads * 2 * half, 2);
    const dy = draw(T * N * heads * 2 * half);
    const [own, other] = [true, false].map((each) => computed(sizes, qkv, dy, each));
    const where = JSON.stringify(sizes);
    assert.ok(apart(own.value, other.value, 1e-2) < 2e-6, where);
    assert.ok(apart(own.qkv, other.qkv, 1e-2) < 1e-5, `the gradient of ${where}`);
    assert.deepEqual(computed(sizes, qkv, dy, true), own, "the same bits again");
  }
});

test("no step of attention sees a later one, nor anything of another sequence", (t) => {
  const reason = missing();
  if (reason) {
    return t.skip(reason);
  }
  setSeed("causal");
  const sizes = { N: 2, T: 40, heads: 2, d: 4, rotary: true };
  const { N, T } = sizes;
  const D = 8;
  const qkv = draw(T * N * 3 * D);
  const dy = draw(T * N * D);
  const before = computed(sizes, qkv, dy, true);
  const changed = qkv.slice();
  const step = 35;
  changed.fill(9, (step * N + 1) * 3 * D, (step * N + 2) * 3 * D);
  const after = computed(sizes, changed, dy, true);
  for (let row = 0; row < T * N; row++) {
    const [was, is] = [before, after].map(({ value }) => [...value.subarray(row * D, row * D + D)]);
    if (row % N === 1 && row >= step * N) {
      assert.notDeepEqual(is, was, `step ${Math.floor(row / N)} sees it`);
    } else {
      assert.deepEqual(is, was, `step ${Math.floor(row / N)} of sequence ${row % N}`);
    }
  }
});
