import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  describeSeries,
  movingAverage,
  sampleEvenly,
  seriesFacts,
  smoothed,
  thin,
} from "../../../lib/figures/series";

const finite = fc.double({ noNaN: true, min: -1e6, max: 1e6 });
const seriesOf = (y: number[]) => ({ x: y.map((_, i) => i), y });

test("thinning keeps the first, the last, the lowest and the highest point, in order", () => {
  fc.assert(
    fc.property(
      fc.array(finite, { minLength: 1, maxLength: 400 }),
      fc.integer({ min: 4, max: 100 }),
      (values, maxPoints) => {
        const y = values.map((value) => Number(value.toPrecision(5)));
        const thinned = thin(seriesOf(y), maxPoints);
        assert.ok(thinned.y.length <= Math.max(maxPoints, 1));
        assert.equal(thinned.x.length, thinned.y.length);
        assert.equal(thinned.x[0], 0);
        assert.equal(thinned.x[thinned.x.length - 1], y.length - 1);
        const drawn = thinned.y as number[];
        assert.equal(Math.min(...drawn), Math.min(...y));
        assert.equal(Math.max(...drawn), Math.max(...y));
        assert.deepEqual(
          thinned.x,
          [...new Set(thinned.x)].sort((a, b) => a - b),
        );
        thinned.x.forEach((at, i) => {
          assert.equal(thinned.y[i], y[at]);
        });
      },
    ),
  );
});

const gappy = fc.array(fc.option(finite, { nil: Number.NaN, freq: 3 }), {
  minLength: 5,
  maxLength: 300,
});

test("thinning keeps the spikes of a series with gaps, and each stretch with a gap has one", () => {
  fc.assert(
    fc.property(gappy, fc.integer({ min: 8, max: 60 }), (values, maxPoints) => {
      fc.pre(values.some((value) => !Number.isNaN(value)));
      const y = values.map((value) => Number(value.toPrecision(5)));
      const thinned = thin(seriesOf(y), maxPoints);
      assert.ok(thinned.y.length <= Math.max(maxPoints, y.length <= maxPoints ? y.length : 0));
      const known = y.filter((value) => !Number.isNaN(value));
      const drawn = thinned.y.filter((value): value is number => value !== null);
      assert.equal(Math.min(...drawn), Math.min(...known));
      assert.equal(Math.max(...drawn), Math.max(...known));
      thinned.x.forEach((at, i) => {
        const expected = Number.isNaN(y[at]) ? null : y[at];
        assert.equal(thinned.y[i], expected);
        assert.ok(i === 0 || at > thinned.x[i - 1], "in order");
      });
      if (known.length < y.length) {
        assert.ok(thinned.y.includes(null));
      }
    }),
  );
});

test("a long gap keeps its place and its width", () => {
  const y = Array.from({ length: 10_000 }, (_, i) =>
    i > 3000 && i < 5000 ? Number.NaN : Math.sin(i / 500),
  );
  for (const drawn of [thin(seriesOf(y), 300), sampleEvenly(seriesOf(y), 250)]) {
    const gaps = drawn.x.filter((_, i) => drawn.y[i] === null);
    assert.ok(gaps.length > 0 && gaps.every((at) => at > 3000 && at < 5000));
    const inside = drawn.x.filter((at, i) => drawn.y[i] !== null && at > 2900 && at < 5100);
    assert.ok(inside.every((at) => at <= 3000 || at >= 5000));
    assert.ok(inside.some((at) => at <= 3000) && inside.some((at) => at >= 5000));
  }
});

test("a gap between two even samples is drawn, too", () => {
  const y = Array.from({ length: 101 }, (_, i) => (i === 30 ? Number.NaN : i));
  assert.deepEqual(sampleEvenly(seriesOf(y), 5), {
    x: [0, 25, 30, 50, 75, 100],
    y: [0, 25, null, 50, 75, 100],
  });
});

test("the moving average and the facts pass over gaps", () => {
  const values = [1, Number.NaN, 3, Number.NaN, Number.NaN, 2];
  const known = movingAverage([1, 3, 2], 5);
  assert.deepEqual(movingAverage(values, 5), [
    known[0],
    Number.NaN,
    known[1],
    Number.NaN,
    Number.NaN,
    known[2],
  ]);
  const { first, last, max, maxAt, trend } = seriesFacts(seriesOf([Number.NaN, ...values]));
  assert.deepEqual([first, last, max, maxAt, trend], [1, 2, 3, 3, "falling"]);
  assert.equal(
    describeSeries("loss", seriesOf(values), "step"),
    "loss starts at 1 and ends at 2 (falling), lowest 1 at step 0, highest 3 at step 2, with 2 gaps " +
      "at step 1, 3, where 3 values are missing",
  );
});

test("a series that is short enough is left as it is", () => {
  assert.deepEqual(thin({ x: [1, 2, 3], y: [5, 4, 6] }, 3), { x: [1, 2, 3], y: [5, 4, 6] });
});

test("even sampling takes both ends and the points between at even distances", () => {
  const series = seriesOf(Array.from({ length: 101 }, (_, i) => i * i));
  assert.deepEqual(sampleEvenly(series, 5), {
    x: [0, 25, 50, 75, 100],
    y: [0, 625, 2500, 5625, 10000],
  });
  assert.deepEqual(sampleEvenly(seriesOf([7]), 5), { x: [0], y: [7] });
  assert.deepEqual(sampleEvenly(seriesOf([7, 8]), 5), { x: [0, 1], y: [7, 8] });
});

test("the moving average is the weighted mean of all values so far", () => {
  fc.assert(
    fc.property(
      fc.array(finite, { minLength: 1, maxLength: 60 }),
      fc.integer({ min: 1, max: 30 }),
      (values, span) => {
        const decay = 1 - 2 / (span + 1);
        movingAverage(values, span).forEach((average, i) => {
          let sum = 0;
          let weights = 0;
          for (let j = 0; j <= i; j++) {
            const weight = decay ** (i - j);
            sum += weight * values[j];
            weights += weight;
          }
          const expected = sum / weights;
          assert.ok(Math.abs(average - expected) <= 1e-9 * Math.max(1, Math.abs(expected), 1e6));
        });
      },
    ),
  );
});

test("a moving average of one value changes nothing", () => {
  assert.deepEqual(movingAverage([3, 1, 2], 1), [3, 1, 2]);
});

test("a mean stands at the mean of its places, so that it does not lag", () => {
  const x = Float64Array.from({ length: 40 }, (_, i) => 3 + i);
  // On a straight line every mean lies on the line, from the first to the last.
  const even = smoothed({ x, y: x.map((place) => 5 - 0.25 * place) }, 9);
  for (const [i, place] of Array.from(even.x).entries()) {
    assert.ok(Math.abs(even.y[i] - (5 - 0.25 * place)) < 1e-9);
  }
  // A step down: half of it is done where it happens, give or take a step, and not half a span later.
  const step = smoothed({ x, y: x.map((place) => (place < 20 ? 1 : 0)) }, 9);
  const half = Array.from(step.y).findIndex((value) => value < 0.5);
  assert.ok(Math.abs(step.x[half] - 19.5) < 2, `${step.x[half]}`);
  // In a gap time stands still, and goes on after it.
  const gap = smoothed({ x, y: x.map((_, i) => (i > 9 && i < 20 ? Number.NaN : i)) }, 5);
  assert.ok(Array.from(gap.x).every((place, i) => i === 0 || place >= gap.x[i - 1]));
  assert.deepEqual(
    Array.from(gap.y, Number.isNaN),
    Array.from(x, (_, i) => i > 9 && i < 20),
  );
});

test("the facts name where a series is lowest and highest, and where it goes", () => {
  const falling = seriesFacts({ x: [10, 20, 30, 40], y: [4, 5, 2, 1] });
  assert.deepEqual(falling, {
    first: 4,
    last: 1,
    min: 1,
    minAt: 40,
    max: 5,
    maxAt: 20,
    trend: "falling",
  });
  assert.equal(seriesFacts(seriesOf([5, 4, 1, 2, 3])).trend, "rising");
  assert.equal(seriesFacts(seriesOf([5, 1, 1, 1, 1])).trend, "level");
  assert.equal(seriesFacts(seriesOf([2])).trend, "level");
});

test("the trend is that of the second half, noise or not", () => {
  const noisy = Array.from({ length: 200 }, (_, i) => 5 - i / 50 + (i % 2) * 0.4);
  assert.equal(seriesFacts(seriesOf(noisy)).trend, "falling");
  const overfit = Array.from({ length: 200 }, (_, i) => Math.abs(i - 80) / 80);
  assert.equal(seriesFacts(seriesOf(overfit)).trend, "rising");
});

test("a series is described by its numbers", () => {
  assert.equal(
    describeSeries("loss", { x: [1, 2, 3], y: [4.94123, 2.5, 1.25] }, "step"),
    "loss starts at 4.941 and ends at 1.25 (falling), lowest 1.25 at step 3, highest 4.941 at step 1",
  );
  assert.equal(describeSeries("loss", { x: [7], y: [4.5] }, "step"), "loss is 4.5 at step 7");
});
