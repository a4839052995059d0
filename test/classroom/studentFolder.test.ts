import assert from "node:assert/strict";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { prepareStudentFolder } from "../../classroom/studentFolder";

const WINDOWS = { skip: process.platform === "win32" };

/** An installation with two lessons, and a home beside it. */
function setUp(t: TestContext) {
  const base = fs.mkdtempSync(join(tmpdir(), "classroom-"));
  t.after(() => fs.rmSync(base, { recursive: true, force: true }));
  const course = join(base, "course");
  const home = join(base, "home");
  fs.mkdirSync(home);
  fs.mkdirSync(join(course, "notebooks", "ru"), { recursive: true });
  fs.mkdirSync(join(course, "node_modules", "karenina"), { recursive: true });
  for (const name of ["lib", "scripts"]) {
    fs.mkdirSync(join(course, name));
  }
  for (const name of ["tsconfig.json", "package.json"]) {
    fs.writeFileSync(join(course, name), "{}");
  }
  const lesson = (name: string, text: string) =>
    fs.writeFileSync(join(course, "notebooks", name), text);
  lesson("00.ipynb", "zero");
  lesson("01.ipynb", "one");
  const work = join(home, "karenina", "notebooks");
  const read = (name: string) => fs.readFileSync(join(work, name), "utf8");
  return { base, course, home, work, lesson, read };
}

test("a student gets a copy of each lesson, and the way to the packages", WINDOWS, (t) => {
  const { course, home, work, read } = setUp(t);
  const { folder, added } = prepareStudentFolder({ home, course });
  assert.equal(folder, join(home, "karenina"));
  assert.deepEqual(added.sort(), ["00.ipynb", "01.ipynb"]);
  assert.equal(read("01.ipynb"), "one");
  assert.deepEqual(fs.readdirSync(work).sort(), ["00.ipynb", "01.ipynb"]);
  const packages = fs.realpathSync(join(folder, "node_modules", "karenina"));
  assert.equal(packages, fs.realpathSync(join(course, "node_modules", "karenina")));
  assert.equal(fs.readFileSync(join(folder, "tsconfig.json"), "utf8"), "{}");
});

test("what the student wrote stays; new and lost lessons come", WINDOWS, (t) => {
  const { course, home, work, lesson, read } = setUp(t);
  prepareStudentFolder({ home, course });
  fs.writeFileSync(join(work, "00.ipynb"), "my work");
  fs.writeFileSync(join(work, "mine.ipynb"), "mine");
  fs.rmSync(join(work, "01.ipynb"));
  lesson("00.ipynb", "zero, revised");
  lesson("02.ipynb", "two");
  const { added } = prepareStudentFolder({ home, course });
  assert.deepEqual(added.sort(), ["01.ipynb", "02.ipynb"]);
  assert.equal(read("00.ipynb"), "my work");
  assert.equal(read("mine.ipynb"), "mine");
  assert.equal(read("01.ipynb"), "one");
  assert.deepEqual(prepareStudentFolder({ home, course }).added, []);
});

test("a class may have other lessons", WINDOWS, (t) => {
  const { base, course, home, work } = setUp(t);
  const lessons = join(base, "student");
  fs.mkdirSync(lessons);
  fs.writeFileSync(join(lessons, "00.ipynb"), "without solutions");
  prepareStudentFolder({ home, course, lessons });
  assert.deepEqual(fs.readdirSync(work), ["00.ipynb"]);
});

test(
  "a read-only installation gives copies that can be written, by their owner alone",
  WINDOWS,
  (t) => {
    const { course, home, work } = setUp(t);
    fs.chmodSync(join(course, "notebooks", "00.ipynb"), 0o444);
    const umask = process.umask(0o022);
    t.after(() => process.umask(umask));
    const { folder } = prepareStudentFolder({ home, course });
    assert.equal(fs.statSync(join(work, "00.ipynb")).mode & 0o777, 0o600);
    assert.equal(fs.statSync(folder).mode & 0o777, 0o700);
  },
);

test(
  "links follow an installation that moved, but packages of the student's own stay",
  WINDOWS,
  (t) => {
    const { base, course, home } = setUp(t);
    const { folder } = prepareStudentFolder({ home, course });
    const moved = join(base, "moved");
    fs.renameSync(course, moved);
    prepareStudentFolder({ home, course: moved });
    assert.equal(fs.readlinkSync(join(folder, "node_modules")), join(moved, "node_modules"));
    fs.rmSync(join(folder, "node_modules"));
    fs.mkdirSync(join(folder, "node_modules", "own"), { recursive: true });
    prepareStudentFolder({ home, course: moved });
    assert.deepEqual(fs.readdirSync(join(folder, "node_modules")), ["own"]);
  },
);

test("where the course lies in the home, as on Binder, the student works in it", WINDOWS, (t) => {
  const { base, course } = setUp(t);
  assert.deepEqual(prepareStudentFolder({ home: base, course }), { folder: course, added: [] });
  assert.deepEqual(prepareStudentFolder({ home: course, course }), { folder: course, added: [] });
  assert.deepEqual(fs.readdirSync(base).sort(), ["course", "home"]);
});
