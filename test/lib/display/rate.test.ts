import assert from "node:assert/strict";
import { test } from "node:test";
import { formatDuration, Rate } from "../../../lib/display/display";

test("the rate is that of the last marks, the overall rate that of all", () => {
  const rate = new Rate(3);
  assert.equal(rate.lately, undefined);
  rate.mark(0, 1000);
  assert.equal(rate.secondsLeft(10), undefined);
  rate.mark(10, 2000);
  assert.equal(rate.lately, 10);
  rate.mark(12, 3000);
  rate.mark(14, 4000);
  assert.equal(rate.lately, 2);
  assert.equal(rate.secondsLeft(24), 5);
  assert.ok(Math.abs(rate.overall! - 14 / 3) < 1e-12);
});

test("what was done before the first mark does not count as speed", () => {
  const rate = new Rate();
  rate.mark(500, 0);
  rate.mark(510, 1000);
  assert.equal(rate.overall, 10);
});

test("durations are written for readers", () => {
  const cases: [number, string][] = [
    [0.04, "0 s"],
    [0.44, "0.4 s"],
    [9.96, "10 s"],
    [59.4, "59 s"],
    [59.9, "1 min"],
    [126, "2 min 6 s"],
    [3600, "1 h"],
    [3790, "1 h 3 min"],
  ];
  for (const [seconds, text] of cases) {
    assert.equal(formatDuration(seconds), text);
  }
});
