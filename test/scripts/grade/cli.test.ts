import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type TestContext, test } from "node:test";
import { temporaryFolder } from "../../lib/datasets/workspace";

const ROOT = resolve(__dirname, "../../..");

/** Runs the command where the programs that make namespaces are not found. */
function gradeWithout(folder: string, ...more: string[]) {
  const node = ["-r", "./lib/host/node/preload.cjs", "-r", "tsx/cjs", "scripts/grade/cli.ts"];
  const out = join(folder, "marks", "marks.csv");
  const args = [...node, join(folder, "submitted"), "--out", out, "--jobs", "1", ...more];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: ROOT,
    encoding: "utf8",
    env: { ...process.env, PATH: folder, Path: folder },
  });
  return { status, stdout, stderr, out };
}

function submissionIn(t: TestContext): string {
  const folder = temporaryFolder(t);
  const code = 'import { check } from "karenina-lessons";\ncheck.cellRunThrice(15);';
  const cell = { cell_type: "code", id: "c", metadata: {}, source: code, outputs: [] };
  const notebook = { cells: [cell], metadata: {}, nbformat: 4, nbformat_minor: 5 };
  mkdirSync(join(folder, "submitted", "anna"), { recursive: true });
  const text = JSON.stringify({ ...notebook, cells: [{ ...cell, execution_count: 1 }] });
  writeFileSync(join(folder, "submitted", "anna", "00-welcome.ipynb"), text);
  writeFileSync(join(folder, "points.json"), '{"cellRunThrice": 2.5}');
  return folder;
}

test("without a sandbox nothing is run unless it is asked for", (t) => {
  const folder = submissionIn(t);
  const { status, stderr, out } = gradeWithout(folder);
  assert.equal(status, 1);
  assert.match(
    stderr,
    /^There is no sandbox on this machine: .*Nothing was run\. With --no-sandbox/,
  );
  assert.ok(!existsSync(out));
});

test("where it is asked for, the command says what it does not keep out, and writes all marks", {
  timeout: 600_000,
}, (t) => {
  const folder = submissionIn(t);
  const points = join(folder, "points.json");
  const { status, stdout, stderr, out } = gradeWithout(folder, "--no-sandbox", "--points", points);
  assert.equal(status, 0, stderr);
  assert.match(stderr, /without a sandbox.*can read and change what you can.*can use the network/);
  assert.match(stdout, /^graded +2.5 of 5.5 {2}anna\/00-welcome$/m);
  assert.match(readFileSync(out, "utf8"), /^anna,anna\/00-welcome,graded,,2.5,5.5,,2.5,0,0,0\r$/m);
  const results = join(out, "../gradescope/anna/00-welcome/results.json");
  assert.equal(JSON.parse(readFileSync(results, "utf8")).score, 2.5);
  assert.match(
    readFileSync(join(out, "../final_grades.csv"), "utf8"),
    /^anna\/00-welcome\.ipynb,2\.5,0,0,0,2\.5,0\.4545\d*,Completed\r$/m,
  );
});

test("points for an exercise that there is not are refused", (t) => {
  const folder = submissionIn(t);
  const points = join(folder, "points.json");
  writeFileSync(points, '{"neurone": 2}');
  const { status, stderr } = gradeWithout(folder, "--no-sandbox", "--points", points);
  assert.equal(status, 1);
  assert.match(
    stderr,
    /gives 2 points for "neurone"\. It must be an object such as \{"neuron": 2\}/,
  );
});
