import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Reading, verdictsOn } from "./course";

const steady: Reading = { done: 0, milliseconds: 20, memoryMb: 400, handles: 40 };

/** 40 readings: what each figure is at reading k. */
const run = (at: (k: number) => Partial<Reading>): Reading[] =>
  Array.from({ length: 40 }, (_, k) => ({ ...steady, done: k, ...at(k) }));

const grown = (readings: Reading[]) =>
  verdictsOn(readings)
    .filter(({ flat }) => !flat)
    .map(({ figure }) => figure);

test("what stays as it is is flat, however it warms up and whatever a few readings say", () => {
  assert.deepEqual(grown(run(() => ({}))), []);
  assert.deepEqual(grown(run((k) => ({ memoryMb: 400 - 300 / (k + 1) }))), []);
  const outliers = run((k) => (k % 10 === 0 ? { milliseconds: 900, memoryMb: 900 } : {}));
  assert.deepEqual(grown(outliers), []);
});

test("what grows with every cell is found, each figure by itself", () => {
  assert.deepEqual(grown(run((k) => ({ memoryMb: 400 + 2 * k }))), ["memoryMb"]);
  assert.deepEqual(grown(run((k) => ({ handles: 40 + Math.floor(k / 5) }))), ["handles"]);
  assert.deepEqual(grown(run((k) => ({ milliseconds: 20 + 0.5 * k }))), ["milliseconds"]);
});

test("the medians are those of the second and the last quarter", () => {
  const readings = run((k) => ({ memoryMb: 100 * Math.floor(k / 10) }));
  const memory = verdictsOn(readings).find(({ figure }) => figure === "memoryMb")!;
  assert.deepEqual([memory.early, memory.late], [100, 300]);
});

test("any shrinking run is flat", () => {
  const falling = fc.array(fc.double({ min: 0, max: 1e3, noNaN: true }), { minLength: 4 });
  fc.assert(
    fc.property(falling, (values) => {
      const sorted = values.sort((a, b) => b - a);
      assert.deepEqual(grown(sorted.map((memoryMb) => ({ ...steady, memoryMb }))), []);
    }),
  );
});

test("a run with too few readings is refused", () => {
  assert.throws(() => verdictsOn([steady, steady]), /2 readings are too few; 4 are needed/);
});
