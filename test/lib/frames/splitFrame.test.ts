import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { setSeed } from "karenina";
import { type Frame, splitFrame } from "../../../lib/frames";
import { columnOf, contentOf, frameOf } from "./frames";

const classes = ["a", "b", "c"];
const cases = fc.record({
  labels: fc.array(fc.constantFrom(...classes), { minLength: 10, maxLength: 80 }),
  validation: fc.double({ min: 0.1, max: 0.4, noNaN: true }),
  test: fc.double({ min: 0.1, max: 0.4, noNaN: true }),
  seed: fc.integer(),
});

const labelled = (labels: string[]) =>
  frameOf(
    labels.map((label, i) => [label, i]),
    ["label", "i"],
  );

function unseeded<T>(act: () => T): T {
  const seed = process.env.KARENINA_SEED;
  delete process.env.KARENINA_SEED;
  try {
    return act();
  } finally {
    if (seed !== undefined) {
      process.env.KARENINA_SEED = seed;
    }
  }
}

test("each row goes to exactly one part, with its name, and the sizes are as asked", () => {
  fc.assert(
    fc.property(cases, fc.boolean(), ({ labels, validation, test, seed }, stratified) => {
      const frame = labelled(labels);
      const before = contentOf(frame);
      const options = { validation, test, seed, ...(stratified ? { stratify: "label" } : {}) };
      const parts = unseeded(() => splitFrame(frame, options));
      assert.deepEqual(contentOf(frame), before);
      const all: Frame[] = [parts.training, parts.validation, parts.test];
      const numbers = all.flatMap((part) => columnOf(part, "i") as number[]);
      assert.deepEqual(
        numbers.toSorted((a, b) => a - b),
        labels.map((_, i) => i),
      );
      for (const part of all) {
        assert.deepEqual(
          part.index,
          columnOf(part, "i").map((i) => 10 * (i as number)),
        );
        for (const [label, i] of part.values as [string, number][]) {
          assert.equal(label, labels[i]);
        }
      }
      assert.equal(parts.validation.index.length, Math.round(labels.length * validation));
      assert.equal(parts.test.index.length, Math.round(labels.length * test));
      assert.deepEqual(
        contentOf(unseeded(() => splitFrame(frame, options)).test),
        contentOf(parts.test),
      );
    }),
    { numRuns: 50 },
  );
});

test("stratified, a part has as many of each class as its share says, give or take two", () => {
  fc.assert(
    fc.property(cases, ({ labels, validation, test, seed }) => {
      const frame = labelled(labels);
      const parts = unseeded(() =>
        splitFrame(frame, { validation, test, seed, stratify: "label" }),
      );
      const shares = { test, validation, training: 1 - test - validation };
      for (const label of classes) {
        const count = (cells: unknown[]) => cells.filter((cell) => cell === label).length;
        for (const [name, share] of Object.entries(shares)) {
          const got = count(columnOf(parts[name as keyof typeof parts], "label"));
          const wanted = share * count(labels);
          // Half a row more, because the whole part's size is rounded.
          assert.ok(Math.abs(got - wanted) < 2.5, `${got} of ${label} in ${name}, not ${wanted}`);
        }
      }
    }),
    { numRuns: 50 },
  );
});

test("another seed deals otherwise, and rows are mixed", () => {
  const frame = labelled(Array.from({ length: 60 }, (_, i) => classes[i % 3]));
  const rows = (seed: number) => unseeded(() => splitFrame(frame, { seed })).training.index;
  assert.notDeepEqual(rows(1), rows(2));
  assert.notDeepEqual(
    rows(1),
    rows(1).toSorted((a, b) => Number(a) - Number(b)),
  );
});

test("without a seed of its own the parts come from the one generator", () => {
  const frame = labelled(Array.from({ length: 60 }, (_, i) => classes[i % 3]));
  const rows = () => splitFrame(frame).training.index;
  setSeed(5);
  const [first, second] = [rows(), rows()];
  assert.notDeepEqual(first, second);
  setSeed(5);
  assert.deepEqual(rows(), first);
});

test("without a share for validation there are two parts, with all rows", () => {
  fc.assert(
    fc.property(cases, fc.boolean(), ({ labels, test, seed }, stratified) => {
      const frame = labelled(labels);
      const options = { test, seed, ...(stratified ? { stratify: "label" } : {}) };
      const parts = unseeded(() => splitFrame(frame, { ...options, validation: 0 }));
      assert.deepEqual(Object.keys(parts), ["training", "test"]);
      const numbers = [parts.training, parts.test].flatMap(
        (part) => columnOf(part, "i") as number[],
      );
      assert.deepEqual(
        numbers.toSorted((a, b) => a - b),
        labels.map((_, i) => i),
      );
      assert.equal(parts.test.index.length, Math.round(labels.length * test));
    }),
    { numRuns: 30 },
  );
});

test("a part whose share is 0 is left out, and the rows go to the others", () => {
  const labels = Array.from({ length: 20 }, (_, i) => classes[i % 3]);
  const frame = labelled(labels);
  const numbersOf = (parts: object) =>
    Object.values(parts)
      .flatMap((part: Frame) => columnOf(part, "i") as number[])
      .toSorted((a, b) => a - b);
  const all = labels.map((_, i) => i);
  for (const stratify of [undefined, "label"]) {
    const shares = stratify === undefined ? {} : { stratify };
    const judged = splitFrame(frame, { ...shares, validation: 0.25, test: 0 });
    assert.deepEqual(Object.keys(judged), ["training", "validation"]);
    assert.equal(judged.validation.index.length, 5);
    assert.deepEqual(numbersOf(judged), all);
    const whole = splitFrame(frame, { ...shares, validation: 0, test: 0 });
    assert.deepEqual(Object.keys(whole), ["training"]);
    assert.deepEqual(numbersOf(whole), all);
  }
});

test("shares that leave a part empty, and categories that are missing, are refused", () => {
  const frame = labelled(["a", "b", "c", "a"]);
  assert.throws(() => splitFrame(frame, { validation: 0.01 }), /0 for validation/);
  assert.throws(() => splitFrame(frame, { validation: 0.6, test: 0.6 }), /leave 0 for training/);
  assert.throws(() => splitFrame(frame, { validation: 0, test: 1 }), /leave 0 for training/);
  assert.throws(() => splitFrame(frame, { validation: -0.5 }), /-2 for validation/);
  assert.throws(
    () => splitFrame(frame, { validation: 0.25, test: 0.01 }),
    /0 for the test; .* a share of 0 leaves validation or test out/,
  );
  assert.throws(() => splitFrame(frame, { validation: 1, test: 0 }), /leave 0 for training/);
  assert.throws(() => splitFrame(frame, { test: Number.NaN }), /needs at least one/);
  const holey = frameOf([["a"], [null], ["b"], ["a"]], ["label"]);
  const shares = { validation: 0.25, test: 0.25 };
  assert.throws(() => splitFrame(holey, { ...shares, stratify: "label" }), /Row 10 has no "label"/);
  assert.throws(() => splitFrame(holey, { ...shares, stratify: "l" }), /no column "l"/);
});
