import assert from "node:assert/strict";
import { mkdirSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import {
  findInHomes,
  findSubmissions,
  openSubmission,
  remarksOn,
  withoutNotebook,
} from "../../../scripts/grade/submissions";
import { temporaryFolder } from "../../lib/datasets/workspace";

function write(file: string, text = "{}"): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

test("notebooks are found with their students and times, copies of the editor are not", (t) => {
  const folder = temporaryFolder(t);
  write(join(folder, "anna/lesson00/00-welcome.ipynb"));
  write(join(folder, "anna/lesson00/timestamp.txt"), "2027-03-01 18:00:00.000000 UTC\n");
  write(join(folder, "anna/lesson00/.ipynb_checkpoints/00-welcome-checkpoint.ipynb"));
  write(join(folder, "boris-00-welcome.ipynb"));
  write(join(folder, "notes.txt"));
  utimesSync(join(folder, "boris-00-welcome.ipynb"), 1e9, 1e9);
  const found = findSubmissions(folder).map(({ name, student, time }) => [
    name,
    student,
    time.toISOString(),
  ]);
  assert.deepEqual(found, [
    ["anna/lesson00/00-welcome", "anna", "2027-03-01T18:00:00.000Z"],
    ["boris-00-welcome", "boris-00-welcome", "2001-09-09T01:46:40.000Z"],
  ]);
});

test("a link is never followed, whatever it leads to, and who has handed in no notebook is named", {
  skip: process.platform === "win32" ? "links need privileges there" : false,
}, (t) => {
  const folder = temporaryFolder(t);
  write(join(folder, "anna/00-welcome.ipynb"));
  for (const [student, target] of [
    ["boris", join(folder, "anna/00-welcome.ipynb")],
    ["clara", "/nowhere"],
  ]) {
    mkdirSync(join(folder, student));
    symlinkSync(target, join(folder, student, "00-welcome.ipynb"));
  }
  symlinkSync(join(folder, "anna"), join(folder, "emil"));
  write(join(folder, "dora/lesson00/work.zip"));
  write(join(folder, "dora/lesson00/timestamp.txt"), "2027-03-01 18:00:00.000000 UTC\n");
  mkdirSync(join(folder, "fred"));
  const found = findSubmissions(folder);
  assert.deepEqual(
    found.map(({ student }) => student),
    ["anna", "boris", "clara"],
  );
  for (const submission of found.slice(1)) {
    assert.deepEqual(openSubmission(submission), {
      broken: "it is a link, perhaps to another's work",
    });
  }
  assert.deepEqual(withoutNotebook(folder, findSubmissions(folder)), [
    { student: "dora", files: ["timestamp.txt", "work.zip"] },
    { student: "fred", files: [] },
  ]);
});

test("of homes, each student's own notebook counts, and no link to another's", {
  skip: process.platform === "win32" ? "links need privileges there" : false,
}, (t) => {
  const folder = temporaryFolder(t);
  const own = "karenina/notebooks/00-welcome.ipynb";
  write(join(folder, "anna", own));
  write(join(folder, "boris/karenina/notebooks/01-autograd.ipynb"));
  symlinkSync(join(folder, "anna", own), join(folder, "boris", own));
  mkdirSync(join(folder, "clara"));
  symlinkSync(join(folder, "anna/karenina"), join(folder, "clara/karenina"));
  mkdirSync(join(folder, "dora"));
  const { submissions, links } = findInHomes(folder, "00-welcome");
  assert.deepEqual(
    submissions.map(({ name, student }) => [name, student]),
    [["anna/00-welcome", "anna"]],
  );
  assert.deepEqual(links, [join(folder, "boris", own), join(folder, "clara", own)]);
});

test("a file is broken where it is no notebook, none of the course, or far too large", (t) => {
  const folder = temporaryFolder(t);
  const cell = (source: string) => ({ cell_type: "code", metadata: {}, source, outputs: [] });
  const notebook = (...codes: string[]) =>
    JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells: codes.map(cell) });
  const opened = (text: string, name = "mine.ipynb") => {
    const file = join(folder, name);
    writeFileSync(file, text);
    return openSubmission({ file, name, student: name, time: new Date() });
  };
  const reason = (found: ReturnType<typeof opened>) => ("broken" in found ? found.broken : "");
  assert.match(reason(opened("{")), /^mine\.ipynb is not a notebook: it is not JSON/);
  assert.match(reason(opened(notebook("1 + 1"))), /no lesson of the course is recognised/);
  assert.match(reason(opened(" ".repeat(20_000_001))), /has 20 MB; 20 MB is the most|has 20 MB/);
  const byName = opened(notebook("1 + 1"), "anna-06-recurrent-nets-from-scratch.ipynb");
  assert.equal("lesson" in byName && byName.lesson.title, "Recurrent nets from scratch");
  const byChecks = opened(notebook("check.neuron(1)", "", "check.perplexity(1); check.soften(1);"));
  assert.ok("lesson" in byChecks);
  assert.equal(byChecks.lesson.lesson, "07-anna-karenina");
  assert.equal(byChecks.codes.length, 2);
});

test("code that is after the checker is remarked on, ordinary code is not", () => {
  assert.deepEqual(remarksOn(["const check = () => 1;", "check.neuron.exercise.answer;"]), [
    "redefines check",
    "reads an exercise's definition",
  ]);
  assert.deepEqual(
    remarksOn(["check.neuron((x, w, b) => Math.tanh(w * x + b));", "const exercise = 1;"]),
    [],
  );
});
