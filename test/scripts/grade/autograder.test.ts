// The script that docs/teaching.md gives to Gradescope, run as it stands there, with folders of our own.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type TestContext, test } from "node:test";
import { temporaryFolder } from "../../lib/datasets/workspace";

const ROOT = resolve(__dirname, "../../..");

/** What Gradescope reads after an upload. */
function resultOf(t: TestContext, upload: Record<string, string>) {
  const folder = temporaryFolder(t);
  const page = readFileSync(join(ROOT, "docs", "teaching.md"), "utf8");
  const [, script] = /^```\n(#!\/bin\/sh\n[^`]*)```$/m.exec(page) ?? [];
  assert.ok(script, "the page has a script");
  const there = script
    .replaceAll("/opt/karenina", ROOT)
    .replaceAll("/autograder", join(folder, "autograder"))
    .replaceAll("/tmp/marks", join(folder, "marks"));
  for (const name of ["submission", "results"]) {
    mkdirSync(join(folder, "autograder", name), { recursive: true });
  }
  for (const [name, text] of Object.entries(upload)) {
    writeFileSync(join(folder, "autograder", "submission", name), text);
  }
  const program = join(folder, "run_autograder");
  writeFileSync(program, there, { mode: 0o755 });
  const { stderr } = spawnSync(program, { encoding: "utf8", cwd: folder });
  const result = join(folder, "autograder", "results", "results.json");
  return { result: JSON.parse(readFileSync(result, "utf8")), stderr };
}

const skip = process.platform === "win32" && "a script for a Unix shell";

test("an upload's marks are where Gradescope reads them", { skip, timeout: 600_000 }, (t) => {
  const cell = {
    cell_type: "code",
    id: "c",
    metadata: {},
    source: 'import { check } from "karenina-lessons";\ncheck.cellRunThrice(15);',
    outputs: [],
    execution_count: 1,
  };
  const notebook = { cells: [cell], metadata: {}, nbformat: 4, nbformat_minor: 5 };
  const { result, stderr } = resultOf(t, { "00-welcome.ipynb": JSON.stringify(notebook) });
  assert.equal(result.score, 1, stderr);
  const right = result.tests.filter(({ score }: { score: number }) => score === 1);
  assert.equal(right.length, 1);
});

test("an upload without a notebook is answered, too", { skip, timeout: 600_000 }, (t) => {
  const { result } = resultOf(t, { "notes.txt": "I could not do it." });
  assert.deepEqual(result, { score: 0, output: "No notebook was found." });
});
