import assert from "node:assert/strict";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type TestContext, test } from "node:test";
import { JSDOM } from "jsdom";
import { readNotebook, sourceOf, tagsOf } from "../../../runner/notebookFile";
import { makeSite } from "../../../scripts/docs/site";
import { markOf, proseCells } from "../../../scripts/docs/translation";

const ROOT = resolve(__dirname, "../../..");
const SOURCE = join(ROOT, "notebooks/07-anna-karenina.ipynb");
const hasJupyter = ["bin/python", "Scripts/python.exe"].some((file) =>
  existsSync(join(ROOT, ".venv", file)),
);

function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "site-test-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The lesson alone, without its translations. */
function lessonIn(folder: string): string {
  const lesson = join(folder, "07-anna-karenina.ipynb");
  copyFileSync(SOURCE, lesson);
  return lesson;
}

/** A translation of it that differs from the original, and is complete. */
function translationIn(folder: string): void {
  mkdirSync(join(folder, "ru"));
  const cells = proseCells(readNotebook(SOURCE)).map(
    (cell) => `${markOf(cell)}\nПо-русски.\n\n${sourceOf(cell)}\n`,
  );
  writeFileSync(join(folder, "ru/07-anna-karenina.md"), cells.join("\n"));
}

test("a lesson becomes a student's and a solution version", async (t) => {
  const folder = temporaryFolder(t);
  const { files: made } = await makeSite({
    notebooks: [lessonIn(folder)],
    root: ROOT,
    folder,
    slides: false,
  });
  const [student, solution] = ["student", "solution"].map((kind) =>
    join(folder, kind, "07-anna-karenina.ipynb"),
  );
  assert.deepEqual(made, [student, solution]);
  assert.equal(readFileSync(solution, "utf8"), readFileSync(SOURCE, "utf8"), "byte for byte");
  const shown = readNotebook(student).cells.map(sourceOf).join("\n");
  assert.doesNotMatch(shown, /4 \* 256 \* \(64 \+ 256 \+ 1\)/);
  assert.match(shown, /check\.lstmParameters\(parameters\)/);
});

test("a translated lesson gets the same versions in the other language", async (t) => {
  const folder = temporaryFolder(t);
  const lesson = lessonIn(folder);
  const english = readNotebook(lesson);
  translationIn(folder);
  const { files: made } = await makeSite({
    notebooks: [lesson],
    root: folder,
    folder,
    slides: false,
  });
  const [student, solution] = made.slice(2) as [string, string];
  assert.equal(student, join(folder, "ru/student/07-anna-karenina.ipynb"));
  assert.equal(solution, join(folder, "ru/solution/07-anna-karenina.ipynb"));
  const cells = readNotebook(solution).cells;
  const code = (all: typeof cells) => all.filter((cell) => cell.cell_type === "code");
  assert.deepEqual(code(cells), code(english.cells), "code and outputs are shared");
  for (const cell of proseCells(readNotebook(solution))) {
    assert.match(sourceOf(cell), /^По-русски/);
  }
  const isSolution = (cell: (typeof cells)[number]) => tagsOf(cell).includes("solution");
  assert.ok(cells.some(isSolution));
  assert.ok(!readNotebook(student).cells.some(isSolution), "solutions are left out");
});

test("a stale translation is left out, and the reason told", async (t) => {
  const folder = temporaryFolder(t);
  const lesson = lessonIn(folder);
  mkdirSync(join(folder, "ru"));
  writeFileSync(join(folder, "ru/07-anna-karenina.md"), "<!-- cell nowhere 01234567 -->\nО чём?\n");
  const told = t.mock.method(console, "error", () => {});
  const { files: made } = await makeSite({
    notebooks: [lesson],
    root: folder,
    folder,
    slides: false,
  });
  assert.equal(made.length, 2);
  assert.match(String(told.mock.calls[0].arguments[0]), /ru\/07-anna-karenina\.md is left out/);
});

test("one bad lesson stops all before anything is written", async (t) => {
  const folder = temporaryFolder(t);
  const bad = join(folder, "bad.ipynb");
  const cell = { cell_type: "code", id: "x", source: "// BEGIN SOLUTION", metadata: {} };
  writeFileSync(
    bad,
    JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [cell] }),
  );
  const out = join(folder, "out");
  await assert.rejects(
    makeSite({ notebooks: [lessonIn(folder), bad], root: folder, folder: out, slides: false }),
    /bad\.ipynb, cell 1 \(x\), line 1: .*never ended/,
  );
  assert.equal(existsSync(out), false);
});

test("slides show code, outputs and formulas, and need nothing from a network", {
  skip: hasJupyter ? false : "Jupyter is not installed",
}, async (t) => {
  const folder = temporaryFolder(t);
  const lesson = lessonIn(folder);
  translationIn(folder);
  await makeSite({ notebooks: [lesson], root: ROOT, folder, slides: true });
  const slides = join(folder, "slides");
  const html = readFileSync(join(slides, "07-anna-karenina.html"), "utf8");
  const { document } = new JSDOM(html).window;
  assert.equal(document.documentElement.lang, "en");
  const russian = new JSDOM(readFileSync(join(folder, "ru/slides/07-anna-karenina.html"), "utf8"));
  assert.equal(russian.window.document.documentElement.lang, "ru");
  const sections = document.querySelectorAll(".slides > section > section");
  assert.ok(sections.length >= 15, `${sections.length} slides`);
  assert.match(sections[0].querySelector("h1")!.textContent, /Anna Karenina/);
  for (const section of sections) {
    // Notes in a fragment would be there only while it is the last that is shown.
    assert.match(section.querySelector(":scope > aside.notes")!.textContent, /^\s*Minutes \d+ to/);
  }
  assert.match(
    russian.window.document.querySelector("aside.notes")!.textContent,
    /^\s*Минуты 0–\d+ из \d+/,
  );
  assert.ok(document.querySelector('.slides img[src^="data:image/svg+xml"]'), "figures are there");
  assert.match(document.body.textContent, /check\.lstmParameters\(parameters\)/);
  assert.doesNotMatch(document.body.textContent, /SOLUTION|4 \* 256 \* \(64 \+ 256 \+ 1\)/);
  const needed = [
    ...[...document.querySelectorAll("script[src]")].map((each) => each.getAttribute("src")!),
    ...[...document.querySelectorAll("link[href]")].map((each) => each.getAttribute("href")!),
  ];
  assert.ok(needed.length >= 4);
  for (const file of needed) {
    assert.ok(existsSync(join(slides, file)), `${file} lies beside the slides`);
    assert.doesNotMatch(readFileSync(join(slides, file), "utf8").slice(0, 5000), /@import.*http/);
  }
});
