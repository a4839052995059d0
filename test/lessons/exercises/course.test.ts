import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { check, course, hint, solution } from "../../../lessons/exercises";
import { nameOf } from "../../../lessons/exercises/course";
import { readNotebook, sourceOf, tagsOf } from "../../../runner/notebookFile";
import { solutionsModule } from "../../../scripts/docs/solutions";

const ROOT = path.resolve(__dirname, "../../..");
const LESSONS = path.join(ROOT, "notebooks");
const notebooks = readdirSync(LESSONS).filter((name) => name.endsWith(".ipynb"));

test("the course's list of exercises is what the notebooks ask, in their order", () => {
  const asked = notebooks
    .filter((name) => /^\d\d-/.test(name))
    .map((name) => {
      const cells = readNotebook(path.join(LESSONS, name)).cells.filter(
        (cell) => cell.cell_type === "code" && !tagsOf(cell).includes("example"),
      );
      const exercises = cells.flatMap((cell) =>
        [...sourceOf(cell).matchAll(/\bcheck\.(\w+)\(/g)].map(([, each]) => each),
      );
      return { lesson: path.basename(name, ".ipynb"), exercises: [...new Set(exercises)] };
    });
  assert.deepEqual(
    course.map(({ lesson, exercises }) => ({ lesson, exercises })),
    asked,
  );
});

test("every exercise knows its name and lesson, and has a hint and a solution", () => {
  const names = course.flatMap(({ exercises }) => exercises);
  assert.deepEqual([...names].sort(), Object.keys(check).sort());
  assert.deepEqual(Object.keys(hint).sort(), Object.keys(check).sort());
  assert.deepEqual(Object.keys(solution).sort(), Object.keys(check).sort());
  for (const { lesson, exercises } of course) {
    for (const exercise of exercises) {
      const known = check[exercise as keyof typeof check].exercise as { title: string };
      assert.deepEqual(nameOf(known), { exercise, lesson });
    }
  }
  assert.deepEqual(nameOf({ title: "A teacher's own" }), {
    exercise: "A teacher's own",
    lesson: null,
  });
});

test("the solutions that are shown are those of the lessons: npm run docs -- solutions", () => {
  const lessons = notebooks.map((name) => readNotebook(path.join(LESSONS, name)));
  const file = path.join(ROOT, "lessons/exercises/solutions.ts");
  assert.equal(readFileSync(file, "utf8"), solutionsModule(lessons));
});
