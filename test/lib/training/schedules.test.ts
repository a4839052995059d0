import assert from "node:assert/strict";
import { test } from "node:test";
import {
  constantSchedule,
  cosineSchedule,
  exponentialSchedule,
  linearSchedule,
  mapSchedule,
  ScheduleError,
  stepSchedule,
} from "karenina";

const close = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) < 1e-12, `${actual} is not ${expected}`);

test("linear: eta0 at 0, half at T/2, zero at T and after", () => {
  const rate = linearSchedule({ initial: 0.2, steps: 1000 });
  for (const [step, expected] of [
    [0, 0.2],
    [500, 0.1],
    [1000, 0],
    [2000, 0],
  ] as const) {
    close(rate(step), expected);
  }
});

test("exponential: falls by e in T steps", () => {
  const rate = exponentialSchedule({ initial: 0.2, steps: 1000 });
  close(rate(0), 0.2);
  close(rate(500), 0.2 / Math.sqrt(Math.E));
  close(rate(1000), 0.2 / Math.E);
});

test("step: halves at every multiple", () => {
  const rate = stepSchedule({ initial: 2e-3, every: 5 });
  assert.deepEqual([0, 4, 5, 9, 10].map(rate), [2e-3, 2e-3, 1e-3, 1e-3, 5e-4]);
});

test("map: the article's three rates, at the steps around the changes", () => {
  const rate = mapSchedule({ 0: 0.1, 4000: 0.01, 8000: 0.002 });
  assert.deepEqual(
    [0, 3999, 4000, 7999, 8000, 28000].map(rate),
    [0.1, 0.1, 0.01, 0.01, 0.002, 0.002],
  );
});

test("cosine: warms up, then falls to the final rate", () => {
  const rate = cosineSchedule({ initial: 1, steps: 110, warmUp: 10, final: 0.1 });
  close(rate(0), 0.1);
  close(rate(9), 1);
  close(rate(10), 1);
  close(rate(60), 0.55);
  close(rate(110), 0.1);
  close(rate(500), 0.1);
});

test("numbers that make no schedule are named", () => {
  assert.throws(() => constantSchedule(0), /learningRate is 0/);
  assert.throws(() => linearSchedule({ initial: 1, steps: Number.NaN }), /steps is NaN/);
  assert.throws(() => mapSchedule({ 5: 0.1 }), /begin the map with \{ 0: rate/);
  assert.throws(() => mapSchedule({ 0: 0.1, 2.5: 0.1 }), /2.5 is no step/);
  assert.throws(() => mapSchedule({ 0: -1 }), /from step 0 is -1/);
  assert.throws(() => cosineSchedule({ initial: 1, steps: 10, warmUp: 10 }), ScheduleError);
});
