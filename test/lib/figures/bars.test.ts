import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { frequencyFigure, probabilityFigure } from "karenina";
import { visible } from "../../../lib/figures/bars";
import { matchesSnapshot } from "./snapshot";

const bars = (figure: { data: unknown[] }) =>
  figure.data[0] as { x: number[]; y: number[]; customdata: string[] };

test("the likeliest symbol comes first, whatever the order of the vocabulary", () => {
  const { y, customdata } = bars(probabilityFigure([0.1, 0.7, 0.2], ["a", " ", "<"]));
  assert.deepEqual(y, [0.7, 0.2, 0.1]);
  assert.deepEqual(customdata, ["␣", "&lt;", "a"]);
});

test("what is not shown is summed up", () => {
  const figure = probabilityFigure(new Float32Array([0.5, 0.25, 0.25]), ["a", "b", "c"], {
    top: 1,
  });
  assert.equal(bars(figure).y.length, 1);
  assert.equal(figure.layout.xaxis?.title?.text, "symbol (2 rarer ones not shown)");
  assert.match(figure.summary!, /The 2 not shown have 0\.5 together\./);
});

test("characters are counted by code point, and none is lost", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, unit: "grapheme" }), (text) => {
      const { y } = bars(frequencyFigure(text, { top: 1000 }));
      assert.equal(
        y.reduce((sum, count) => sum + count, 0),
        [...text].length,
      );
    }),
  );
  assert.deepEqual(bars(frequencyFigure("a😀😀\n")).customdata, ["😀", "a", "⏎"]);
});

test("counts may be given instead of a text", () => {
  const byMap = frequencyFigure(new Map([["x", 3]]));
  assert.deepEqual(byMap, frequencyFigure({ x: 3 }));
});

test("symbols without a shape get one", () => {
  assert.deepEqual(["\n", "\t", " ", "\u00a0", "\u2009", "\u0301", "é", "ж"].map(visible), [
    "⏎",
    "⇥",
    "␣",
    "◦",
    "U+2009",
    "U+0301",
    "é",
    "ж",
  ]);
});

test("the figure is the one agreed on", () => {
  matchesSnapshot("frequencies", frequencyFigure("happy families are all alike & <so on>"));
});

test("what is no distribution is refused", () => {
  assert.throws(() => probabilityFigure([], []), /There is no probability to draw/);
  assert.throws(() => probabilityFigure([0.5, 0.5], ["a"]), /2 probabilities but 1 symbols/);
  assert.throws(() => probabilityFigure([3, -2], ["a", "b"]), /of a is 3, but must be from 0 to 1/);
  assert.throws(() => probabilityFigure([0.3, 0.3], ["a", "b"]), /add up to 0\.6 instead of 1/);
  assert.throws(() => probabilityFigure([Number.NaN], ["a"]), /is NaN/);
  assert.throws(() => probabilityFigure([1], ["a"], { top: 0 }), /`top` is 0/);
  assert.throws(() => frequencyFigure(""), /There is no count to draw/);
  assert.throws(() => frequencyFigure({ a: 1.5 }), /The count of a is 1\.5/);
});
