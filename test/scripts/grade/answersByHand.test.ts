import assert from "node:assert/strict";
import { before, test } from "node:test";
import { isRight, observeAnswer } from "../../../lessons/exercises/observation";
import { ready } from "../../../lib/engine/tensorflow";
import { answersByHand } from "./trial/answersByHand";
import { readAnswer } from "./trial/forms";
import { answerOf, exerciseOf, verdictOn } from "./trial/oracle";

before(ready);

for (const [exercise, { right, wrong }] of Object.entries(answersByHand)) {
  test(`${exercise}: the check and the grader find right and wrong what people write`, () => {
    const answers = [
      ...right.map((code) => ["right", code] as const),
      ...wrong.map((code) => ["wrong", code] as const),
    ];
    const said = answers.map(([is, code], i) => {
      const answer = readAnswer(exercise, code);
      const seed = `seed ${i}`;
      const given = answerOf(answer);
      const seen = JSON.parse(JSON.stringify(observeAnswer(exerciseOf(exercise), given, seed)));
      const graded = isRight(exerciseOf(exercise), seen, seed) ? "right" : "wrong";
      return { is, code, checked: verdictOn(answer), graded };
    });
    const misjudged = said.filter(({ is, checked, graded }) => checked !== is || graded !== is);
    assert.deepEqual(misjudged, []);
  });
}
