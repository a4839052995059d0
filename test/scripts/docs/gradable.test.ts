import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { basename, join, resolve } from "node:path";
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
  points?: number;
  schema_version: number;
}

/** What nbgrader's schema of a cell's metadata, version 3, says of each name; none other may be there. */
const SCHEMA: Record<string, (value: unknown) => boolean> = {
  schema_version: (value) => value === 3,
  grade: (value) => typeof value === "boolean",
  locked: (value) => typeof value === "boolean",
  solution: (value) => typeof value === "boolean",
  task: (value) => value === false,
  grade_id: (value) => typeof value === "string" && /^[a-zA-Z0-9_-]+$/.test(value),
  points: (value) => typeof value === "number" && value >= 0,
};
const REQUIRED = ["schema_version", "grade", "locked", "solution"];

const lessons = ["", "ru"].flatMap((language) =>
  readdirSync(join(LESSONS, language))
    .filter((each) => /^\d\d-.*\.ipynb$/.test(each))
    .map((each) => join(language, each)),
);

for (const path of lessons) {
  const name = basename(path);
  test(`${path}: each exercise is an answer, and behind it a locked cell with points`, () => {
    const student = studentVersion(readNotebook(join(LESSONS, path)), name);
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
      const { index: _, source: _source, ...metadata } = each;
      for (const [key, value] of Object.entries(metadata)) {
        assert.ok(SCHEMA[key]?.(value), `${each.grade_id}: ${key} is ${value}`);
      }
      assert.deepEqual(
        REQUIRED.filter((key) => !(key in metadata)),
        [],
      );
      assert.equal(each.points, isMark ? 1 : undefined, "points where there is a grade");
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
