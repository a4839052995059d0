import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { notebookText, readNotebook, sourceOf } from "../../../runner/notebookFile";
import { writeOwnNotebooks } from "../../../scripts/docs/ownNotebooks";
import { proseHash } from "../../../scripts/docs/translation";

const lessonOf = (prose: string, code = "1 + 1") => ({
  cells: [
    { cell_type: "markdown", id: "p", metadata: {}, source: prose },
    {
      cell_type: "code",
      id: "c",
      metadata: {},
      source: code,
      execution_count: 7,
      outputs: [{ output_type: "stream", name: "stdout", text: "two" }],
    },
  ],
  metadata: { kernelspec: { name: "karenina", display_name: "TypeScript" } },
  nbformat: 4,
  nbformat_minor: 5,
});

/** A project with one lesson, and what happens when its Russian notebooks are written. */
function project(t: TestContext) {
  const root = mkdtempSync(join(tmpdir(), "own-"));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  mkdirSync(join(root, "notebooks", "ru"), { recursive: true });
  const path = join(root, "notebooks", "01-a.ipynb");
  const folder = join(root, "notebooks-ru");
  return {
    file: join(folder, "01-a.ipynb"),
    lesson(prose: string, russian: string, code?: string) {
      writeFileSync(path, notebookText(lessonOf(prose, code)));
      const mark = `<!-- cell p ${proseHash(prose)} -->`;
      writeFileSync(join(root, "notebooks", "ru", "01-a.md"), `${mark}\n${russian}\n`);
    },
    stale() {
      writeFileSync(path, notebookText(lessonOf("Changed.")));
    },
    write: () => writeOwnNotebooks({ lessons: [path], language: "ru", folder, root }),
  };
}

test("a lesson becomes a notebook in Russian: prose translated, code as it is, no outputs", (t) => {
  const { file, lesson, write } = project(t);
  lesson("Hello.", "Привет.");
  assert.deepEqual(write(), [{ file, state: "written" }]);
  const { cells, metadata } = readNotebook(file);
  assert.deepEqual(cells.map(sourceOf), ["Привет.", "1 + 1"]);
  assert.deepEqual([cells[1].outputs, cells[1].execution_count], [[], null]);
  assert.deepEqual(metadata.kernelspec, { name: "karenina", display_name: "TypeScript" });
});

test("a changed lesson replaces a notebook that was run only, and leaves one that was changed", (t) => {
  const { file, lesson, write } = project(t);
  lesson("Hello.", "Привет.");
  write();
  assert.deepEqual(write(), [{ file, state: "same" }]);

  // Run and saved by a front end: outputs, and lines as a list.
  const run = readNotebook(file);
  run.cells[0].source = ["Привет."];
  run.cells[1].outputs = [{ output_type: "stream", name: "stdout", text: "2" }];
  writeFileSync(file, JSON.stringify(run));
  assert.deepEqual(write(), [{ file, state: "same" }]);
  lesson("Hello.", "Здравствуйте.");
  assert.deepEqual(write(), [{ file, state: "written" }]);
  assert.equal(sourceOf(readNotebook(file).cells[0]), "Здравствуйте.");

  const own = readNotebook(file);
  own.cells[1].source = "2 + 2";
  writeFileSync(file, notebookText(own));
  assert.deepEqual(write(), [{ file, state: "same" }]);
  lesson("Hello.", "Добрый день.", "3 + 3");
  const before = readFileSync(file, "utf8");
  assert.deepEqual(write(), [{ file, state: "kept" }]);
  assert.equal(readFileSync(file, "utf8"), before);
});

test("a translation that is stale is left out, and what it lacks is said", (t) => {
  const { file, lesson, stale, write } = project(t);
  lesson("Hello.", "Привет.");
  stale();
  const [left] = write();
  assert.equal(left.state, "left out");
  assert.match(left.reason!, /01-a\.md, line 1, cell p: /);
  assert.throws(() => readFileSync(file), /ENOENT/);
});
