// nbgrader itself grades students' notebooks, with our kernel.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, delimiter, dirname, join } from "node:path";
import { test } from "node:test";
import { type Notebook, notebookText, readNotebook, sourceOf } from "../../runner/notebookFile";
import { gradable } from "../../scripts/docs/gradable";
import { makeSite } from "../../scripts/docs/site";
import { studentVersion } from "../../scripts/docs/studentVersion";
import { KARENINA, pythonWith, ROOT } from "../runner/client/kernels";

const NBGRADER = "nbgrader==0.9.5";

/** The Python of an environment with nbgrader, kept from run to run; or why there is none. */
function pythonWithNbgrader(): { python: string } | { reason: string } {
  const base = pythonWith("venv");
  if (KARENINA === undefined || base === undefined) {
    return { reason: "the kernel or Python is not installed" };
  }
  const folder = join(ROOT, "build", NBGRADER.replace("==", "-"));
  const python = join(folder, "bin/python");
  const has = () => spawnSync(python, ["-c", "import nbgrader"]).status === 0;
  if (has()) {
    return { python };
  }
  const commands = [
    [base, "-m", "venv", folder],
    [python, "-m", "pip", "install", "--quiet", NBGRADER],
  ];
  for (const [command, ...args] of commands) {
    const { status, stderr } = spawnSync(command, args, { encoding: "utf8", timeout: 600_000 });
    if (status !== 0) {
      return { reason: `${NBGRADER} could not be installed: ${stderr.trim().split("\n").at(-1)}` };
    }
  }
  return has() ? { python } : { reason: `${NBGRADER} was installed, but cannot be imported` };
}

/** Reads notebooks as nbgrader does, which then looks at the metadata of each cell. */
const VALIDATES = `
import sys
from nbgrader.nbgraderformat import read
for name in sys.argv[1:]:
    assert sum(cell.metadata.nbgrader.points for cell in read(name, as_version=4).cells
               if cell.metadata.get("nbgrader", {}).get("grade")) > 0, name`;

/** The lessons' files. */
const lessons = () =>
  readdirSync(join(ROOT, "notebooks"))
    .filter((name) => /^\d\d-.*\.ipynb$/.test(name))
    .map((name) => join(ROOT, "notebooks", name));

/** A lesson as a student hands it in: answers in the places, and whatever else was done to it. */
function handIn(file: string, lesson: Notebook, change: (source: string) => string): void {
  const cells = lesson.cells.map((cell) => ({ ...cell, source: change(sourceOf(cell)) }));
  writeFileSync(file, JSON.stringify({ ...lesson, cells }));
}

test("nbgrader makes an assignment of a student's version, grades submissions and tells students", {
  timeout: 1_800_000,
}, async (t) => {
  const found = pythonWithNbgrader();
  if ("reason" in found) {
    t.skip(found.reason);
    return;
  }
  mkdirSync(join(ROOT, "build"), { recursive: true });
  const course = mkdtempSync(join(ROOT, "build", "nbgrader-test-"));
  t.after(() => rmSync(course, { recursive: true, force: true }));
  symlinkSync(join(ROOT, "node_modules"), join(course, "node_modules"), "junction");
  const lesson = join(ROOT, "notebooks/00-welcome.ipynb");
  const site = await makeSite({
    notebooks: [lesson],
    root: ROOT,
    folder: join(course, "site"),
    slides: false,
  });
  const released = readNotebook(site.files[0]);
  const folder = (...names: string[]) => {
    const path = join(course, ...names);
    mkdirSync(path, { recursive: true });
    return path;
  };
  writeFileSync(
    join(folder("source", "lesson00"), "00-welcome.ipynb"),
    readFileSync(site.files[0]),
  );
  writeFileSync(
    join(course, "nbgrader_config.py"),
    `load_subconfig(${JSON.stringify(join(ROOT, "classroom/nbgrader_config.py"))})\n`,
  );
  const answers: Record<string, string> = {
    "const n: number = NaN;": "const n: number = 2 ** 4 - 1;",
    "=> yourCode();":
      "=> { const e = Math.exp(2 * (x * weight + bias)); return (e - 1) / (e + 1); };",
    "const shape: number[] = [];": "const shape: number[] = [4, 3];",
  };
  const answered = (source: string) =>
    Object.entries(answers).reduce((text, [place, answer]) => text.replace(place, answer), source);
  const submitted = (student: string) =>
    join(folder("submitted", student, "lesson00"), "00-welcome.ipynb");
  handIn(submitted("anna"), released, answered);
  // Marks of one's own: nbgrader puts the locked cells back.
  handIn(submitted("bea"), released, (source) => source.replace(/^check\.\w+\.mark\(.*$/m, "1;"));

  // Another kernel, which nbgrader puts right, and a locked cell taken away, which costs its exercise's point.
  const python = { name: "python3", display_name: "Python 3", language: "python" };
  handIn(
    submitted("cem"),
    {
      ...released,
      metadata: { ...released.metadata, kernelspec: python },
      cells: released.cells.filter(({ id }) => id !== "mark-neuron"),
    },
    answered,
  );

  const nbgrader = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(found.python, ["-m", "nbgrader", ...args], {
      cwd: course,
      encoding: "utf8",
      // It calls a program of its environment, alembic, by its name.
      env: {
        ...process.env,
        PATH: `${dirname(found.python)}${delimiter}${process.env.PATH}`,
        JUPYTER_PATH: join(ROOT, ".venv/share/jupyter"),
      },
    });
    assert.equal(status, 0, `${args.join(" ")}\n${stdout}\n${stderr}`);
  };
  // All lessons, as nbgrader itself checks their metadata.
  const checked = lessons().map((file) => {
    const made = join(folder("checked"), basename(file));
    writeFileSync(made, notebookText(gradable(studentVersion(readNotebook(file), file))));
    return made;
  });
  const { status, stderr } = spawnSync(found.python, ["-c", VALIDATES, ...checked], {
    encoding: "utf8",
  });
  assert.equal(status, 0, stderr);
  nbgrader("generate_assignment", "lesson00", "--create");
  assert.ok(existsSync(join(course, "release/lesson00/00-welcome.ipynb")));
  nbgrader("autograde", "lesson00", "--create");
  nbgrader("generate_feedback", "lesson00");
  nbgrader("export");

  const [head, ...rows] = readFileSync(join(course, "grades.csv"), "utf8").trim().split(/\r?\n/);
  const column = (name: string) => head.split(",").indexOf(name);
  const scores = rows.map((row) => {
    const cells = row.split(",");
    return ["student_id", "score", "max_score"].map((name) => cells[column(name)]);
  });
  assert.deepEqual(scores.sort(), [
    ["anna", "2.0", "4.0"],
    ["bea", "0.0", "4.0"],
    ["cem", "1.0", "4.0"],
  ]);
  const feedback = join(course, "feedback/anna/lesson00/00-welcome.html");
  assert.match(readFileSync(feedback, "utf8"), /Full marks/);
});
