import assert from "node:assert/strict";
import { before, test } from "node:test";
import { random, randomInteger, ready, setSeed } from "karenina";
import { bitsOf } from "../../../../lib/engine/web/program";
import { relativeError } from "../../layers/oracle";
import { compute, draw, give, giveInts, module } from "./onModule";

// Every instruction beside loops in float64, with sizes of 1, of a tile and panel, and beyond.

before(async () => {
  await ready();
  setSeed("operations");
});

const CLOSE = 2e-6;
const range = (count: number) => Array.from({ length: count }, (_, i) => i);

function near(actual: ArrayLike<number>, expected: ArrayLike<number>, what: string): void {
  const error = relativeError(actual, expected);
  assert.ok(error < CLOSE, `${what}: ${error} from float64`);
}

test("products, each factor by rows or by columns, alone and added to what is there", () => {
  const fixed = [
    [1, 1, 1],
    [4, 8, 1],
    [5, 9, 256],
    [3, 7, 257],
    [81, 17, 5],
    [1, 33, 300],
    [2, 3, 0],
  ];
  const drawn = range(24).map(() => [
    1 + randomInteger(30),
    1 + randomInteger(40),
    randomInteger(50),
  ]);
  for (const [M, N, K] of [...fixed, ...drawn]) {
    for (const [ta, tb, adds] of [
      [false, false, false],
      [true, false, true],
      [false, true, false],
      [true, true, true],
    ]) {
      const [a, b, c] = [draw(M * K), draw(K * N), draw(M * N)];
      const expected = Float64Array.from(range(M * N), (place) => {
        const [m, n] = [Math.floor(place / N), place % N];
        return range(K).reduce(
          (sum, k) => sum + a[ta ? k * M + m : m * K + k] * b[tb ? n * K + k : k * N + n],
          adds ? c[place] : 0,
        );
      });
      const { result } = compute((program) => {
        const [pa, pb, pc] = [a, b, c].map((each) => give(program, each));
        program.needScratch(module.productScratch(M, N, K));
        const [left, right] = [ta ? [1, M] : [K, 1], tb ? [1, K] : [N, 1]];
        program.add("product", M, N, K, pa, ...left, pb, ...right, pc, adds ? 1 : 0);
        return { result: [pc, M * N] };
      });
      near(result, expected, `[${M}, ${K}] [${K}, ${N}] ${ta} ${tb} ${adds}`);
    }
  }
});

const functions: ((x: number) => number)[] = [
  (x) => x,
  (x) => Math.max(x, 0),
  (x) => 1 / (1 + Math.exp(-x)),
  Math.tanh,
];
const slopes: ((y: number) => number)[] = [
  () => 1,
  (y) => (y > 0 ? 1 : 0),
  (y) => y * (1 - y),
  (y) => 1 - y * y,
];

test("dense layers with each activation, with and without a bias, and the slopes of activations", () => {
  for (const [M, N, K] of [
    [1, 1, 1],
    [3, 5, 2],
    [9, 17, 33],
  ]) {
    for (const [which, f] of functions.entries()) {
      for (const useBias of [true, false]) {
        const [x, kernel, bias, dy] = [draw(M * K, 2), draw(K * N), draw(N), draw(M * N)];
        const expected = Float64Array.from(range(M * N), (place) => {
          const [m, n] = [Math.floor(place / N), place % N];
          const start = useBias ? bias[n] : 0;
          return f(range(K).reduce((sum, k) => sum + x[m * K + k] * kernel[k * N + n], start));
        });
        const results = compute((program) => {
          const places = [x, kernel].map((each) => give(program, each));
          const [b, by] = [useBias ? give(program, bias) : 0, give(program, dy)];
          const y = program.place(M * N);
          program.needScratch(module.productScratch(M, N, K));
          program.add("dense", M, N, K, ...places, b, which, y);
          program.add("activationSlope", which, M * N, y, by);
          return { y: [y, M * N], by: [by, M * N] };
        });
        near(results.y, expected, `f ${which}`);
        const by = Float64Array.from(dy, (slope, place) => slope * slopes[which](expected[place]));
        near(results.by, by, `slope ${which}`);
      }
    }
  }
});

test("rows are filled, looked up, summed, and summed by their indices", () => {
  for (const [rows, width, V] of [
    [1, 1, 1],
    [7, 3, 2],
    [20, 33, 5],
  ]) {
    const [table, from] = [draw(V * width), draw(rows * width)];
    const indices = Int32Array.from(range(rows), () => randomInteger(V));
    const results = compute((program) => {
      const [t, f, i] = [give(program, table), give(program, from), giveInts(program, indices)];
      const [filled, zeros, found] = [0, 1, 2].map(() => program.place(rows * width));
      const [sum, byIndex] = [program.place(width), program.place(V * width)];
      program.add("fill", t, rows, width, filled);
      program.add("fill", 0, rows, width, zeros);
      program.add("lookUp", t, i, rows, width, found);
      program.add("sumRows", f, rows, width, sum);
      program.add("sumByIndex", f, i, rows, width, V, byIndex);
      return {
        filled: [filled, rows * width],
        zeros: [zeros, rows * width],
        found: [found, rows * width],
        sum: [sum, width],
        byIndex: [byIndex, V * width],
      };
    });
    const each = (f: (row: number, k: number) => number) =>
      Float32Array.from(range(rows * width), (place) =>
        f(Math.floor(place / width), place % width),
      );
    assert.deepEqual(
      results.filled,
      each((_, k) => table[k]),
    );
    assert.deepEqual(
      results.zeros,
      each(() => 0),
    );
    assert.deepEqual(
      results.found,
      each((row, k) => table[indices[row] * width + k]),
    );
    const sumOf = (k: number, index?: number) =>
      range(rows).reduce(
        (sum, row) =>
          sum + (index === undefined || indices[row] === index ? from[row * width + k] : 0),
        0,
      );
    near(
      results.sum,
      range(width).map((k) => sumOf(k)),
      "sum",
    );
    const places = range(V * width);
    near(
      results.byIndex,
      places.map((p) => sumOf(p % width, Math.floor(p / width))),
      "by index",
    );
  }
});

test("dropout blanks with its probability, scales the rest, and repeats for its seeds", () => {
  const size = 40_001;
  const x = draw(size);
  const run = (seeds: number[], dropped: number) =>
    compute((program) => {
      const from = give(program, x);
      const [mask, to] = [program.place(size), program.place(size)];
      program.add(
        "dropout",
        size,
        dropped,
        bitsOf(65536 / (65536 - dropped)),
        ...seeds,
        from,
        mask,
        to,
      );
      program.add("multiply", size, from, mask);
      return { mask: [mask, size], to: [to, size], product: [from, size] };
    });
  for (const dropped of [1, 16384, 45875]) {
    const rate = dropped / 65536;
    const { mask, to, product } = run([3, 4], dropped);
    const scale = Math.fround(1 / (1 - rate));
    assert.ok(mask.every((value) => value === 0 || value === scale));
    assert.deepEqual(
      to,
      x.map((value, k) => value * mask[k]),
    );
    assert.deepEqual(product, to);
    const zeros = mask.filter((value) => value === 0).length;
    const deviation = Math.sqrt(size * rate * (1 - rate));
    assert.ok(Math.abs(zeros - size * rate) < 5 * deviation, `${zeros} of ${size} at ${rate}`);
    // Neighbours know nothing of each other.
    const pairs = range(size - 1).filter((k) => mask[k] === 0 && mask[k + 1] === 0).length;
    assert.ok(Math.abs(pairs - size * rate ** 2) < 8 * Math.sqrt(size) * rate + 5);
    assert.deepEqual(run([3, 4], dropped).mask, mask);
  }
  assert.notDeepEqual(run([3, 5], 16384).mask, run([3, 4], 16384).mask);
  assert.notDeepEqual(run([4, 3], 16384).mask, run([3, 4], 16384).mask);
});

test("the cross-entropy, its gradient, and the norm", () => {
  for (const [rows, V] of [
    [1, 1],
    [1, 7],
    [5, 4],
    [13, 33],
    [4, 300],
  ]) {
    for (const weighted of [false, true]) {
      const logits = draw(rows * V, 8);
      const labels = Int32Array.from(range(rows), () => randomInteger(V));
      const raw = range(rows).map(() => random());
      const sum = raw.reduce((a, b) => a + b, 0);
      const shares = Float32Array.from(raw, (weight) => (weighted ? weight / sum : 1 / rows));
      const results = compute((program) => {
        const z = give(program, logits);
        const slopes = program.place(rows * V);
        const share = give(program, weighted ? shares : shares.slice(0, 1));
        program.add(
          "crossEntropy",
          rows,
          V,
          z,
          giveInts(program, labels),
          share,
          weighted ? 1 : 0,
          slopes,
        );
        program.add("squares", rows * V, slopes);
        program.add("decide");
        return { slopes: [slopes, rows * V] };
      });
      let [loss, squares] = [0, 0];
      const expected = new Float64Array(rows * V);
      for (let r = 0; r < rows; r++) {
        const row = Float64Array.from(logits.subarray(r * V, (r + 1) * V));
        const total = row.reduce((all, value) => all + Math.exp(value), 0);
        loss += shares[r] * (Math.log(total) - row[labels[r]]);
        for (let v = 0; v < V; v++) {
          const slope = shares[r] * (Math.exp(row[v]) / total - (v === labels[r] ? 1 : 0));
          expected[r * V + v] = slope;
          squares += slope ** 2;
        }
      }
      assert.ok(
        Math.abs(results.loss - loss) <= CLOSE * Math.max(loss, 0.1),
        `${results.loss} for ${loss}`,
      );
      if (V > 1) {
        near(results.slopes, expected, `slopes of [${rows}, ${V}]`);
        assert.ok(Math.abs(results.norm - Math.sqrt(squares)) <= CLOSE * Math.sqrt(squares));
      }
    }
  }
});

test("what is not a number stays so, and saturated functions are finite", () => {
  const { y, loss } = compute((program) => {
    const x = give(program, [Number.NaN, 100, -100, 1e30]);
    const [one, y] = [give(program, [1]), program.place(12)];
    program.needScratch(module.productScratch(4, 1, 1));
    for (const which of [1, 2, 3]) {
      program.add("dense", 4, 1, 1, x, one, 0, which, y + 16 * (which - 1));
    }
    program.add("crossEntropy", 1, 4, x, giveInts(program, [1]), one, 0, program.place(4));
    return { y: [y, 12] };
  });
  assert.ok(Number.isNaN(loss));
  for (const first of [0, 4, 8]) {
    assert.ok(Number.isNaN(y[first]));
    assert.ok(y.slice(first + 1, first + 4).every(Number.isFinite));
  }
  assert.deepEqual([...y.slice(9)].map(Math.round), [1, -1, 1]);
});
