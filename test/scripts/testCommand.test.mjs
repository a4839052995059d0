import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import path from "node:path";
import { test } from "node:test";
import { project as own } from "../../scripts/setup/project.mjs";
import { findChromium } from "../../scripts/test/chromium.mjs";
import { failuresOf } from "../../scripts/test/failures.mjs";
import { countTap, runTestFiles, testFiles } from "../../scripts/test/files.mjs";
import { findFirefox } from "../../scripts/test/firefox.mjs";
import { lessons } from "../../scripts/test/notebooks.mjs";
import { SETTINGS, sortByOneDnn } from "../../scripts/test/oneDnn.mjs";
import { summarize } from "../../scripts/test/summary.mjs";
import { temporaryProject, write } from "./temporaryProject.mjs";

test("test files are found by their names, and those for a browser can be left away", (t) => {
  const project = temporaryProject(t);
  const names = ["lib/b.test.ts", "a.test.mjs", "browser/c.test.ts", "lib/fixture.ts"];
  for (const name of [...names, "faults/kills/d.test.ts"]) {
    write(path.join(project.root, "test", name), "");
  }
  assert.deepEqual(testFiles(project), [
    "test/a.test.mjs",
    "test/browser/c.test.ts",
    "test/lib/b.test.ts",
  ]);
  assert.deepEqual(testFiles(project, { browser: false }), [
    "test/a.test.mjs",
    "test/lib/b.test.ts",
  ]);
  assert.deepEqual(testFiles(project, { pattern: "lib/" }), ["test/lib/b.test.ts"]);
  assert.deepEqual(testFiles(project, { pattern: "faults" }), [], "they have their own command");
  assert.deepEqual(testFiles(project, { faults: true }), ["test/faults/kills/d.test.ts"]);
});

test("exercises, losses and wrong input are tried with oneDNN on and off, all else once", (t) => {
  const project = temporaryProject(t);
  const each = [
    "test/lessons/exercises/autograd.test.ts",
    "test/lib/losses/crossEntropy.test.ts",
    "test/lib/training/wrongInput.test.ts",
    "test/lib/training/trainArguments.test.ts",
    "test/lib/data/readErrors.test.ts",
  ];
  const once = ["test/kernel/nasty/errors.test.ts", "test/lib/errors/a.test.ts"];
  assert.deepEqual(sortByOneDnn(project, [...once, ...each]), { once, each });
  const wasm = { ...project, env: { ...project.env, KARENINA_BACKEND: "wasm" } };
  assert.deepEqual(sortByOneDnn(wasm, [...once, ...each]), { once: [...once, ...each], each: [] });
  write(project.tensorflowRecord, JSON.stringify({ backend: "wasm" }));
  assert.deepEqual(sortByOneDnn(project, each), { once: each, each: [] });
  const asked = { ...project, env: { ...project.env, KARENINA_BACKEND: "native" } };
  assert.deepEqual(sortByOneDnn(asked, each), { once: [], each });
});

test("this project's own tests have some of either kind, and the settings reach them", async (t) => {
  const native = { ...own, env: { KARENINA_BACKEND: "native" } };
  const { once, each } = sortByOneDnn(native, testFiles(own));
  assert.ok(each.includes("test/lessons/exercises/autograd.test.ts"));
  assert.ok(once.length > each.length);
  const temporary = temporaryProject(t);
  const put = (value) =>
    write(
      path.join(temporary.root, "test", "a.test.mjs"),
      `import assert from "node:assert"; import { test } from "node:test";
       test("a", () => assert.equal(process.env.TF_ENABLE_ONEDNN_OPTS, "${value}"));`,
    );
  const project = { ...temporary, preload: own.preload, tsx: own.tsx, doors: own.doors };
  for (const [index, { env }] of SETTINGS.entries()) {
    put(1 - index);
    const options = { env: { ...process.env, ...env }, show: false };
    const counts = await runTestFiles(project, ["test/a.test.mjs"], options);
    assert.deepEqual(counts, { passed: 1, failed: 0, skipped: 0 });
  }
});

test("passed, failed, skipped and crashed tests are counted by running them", async (t) => {
  const temporary = temporaryProject(t);
  const put = (name, text) => write(path.join(temporary.root, "test", name), text);
  put(
    "good.test.ts",
    `import { test } from "node:test"; test("a", (t: object) => {}); test("b", { skip: true }, () => {});`,
  );
  put(
    "bad.test.ts",
    `import { test } from "node:test"; test("c", () => { throw new Error("expected here"); });`,
  );
  put("crash.test.ts", "process.exit(1);");
  // The real preload, tsx and doors: a project in a bare folder has none.
  const project = { ...temporary, preload: own.preload, tsx: own.tsx, doors: own.doors };
  const quiet = { env: process.env, show: false };
  const good = await runTestFiles(project, ["test/good.test.ts"], quiet);
  assert.deepEqual(good, { passed: 1, failed: 0, skipped: 1 });
  const { failures, ...all } = await runTestFiles(project, testFiles(project), quiet);
  assert.deepEqual(all, { passed: 1, failed: 2, skipped: 1 });
  assert.equal(failures.length, 2);
  assert.match(failures[0], /^test\/bad\.test\.ts:\d+:\d+ {2}c\n {4}expected here$/);
  assert.match(failures[1], /^test\/crash\.test\.ts.*\n {4}test failed$/);
});

test("what failed is said once more before the table, inner tests by all their names", (t) => {
  const { root } = temporaryProject(t);
  const file = path.join(root, "inner.test.mjs");
  write(
    file,
    `import assert from "node:assert"; import { test } from "node:test";
     test("outer", async (t) => {
       await t.test("it's #1", () => {});
       await t.test("it's #2", () => assert.fail("1 is not 2"));
       await t.test("later", { todo: true }, () => assert.fail());
     });
     test("after", () => { throw new Error("'quoted'"); });`,
  );
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const { stdout } = spawnSync(process.execPath, ["--test", "--test-reporter=tap", file], {
    env,
    encoding: "utf8",
  });
  const failures = failuresOf(stdout, root);
  assert.equal(failures.length, 2, failures.join("\n"));
  assert.match(failures[0], /^inner\.test\.mjs:4:\d+ {2}outer > it's #2\n {4}1 is not 2$/);
  assert.match(failures[1], /^inner\.test\.mjs:7:\d+ {2}after\n {4}'quoted'$/);
  const rows = [{ name: "tests", passed: 1, failed: 2, skipped: 0, failures, seconds: 1 }];
  const text = summarize(rows);
  assert.match(text, /^failed in tests: inner\.test\.mjs:4.*[\s\S]*^check +passed/m);
  assert.equal(text.split("\n").at(-1), "1 passed, 2 failed");
});

test("a runner that wrote no results has no passed test", () => {
  assert.deepEqual(countTap(""), { passed: 0, failed: 0, skipped: 0 });
  const tap = "# tests 9\n# pass 3\n# fail 2\n# cancelled 1\n# skipped 2\n# todo 1\n";
  assert.deepEqual(countTap(tap), { passed: 3, failed: 3, skipped: 3 });
});

test("the last line is the sum, in the form that machines read", () => {
  const row = (name, passed, failed, skipped) => ({ name, passed, failed, skipped, seconds: 1 });
  const text = summarize([row("types", 1, 0, 0), row("tests", 20, 2, 0)]);
  assert.equal(text.split("\n").at(-1), "21 passed, 2 failed");
  assert.match(text, /^types +1 +0 +0 +1\.0$/m);
  const skipping = summarize([row("tests", 20, 0, 3)]);
  assert.equal(skipping.split("\n").at(-1), "20 passed, 0 failed, 3 skipped");
});

test("lessons come in reading order", (t) => {
  const project = temporaryProject(t);
  for (const name of ["02-b.ipynb", "01-a.ipynb", "notes.md"]) {
    write(path.join(project.root, "notebooks", name), "");
  }
  assert.deepEqual(lessons(project), ["notebooks/01-a.ipynb", "notebooks/02-b.ipynb"]);
});

test("a browser is named by a variable or found on the PATH", {
  skip: process.platform === "win32",
}, (t) => {
  const { base } = temporaryProject(t);
  const mine = path.join(base, "my browser");
  write(mine, "", 0o755);
  write(path.join(base, "bin", "chromium"), "", 0o755);
  const env = { PATH: path.join(base, "bin") };
  assert.equal(findChromium(env), path.join(base, "bin", "chromium"));
  assert.equal(findChromium({ ...env, KARENINA_CHROMIUM: mine }), mine);
  assert.equal(findChromium({ ...env, KARENINA_CHROMIUM: `${mine}x` }), null);
  assert.equal(findFirefox(env), null);
  write(path.join(base, "bin", "firefox-esr"), "", 0o755);
  assert.equal(findFirefox(env), path.join(base, "bin", "firefox-esr"));
  assert.equal(findFirefox({ ...env, KARENINA_FIREFOX: mine }), mine);
});
