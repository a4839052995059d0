import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { before, test } from "node:test";
import { check } from "../../../lessons/exercises";
import type { Exercise } from "../../../lessons/exercises/judge";
import { encode, isRight, observeAnswer } from "../../../lessons/exercises/observation";
import { ready } from "../../../lib/engine/tensorflow";
import { exercisesIn, withoutAnswers } from "../../../scripts/grade/answerless";

const EXERCISES = resolve(__dirname, "../../../lessons/exercises");

before(ready);

test("of every exercise the own answer is right and every mistake wrong, by inputs that are drawn", () => {
  const table = {
    "right, passed": 0,
    "right, refused": 0,
    "wrong, passed": 0,
    "wrong, refused": 0,
  };
  const faults: string[] = [];
  for (const [name, each] of Object.entries(check)) {
    const { exercise } = each as unknown as { exercise: Exercise<unknown> };
    for (const seed of ["a", "b", "c"]) {
      const passes = (answer: unknown) => {
        const seen = JSON.parse(JSON.stringify(observeAnswer(exercise, answer, seed)));
        return isRight(exercise, seen, seed);
      };
      const own = passes(exercise.answer);
      table[own ? "right, passed" : "right, refused"] += 1;
      if (!own) {
        faults.push(`${name}: the own answer`);
      }
      for (const [i, { answer }] of exercise.mistakes.entries()) {
        const wrong = passes(answer);
        table[wrong ? "wrong, passed" : "wrong, refused"] += 1;
        if (wrong) {
          faults.push(`${name}: mistake ${i + 1}`);
        }
      }
    }
  }
  assert.deepEqual(faults, [], JSON.stringify(table));
  assert.equal(table["right, passed"], 3 * Object.keys(check).length);
  assert.ok(table["wrong, refused"] > 700);
});

test("no function is seen by inputs that stand in the lessons alone", () => {
  const known = Object.entries(check).filter(([, each]) => {
    const { exercise } = each as unknown as { exercise: Exercise<unknown> };
    if (typeof exercise.answer !== "function") {
      return false;
    }
    const seen = ["a", "b", "c"].map((seed) => inputsOf(exercise, seed));
    return new Set(seen).size < 3;
  });
  // A model and a layer are built, and get no inputs of the exercise.
  assert.deepEqual(
    known.map(([name]) => name),
    ["classifier", "scale"],
  );
});

/** All that an exercise calls its own answer with, as text. */
function inputsOf(exercise: Exercise<unknown>, seed: string): string {
  const given: unknown[] = [];
  const answer = exercise.answer as (...inputs: unknown[]) => unknown;
  const noting = (...inputs: unknown[]) => {
    given.push(inputs.map(encode));
    return answer(...inputs);
  };
  const seen = observeAnswer(exercise, noting, seed);
  return JSON.stringify([given, seen]);
}

test("other seeds draw other inputs, equal seeds the same", () => {
  const { exercise } = check.neuron;
  const inputs = (seed: string) => {
    const seen: number[] = [];
    observeAnswer(exercise, (...given) => seen.push(...given), seed);
    return seen;
  };
  assert.deepEqual(inputs("a"), inputs("a"));
  assert.notDeepEqual(inputs("a"), inputs("b"));
  const constant = observeAnswer(exercise, exercise.answer, "a");
  assert.ok(!isRight(exercise, constant, "b"), "what was seen by one seed is wrong by another");
});

test("the exercises that submissions run with hold no answer, and the open ones their own alone", () => {
  for (const file of readdirSync(EXERCISES)) {
    const text = readFileSync(join(EXERCISES, file), "utf8");
    for (const name of exercisesIn(text)) {
      assert.doesNotMatch(
        withoutAnswers(text),
        /^\s*(answer|mistakes|hint|nudge|because|right):/m,
        file,
      );
      const open = withoutAnswers(text, name).match(/^\s*answer:/gm) ?? [];
      assert.equal(open.length, 1, `${file}, ${name}`);
    }
  }
  const welcome = withoutAnswers(readFileSync(join(EXERCISES, "welcome.ts"), "utf8"));
  assert.doesNotMatch(welcome, /Math\.tanh|\b15\b|too large/);
});
