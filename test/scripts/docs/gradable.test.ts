import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { course } from "../../../lessons/exercises/course";
import { readNotebook, sourceOf } from "../../../runner/notebookFile";
import { gradable } from "../../../scripts/docs/gradable";
import { studentVersion } from "../../../scripts/docs/studentVersion";

const LESSONS = resolve(__dirname, "../../../notebooks");

interface GradingMetadata {
  grade_id: string;
  grade: boolean;
  solution: boolean;
  locked: boolean;
  schema_version: number;
}

for (const name of readdirSync(LESSONS).filter((each) => /^\d\d-.*\.ipynb$/.test(each))) {
  test(`${name}: each exercise is an answer, and behind it a locked cell with points`, () => {
    const student = studentVersion(readNotebook(join(LESSONS, name)), name);
    const { cells } = gradable(student);
    const graded = cells.flatMap((cell, index) => {
      const { nbgrader } = cell.metadata as { nbgrader?: GradingMetadata };
      return nbgrader ? [{ ...nbgrader, index, source: sourceOf(cell) }] : [];
    });
    const { exercises } = course.find(({ lesson }) => name === `${lesson}.ipynb`)!;
    assert.deepEqual(
      graded.map(({ grade_id }) => grade_id),
      exercises.flatMap((each) => [`answer-${each}`, `mark-${each}`]),
    );
    for (const [i, each] of graded.entries()) {
      const isMark = i % 2 === 1;
      assert.deepEqual([each.grade, each.locked, each.solution], [isMark, isMark, !isMark]);
      assert.equal(each.schema_version, 3);
      if (isMark) {
        assert.equal(each.index, graded[i - 1].index + 1, "right behind its answer");
        const exercise = each.grade_id.replace("mark-", "");
        const answer = /check\.\w+\.mark\((\w+)\)/.exec(each.source)?.[1];
        assert.ok(graded[i - 1].source.includes(`check.${exercise}(${answer});`));
      }
    }
    assert.deepEqual(
      cells.filter(({ id }) => !String(id).startsWith("mark-")).map(sourceOf),
      student.cells.map(sourceOf),
      "all else stays as it is",
    );
  });
}
