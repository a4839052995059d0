import "../../training/oneThread";
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { ready, setSeed } from "karenina";
import { computeAll, createInts, release } from "../../../../lib/engine/native/operations";
import {
  ownDense,
  ownProductByTransposed,
  ownWeightGradient,
} from "../../../../lib/engine/native/ownProducts";
import { stack } from "../../../../lib/engine/native/tensors";
import { wholeGradient } from "../../../../lib/engine/native/weightGradients";
import { apart, draw, drawSizes, missing, onHandles } from "./ownOperation";

before(() => ready());

/** Sizes around those of tiles (4 to 32), panels (256) and blocks (up to 240), and 1. */
const SIZES = [
  [1, 1, 1],
  [1, 300, 1],
  [13, 257, 33],
  [241, 1, 31],
  [5, 512, 65],
  ...Array.from({ length: 30 }, () => undefined),
];
const eachSize = (body: (rows: number, D: number, M: number) => void) => {
  for (const sizes of SIZES) {
    const [rows, D, M] = sizes ?? drawSizes(90, 90, 90);
    body(rows, D, M);
  }
};

/** a [R, K] times b [K, M] in float64, through functions that read them. */
function product(
  [R, K, M]: number[],
  a: (r: number, k: number) => number,
  b: (k: number, m: number) => number,
): Float64Array {
  return Float64Array.from({ length: R * M }, (_, place) => {
    const [r, m] = [Math.floor(place / M), place % M];
    let sum = 0;
    for (let k = 0; k < K; k++) {
      sum += a(r, k) * b(k, m);
    }
    return sum;
  });
}

const ACTIVATIONS = {
  linear: (z: number) => z,
  relu: (z: number) => Math.max(z, 0),
  sigmoid: (z: number) => 1 / (1 + Math.exp(-z)),
  tanh: Math.tanh,
};

test("a dense layer of any size is that of float64", (t) => {
  const reason = missing();
  if (reason) {
    return t.skip(reason);
  }
  setSeed("dense");
  eachSize((rows, D, M) => {
    const [x, kernel, bias] = [draw(rows * D), draw(D * M), draw(M)];
    const sums = product(
      [rows, D, M],
      (r, d) => x[r * D + d],
      (d, m) => kernel[d * M + m],
    );
    for (const [name, f] of Object.entries(ACTIVATIONS)) {
      const activation = name as keyof typeof ACTIVATIONS;
      const { y, plain } = onHandles((give) => {
        const [given, w] = [give(x, rows, D), give(kernel, D, M)];
        return {
          y: ownDense(given, w, give(bias, M), activation),
          plain: ownDense(given, w, undefined, activation),
        };
      });
      const label = `${name} of ${rows} x ${D} x ${M}`;
      assert.ok(apart(plain, sums.map(f), Math.sqrt(D) / 3) < 2e-6, label);
      const biased = sums.map((sum, place) => f(sum + bias[place % M]));
      assert.ok(apart(y, biased, Math.sqrt(D) / 3) < 2e-6, `${label} with a bias`);
    }
  });
});

test("what is not a number or infinite stays so through a dense layer", (t) => {
  const reason = missing();
  if (reason) {
    return t.skip(reason);
  }
  const x = Float32Array.of(Number.NaN, Number.POSITIVE_INFINITY, 1);
  const { y } = onHandles((give) => ({
    y: ownDense(give(x, 3, 1), give(Float32Array.of(1), 1, 1), undefined, "relu"),
  }));
  assert.deepEqual(y, x);
});

test("a product with a transposed matrix is that of float64", (t) => {
  const reason = missing();
  if (reason) {
    return t.skip(reason);
  }
  setSeed("transposed");
  eachSize((rows, D, M) => {
    const [dz, kernel] = [draw(rows * M), draw(D * M)];
    const { x } = onHandles((give) => ({
      x: ownProductByTransposed(give(dz, rows, M), give(kernel, D, M)),
    }));
    const exact = product(
      [rows, M, D],
      (r, m) => dz[r * M + m],
      (m, d) => kernel[d * M + m],
    );
    assert.ok(apart(x, exact, Math.sqrt(M) / 3) < 2e-6, `${rows} x ${M} x ${D}`);
  });
});

test("a gradient by weights sums over pairs, whole or in pieces, and its half square with it", (t) => {
  const reason = missing();
  if (reason) {
    return t.skip(reason);
  }
  setSeed("pairs");
  eachSize((rows, D, M) => {
    const others = Math.ceil(rows / 3);
    const xs = [draw(rows * D), draw(others * D)];
    const dzs = [draw(rows * M), draw(others * M)];
    const at = (arrays: Float32Array[], width: number, r: number, i: number) =>
      r < rows ? arrays[0][r * width + i] : arrays[1][(r - rows) * width + i];
    const exact = product(
      [D, rows + others, M],
      (d, r) => at(xs, D, r, d),
      (r, m) => at(dzs, M, r, m),
    );
    for (const pieces of new Set([1, Math.min(D, 3), D])) {
      const { gradient, halves } = onHandles((give) => {
        const factors = {
          xs: [give(xs[0], rows, D), give(xs[1], others, D)],
          dzs: [give(dzs[0], rows, M), give(dzs[1], others, M)],
          rows: D,
          work: 0,
        };
        const each = ownWeightGradient(factors, pieces);
        return { gradient: wholeGradient(each), halves: stack(each.map(({ half }) => half)) };
      });
      const half = halves.reduce((total, each) => total + each, 0);
      const label = `${D} x ${rows} + ${others} x ${M} in ${pieces}`;
      assert.ok(apart(gradient, exact, Math.sqrt(rows) / 3) < 2e-6, label);
      const squares = exact.reduce((total, value) => total + value ** 2, 0);
      assert.ok(Math.abs(half - squares / 2) <= 1e-5 * squares, `half of ${label}`);
    }
  });
});

test("softmax with cross-entropy is that of float64, with one share for all or one each", (t) => {
  const reason = missing();
  if (reason) {
    return t.skip(reason);
  }
  setSeed("entropy");
  for (const [rows, V] of [
    [1, 1],
    [1, 17],
    [5, 2],
    [3, 300],
    ...Array.from({ length: 20 }, () => drawSizes(20, 70)),
  ]) {
    const logits = draw(rows * V, 20);
    const classes = Int32Array.from({ length: rows }, (_, r) => (r * 7) % V);
    for (const shares of [draw(1), draw(rows)]) {
      const labels = createInts(classes);
      const { loss, slopes } = onHandles((give) => {
        const inputs = [
          give(logits, rows, V),
          labels,
          give(shares, ...(shares.length > 1 ? [rows] : [])),
        ];
        const [loss, slopes] = computeAll("KareninaCrossEntropy", inputs, 2);
        return { loss, slopes };
      });
      release(labels);
      let [total, size] = [0, 0];
      const exact = new Float64Array(rows * V);
      for (let r = 0; r < rows; r++) {
        const z = Float64Array.from(logits.subarray(r * V, (r + 1) * V));
        const most = Math.max(...z);
        const sum = z.reduce((all, value) => all + Math.exp(value - most), 0);
        const share = shares[shares.length > 1 ? r : 0];
        const each = share * (Math.log(sum) + most - z[classes[r]]);
        total += each;
        size += Math.abs(each);
        z.forEach((value, v) => {
          exact[r * V + v] = share * (Math.exp(value - most) / sum - (v === classes[r] ? 1 : 0));
        });
      }
      assert.ok(Math.abs(loss[0] - total) <= 1e-6 * size + 1e-7, `loss ${loss[0]}, ${total}`);
      assert.ok(
        apart(slopes, exact) < 2e-6 || exact.every((slope) => slope === 0),
        `${rows} x ${V}`,
      );
    }
  }
});

test("a loss of what is not finite is not finite, and a label without a logit is refused", (t) => {
  const reason = missing();
  if (reason) {
    return t.skip(reason);
  }
  const entropy = (logits: number[], label: number) => {
    const classes = createInts([label]);
    try {
      return onHandles((give) => {
        const inputs = [
          give(Float32Array.from(logits), 1, logits.length),
          classes,
          give(Float32Array.of(1)),
        ];
        return { loss: computeAll("KareninaCrossEntropy", inputs, 2)[0] };
      }).loss[0];
    } finally {
      release(classes);
    }
  };
  for (const logits of [
    [Number.NaN, 1, 2],
    [1, 2, Number.NaN],
    [1, Number.POSITIVE_INFINITY, 2],
  ]) {
    assert.ok(Number.isNaN(entropy(logits, 0)), String(logits));
  }
  assert.equal(entropy([0, Number.NEGATIVE_INFINITY], 1), Number.POSITIVE_INFINITY);
  for (const label of [-1, 2]) {
    assert.throws(() => entropy([0, 0], label), /a label without a logit/);
  }
});
