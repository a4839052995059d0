import assert from "node:assert/strict";
import { test } from "node:test";
import type { Check } from "../../../lessons/exercises/exercise";
import { judge } from "../../../lessons/exercises/judge";
import { ready, tf } from "../../../lib/engine/tensorflow";

/**
 * Proves what must hold of each exercise of a lesson: its own answer is right, each typical mistake gets
 * its own hint, an untouched place counts as not tried, nothing is left in memory.
 */
export function proveExercises(lesson: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(lesson)) {
    const { exercise } = value as Check<unknown>;

    test(`${name}: the right answer is right`, async () => {
      await ready();
      const before = tf.memory().numTensors;
      assert.equal(judge(exercise, exercise.answer).kind, "right");
      assert.equal(tf.memory().numTensors, before);
    });

    test(`${name}: what is not tried is no mistake`, () => {
      for (const untried of [Number.NaN, undefined, null, "", []]) {
        assert.deepEqual(judge(exercise, untried), { kind: "not tried" });
      }
    });

    test(`${name}: each typical mistake gets its own hint`, () => {
      assert.ok(exercise.mistakes.length >= 3, "three typical mistakes at least");
      const hints = exercise.mistakes.map(({ hint }) => hint);
      assert.equal(new Set([...hints, exercise.hint]).size, hints.length + 1);
      const { nudge = "" } = exercise;
      assert.ok(nudge !== "" && ![...hints, exercise.hint].includes(nudge), "a nudge of its own");
      for (const { answer, hint } of exercise.mistakes) {
        assert.deepEqual(judge(exercise, answer), { kind: "wrong", hint });
      }
    });
  }
}

/** Answers to an exercise in forms that it does not know. */
export interface Forms<Answer> {
  right: readonly Answer[];
  /** Each with what its hint must speak of. */
  wrong: readonly (readonly [answer: Answer, hint: RegExp])[];
}

/** Tries an exercise as students do: none that is right may be refused, none that is wrong may pass. */
export function tryForms<Answer>(name: string, check: Check<Answer>, forms: Forms<Answer>): void {
  test(`${name}: other forms are right, other mistakes get a hint that fits`, async () => {
    await ready();
    const { exercise } = check;
    for (const [index, answer] of forms.right.entries()) {
      const verdict = judge(exercise, answer);
      assert.equal(verdict.kind, "right", `right form ${index}: ${JSON.stringify(verdict)}`);
    }
    for (const [index, [answer, hint]] of forms.wrong.entries()) {
      const verdict = judge(exercise, answer);
      assert.equal(verdict.kind, "wrong", `wrong form ${index}`);
      assert.match((verdict as { hint: string }).hint, hint, `wrong form ${index}`);
    }
  });
}
