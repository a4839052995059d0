import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { JSDOM } from "jsdom";
import { check, exercisesOf } from "../../../lessons/exercises";
import { ExerciseError, exercise } from "../../../lessons/exercises/exercise";
import type { Exercise } from "../../../lessons/exercises/judge";
import { yourCode } from "../../../lessons/exercises/notTried";
import { record } from "../../lib/display/recorder";

const double: Exercise<(x: number) => number> = {
  title: "Twice <as> much",
  answer: (x) => 2 * x,
  observe: (f) => [f(1), f(-3)],
  mistakes: [{ answer: (x) => x * x, hint: "That is `x * x`, the <square>." }],
  hint: "Multiply by two.",
  because: "2x is x + x.",
};

let mode: string | undefined;
beforeEach(() => {
  mode = process.env.KARENINA_MODE;
  delete process.env.KARENINA_MODE;
});
afterEach(() => {
  if (mode === undefined) {
    delete process.env.KARENINA_MODE;
  } else {
    process.env.KARENINA_MODE = mode;
  }
});

function shown(answer: (x: number) => number) {
  const [only, ...more] = record(() => {
    assert.equal(exercise(double)(answer), undefined);
  });
  assert.equal(more.length, 0);
  const { document } = new JSDOM(only.html).window;
  return { document, text: only.text, words: document.body.textContent };
}

test("a verdict is one output in colour and words, with a text twin", () => {
  const right = shown((x) => x + x);
  assert.equal(right.text, "✓ Right · Twice <as> much\n2x is x + x.");
  assert.match(right.words, /✓ Right · Twice <as> much2x is x \+ x\./);
  assert.equal(right.document.querySelector("[aria-hidden]")!.textContent, "✓");
  assert.equal(right.document.querySelector("div")!.getAttribute("role"), "status");

  const wrong = shown((x) => x * x);
  assert.equal(wrong.text, "✗ Try again · Twice <as> much\nThat is `x * x`, the <square>.");
  assert.equal(wrong.document.querySelector("code")!.textContent, "x * x");
  assert.equal(wrong.document.querySelector("square, as"), null);

  assert.equal(shown(() => yourCode()).text, "○ Not tried yet · Twice <as> much");
});

test("in fast mode a wrong answer ends the run, after the verdict is shown", () => {
  process.env.KARENINA_MODE = "fast";
  const wrong = () => exercise(double)((x) => x + 2);
  const verdicts = record(() => assert.throws(wrong, ExerciseError));
  assert.match(verdicts[0].text, /^✗ Try again/);
  record(() => assert.throws(wrong, /"Twice <as> much" is wrong\. .*Multiply by two.*fast mode/s));
});

test("in fast mode an answer may be missing in the student's cell, not in the solution", () => {
  process.env.KARENINA_MODE = "fast";
  const once = exercise(double);
  record(() => once(() => yourCode()));
  record(() => assert.throws(() => once(() => yourCode()), /missing in the solution/));
  record(() => once((x) => 2 * x));
});

test("in lesson mode no answer is an error", () => {
  for (const answer of [() => yourCode(), (x: number) => x, (x: number) => 2 * x]) {
    record(() => exercise(double)(answer));
  }
});

test("an exercise that cannot work is refused when it is defined", () => {
  const { observe: _, ...blind } = double;
  assert.throws(() => exercise(blind), /"Twice <as> much" is a function.*Say by observe/s);
  assert.throws(() => exercise({ ...double, mistakes: [] }), /knows no mistake/);
});

test("all lessons' exercises are there by name, and no name stands twice", () => {
  const names = Object.values(exercisesOf).flatMap((lesson) => Object.keys(lesson));
  assert.deepEqual(Object.keys(check).sort(), names.sort());
  assert.ok(Object.values(check).every((each) => typeof each === "function"));
});

test("a mark is 0 or nothing, no attempt, and no error in fast mode", () => {
  process.env.KARENINA_MODE = "fast";
  const own = exercise(double);
  const texts = record(() => {
    assert.equal(
      own.mark((x) => x + x),
      undefined,
    );
    assert.equal(
      own.mark((x) => x * x),
      0,
    );
    assert.equal(
      own.mark(() => yourCode()),
      0,
    );
  }).map(({ text }) => text);
  assert.deepEqual(texts, [
    "✓ Full marks · Twice <as> much",
    "○ No marks yet · Twice <as> much",
    "○ No marks yet · Twice <as> much",
  ]);
  record(() => own(() => yourCode()));
});
