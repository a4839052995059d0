import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { logUniform, random, SearchError, setSeed, uniform } from "karenina";
import { drawFrom, gridOf } from "../../../lib/search/search";

test("a grid has every combination once, the last hyperparameter changing fastest", () => {
  assert.deepEqual(gridOf({ width: [8, 32], activation: ["relu", "tanh", "sigmoid"] }), [
    { width: 8, activation: "relu" },
    { width: 8, activation: "tanh" },
    { width: 8, activation: "sigmoid" },
    { width: 32, activation: "relu" },
    { width: 32, activation: "tanh" },
    { width: 32, activation: "sigmoid" },
  ]);
});

test("the values written in a call are the types of a configuration", () => {
  const [first] = gridOf({ activation: ["relu", "tanh"], width: [8] });
  const activation: "relu" | "tanh" = first.activation;
  const [drawn] = drawFrom({ rate: logUniform(1, 2) }, { trials: 1 });
  const rate: number = drawn.rate;
  assert.ok(activation === "relu" && rate >= 1);
});

test("a grid is as large as the product of its lists, and has no two the same", () => {
  const list = fc.uniqueArray(fc.integer(), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(list, list, list, (a, b, c) => {
      const grid = gridOf({ a, b, c });
      assert.equal(grid.length, a.length * b.length * c.length);
      assert.equal(new Set(grid.map((each) => JSON.stringify(each))).size, grid.length);
    }),
  );
});

test("draws lie within their ranges, and whole ones are whole", () => {
  const bounds = fc.tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 0, max: 50 }));
  fc.assert(
    fc.property(bounds, fc.integer(), ([from, more], seed) => {
      const to = from + more;
      const space = {
        u: uniform(from, to),
        l: logUniform(from, to),
        wu: uniform(from, to, { whole: true }),
        wl: logUniform(from, to, { whole: true }),
      };
      for (const drawn of drawFrom(space, { trials: 20, seed })) {
        for (const value of Object.values(drawn)) {
          assert.ok(value >= from && value <= to);
        }
        assert.ok(Number.isInteger(drawn.wu) && Number.isInteger(drawn.wl));
      }
    }),
  );
});

test("logUniform gives every factor of ten its share, uniform nearly all to the last", () => {
  const space = { log: logUniform(1e-4, 1e-1), even: uniform(1e-4, 1e-1) };
  const drawn = drawFrom(space, { trials: 6000 });
  const below = (name: "log" | "even", limit: number) =>
    drawn.filter((each) => each[name] < limit).length / drawn.length;
  assert.ok(Math.abs(below("log", 1e-3) - 1 / 3) < 0.02);
  assert.ok(Math.abs(below("log", 1e-2) - 2 / 3) < 0.02);
  assert.ok(below("even", 1e-2) < 0.12);
});

test("each whole number is drawn equally often, the bounds included", () => {
  const drawn = drawFrom({ depth: uniform(1, 4, { whole: true }) }, { trials: 8000 });
  for (const depth of [1, 2, 3, 4]) {
    const share = drawn.filter((each) => each.depth === depth).length / drawn.length;
    assert.ok(Math.abs(share - 0.25) < 0.02, `${depth}: ${share}`);
  }
});

test("a seed fixes the draws and leaves the global generator alone", () => {
  const space = { rate: logUniform(1e-4, 1), width: [8, 16, 32] };
  setSeed(1);
  const next = random();
  setSeed(1);
  const first = drawFrom(space, { trials: 5, seed: 7 });
  assert.equal(random(), next);
  assert.deepEqual(drawFrom(space, { trials: 5, seed: 7 }), first);
  assert.deepEqual(drawFrom(space, { trials: 3, seed: 7 }), first.slice(0, 3));
  assert.notDeepEqual(drawFrom(space, { trials: 5, seed: 8 }), first);
});

test("what makes no space is refused by name", () => {
  assert.throws(() => gridOf({}), /no hyperparameter/);
  assert.throws(() => gridOf({ width: [] }), /width has an empty list/);
  assert.throws(() => gridOf({ rate: uniform(0, 1) }), /rate is a range.*needs a list/);
  assert.throws(() => gridOf({ score: [1] }), /named "score"/);
  assert.throws(() => uniform(2, 1), /uniform\(2, 1\) is no range/);
  assert.throws(() => logUniform(0, 1), /both above 0/);
  assert.throws(() => uniform(0.5, 2, { whole: true }), /0.5 and 2: make them whole/);
  assert.throws(() => drawFrom({ a: [1] }, { trials: 0 }), SearchError);
});
