import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { course } from "../../../lessons/exercises/course";
import { readNotebook } from "../../../runner/notebookFile";
import { runNotebooks } from "../../../runner/run";
import { makeSite } from "../../../scripts/docs/site";
import { KARENINA, ROOT } from "../../runner/client/kernels";

test("the student's version of lesson 07 runs to the end, its exercises not tried yet", {
  skip: KARENINA ? false : "the kernel is not installed",
  timeout: 900_000,
}, async (t) => {
  // Inside the project, where the notebook finds the library.
  mkdirSync(join(ROOT, "build"), { recursive: true });
  const folder = mkdtempSync(join(ROOT, "build", "student-test-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  // As beside notebooks/, where the lesson takes a file of a package for a text of one's own.
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"), "junction");
  const lesson = join(ROOT, "notebooks/07-anna-karenina.ipynb");
  const { files } = await makeSite({ notebooks: [lesson], root: ROOT, folder, slides: false });
  const outFolder = join(folder, "executed");
  const variables = Object.entries(process.env).filter(([name]) => name.startsWith("KARENINA_"));
  const report = await runNotebooks({
    notebooks: [files[0]],
    root: ROOT,
    spec: KARENINA!,
    mode: "fast",
    limits: { cell: 600, notebook: 850 },
    jobs: 1,
    write: false,
    outFolder,
    env: Object.fromEntries(variables),
    listener: { started() {}, progressed() {}, finished() {}, warned() {} },
  });
  assert.equal(report.notebooks[0].error, null);
  const { cells } = readNotebook(join(outFolder, "07-anna-karenina.ipynb"));
  const verdicts = JSON.stringify(cells.flatMap(({ outputs = [] }) => outputs));
  const asked = course.find(({ lesson }) => lesson === "07-anna-karenina")?.exercises;
  assert.ok(asked && asked.length > 0);
  assert.equal(verdicts.match(/○ Not tried yet/g)?.length, asked.length);
  assert.doesNotMatch(verdicts, /✓ Right|✗ Try again/);
});
