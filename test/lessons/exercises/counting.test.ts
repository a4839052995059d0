import assert from "node:assert/strict";
import { test } from "node:test";
import { ngramModel, Vocabulary } from "karenina";
import * as counting from "../../../lessons/exercises/counting";
import { proveExercises, tryForms } from "./prove";

proveExercises(counting);

const { interpolated } = counting;

test("the answer computes what the library's n-gram model computes", () => {
  const read = "the cat that sat on the mat and the bat that ate it";
  const vocabulary = Vocabulary.of(read);
  const V = vocabulary.size;
  const model = ngramModel(vocabulary.encode(read), { n: 3, vocabularySize: V });
  for (const context of ["th", "at", "bm", "t ", "mm"]) {
    const theirs = model.probabilities(vocabulary.encode(context));
    const own = Array.from(theirs, (_, code) =>
      interpolated.exercise.answer(read, context, vocabulary.decode([code]), V),
    );
    own.forEach((p, code) => {
      assert.ok(Math.abs(p - theirs[code]) < 1e-12, `${context}, code ${code}`);
    });
    assert.ok(Math.abs(own.reduce((a, b) => a + b, 0) - 1) < 1e-12, "the probabilities sum to 1");
  }
});

const countOf = (read: string, piece: string) => {
  let count = 0;
  for (let i = 0; i + piece.length <= read.length; i++) {
    count += Number(read.startsWith(piece, i));
  }
  return count;
};

tryForms("interpolated", interpolated, {
  right: [
    // From the empty context up, without recursion.
    (read, context, symbol, V) => {
      let p = 1 / V;
      for (let length = 0; length <= context.length; length++) {
        const h = context.slice(context.length - length);
        const after = new Map<string, number>();
        for (let i = length; i < read.length; i++) {
          if (read.slice(i - length, i) === h) {
            after.set(read[i], (after.get(read[i]) ?? 0) + 1);
          }
        }
        const all = [...after.values()].reduce((a, b) => a + b, 0);
        if (all > 0) {
          p = ((after.get(symbol) ?? 0) + after.size * p) / (all + after.size);
        }
      }
      return p;
    },
  ],
  wrong: [
    [(_read, _context, _symbol, V) => 1 / V, /stand after the context/],
    [
      (read, context, symbol) => countOf(read, context + symbol) / countOf(read, context),
      /stand after the context|longest context alone/,
    ],
    [
      (read, context, symbol, V) => {
        const after = [...read].filter(
          (_, i) => i >= context.length && read.slice(i - context.length, i) === context,
        );
        const count = after.filter((each) => each === symbol).length;
        return (count + 1) / (after.length + V);
      },
      /stand after the context/,
    ],
  ],
});
