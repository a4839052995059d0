import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { JSDOM } from "jsdom";
import { textHeatMap } from "../../../lib/display/textHeatMap";
import { record } from "./recorder";

function spans(html: string): [string, number][] {
  const { document } = new JSDOM(html).window;
  return [...document.querySelectorAll("pre span")].map((span) => [
    span.textContent,
    Number(/([\d.]+)\)$/.exec(span.getAttribute("style")!)![1]),
  ]);
}

test("the colour behind a character is as strong as its value", () => {
  const [shown] = record(() => textHeatMap("a<b", [0.5, 1, 0]));
  assert.deepEqual(spans(shown.html), [
    ["a", 0.38],
    ["<", 0.75],
  ]);
  assert.match(shown.html, /rgba\(230, 159, 0/);
});

test("values below zero have another colour, and neighbours that are alike share one", () => {
  const [shown] = record(() => textHeatMap("abcd", [-1, -1, 0.5, 0.5]));
  assert.equal(spans(shown.html).length, 2);
  assert.match(shown.html, /rgba\(0, 114, 178, 0\.75\)">ab</);
});

test("the text is kept to the letter, and said in numbers", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, unit: "grapheme" }), (text) => {
      const letters = Array.from(text);
      const [shown] = record(() =>
        textHeatMap(
          text,
          Float32Array.from(letters, (_, i) => i),
        ),
      );
      assert.ok(shown.text.startsWith(`${text}\nprobability of each symbol; highest: `));
    }),
  );
  const [shown] = record(() => textHeatMap("xyz", [0.1, 0.9, 0.4], { title: "Sure?" }));
  assert.equal(
    shown.text,
    'Sure?\nxyz\nprobability of each symbol; highest: "y" (1) 0.9, "z" (2) 0.4, "x" (0) 0.1; ' +
      'lowest: "x" (0) 0.1, "z" (2) 0.4, "y" (1) 0.9',
  );
});

test("values that do not fit the text are refused", () => {
  assert.throws(() => textHeatMap("ab", [1]), /The text has 2 symbols, but there are 1 values/);
  assert.throws(() => textHeatMap("", []), /There is no probability to draw/);
  assert.throws(() => textHeatMap("a", [Number.NaN]), /probability of symbol 0 is NaN/);
});
