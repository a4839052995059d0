// Tests of node:test in cells, compared with the same text run by Node.js.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { errorOf, printed, result, start } from "./kernels";

const folder = mkdtempSync(join(tmpdir(), "tests-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const kernel = start();
const run = async (code: string) => (await kernel).execute(code, { timeoutMs: 120_000 });

/** Runs a text by Node.js, as a program and not as a part of this test. */
function byNode(code: string): { failed: boolean; report: string } {
  const file = join(folder, "program.cjs");
  writeFileSync(file, code);
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const { status, stdout } = spawnSync(process.execPath, [file], { encoding: "utf8", env });
  // Node 22 and some of 24 report a group that fails by itself, and end with 0 all the same.
  const [report] = stdout.split("✖ failing tests");
  const isReported = /^(?:not ok|✖) (?!.*# TODO)/m.test(report);
  return { failed: status !== 0 || isReported, report: stdout };
}

/** Line and column of each test that a report places. */
const places = (report: string) =>
  [...report.matchAll(/(?:location: '|^test at )\S*?:(\d+:\d+)'?$/gm)].map(([, place]) => place);

const HEAD =
  '// @ts-nocheck\nconst { test, it, describe, suite, before, after, beforeEach } = require("node:test"); const assert = require("node:assert");\n';

const PROGRAMS = {
  "one that passes": 'test("adds", () => { assert.equal(1 + 1, 2); });',
  "one that fails": '\n  test("adds", () => {\n    assert.equal(1 + 1, 3);\n  });',
  "one that is awaited": 'await test("adds", async () => { await null; assert.equal(1 + 1, 3); });',
  "one that fails after a while":
    'test("waits", async () => { await new Promise((r) => setTimeout(r, 20)); throw new Error("late"); });',
  "one that takes a callback":
    'test("calls back", (t, done) => { setTimeout(() => done(new Error("called")), 5); });',
  "a callback without an error": 'test("calls back", (t, done) => { setImmediate(done); });',
  "one that runs out of time":
    'test("slow", { timeout: 20 }, async () => { await new Promise((r) => setTimeout(r, 200)); });',
  "a group":
    'describe("group", () => {\n  it("fails", () => { assert.ok(false); });\n  it("passes", () => {});\n});',
  "a group that waits":
    'describe("group", () => { it("fails", async () => { await new Promise((r) => setTimeout(r, 20)); assert.ok(false); }); });',
  "groups in groups":
    'suite("outer", () => { describe("inner", () => {\n it("fails", () => { assert.ok(false); }); }); it("passes", () => {}); });',
  "a group that throws": 'describe("group", () => { throw new Error("body"); });',
  "a group with a hook that fails":
    'describe("group", () => { before(() => { throw new Error("hook"); }); it("never runs", () => {}); });',
  "tests within a test":
    'test("outer", async (t) => {\n  await t.test("inner", () => { throw new Error("inner"); });\n await t.test("fine", () => {}); });',
  "one that is to be done": 'test.todo("later", () => { throw new Error("todo"); });',
  "one that says so itself":
    'test("later", (t) => { t.todo(); throw new Error("todo"); }); test("with an option", { todo: true }, () => { throw new Error("todo"); });',
  "tests within one that is to be done":
    'test("later", { todo: "soon" }, async (t) => { await t.test("inner", () => { throw new Error("inner"); }); });',
  "a group with a hook at the end that fails":
    'describe("group", () => { after(() => { throw new Error("hook"); }); it("passes", () => {}); });',
  "a hook that fails while another test passes":
    'describe("group", () => { beforeEach((t, done) => { done(new Error("hook")); }); it("passes", () => {}); });',
  "one whose plan is not kept": 'test("plans", (t) => { t.plan(2); t.assert.ok(true); });',
  "one that is left out":
    'test.skip("no", () => { throw new Error("no"); }); describe.skip("none", () => { it("no", () => { throw new Error("no"); }); }); it("yes", { skip: true }, () => { throw new Error("no"); });',
  "several, of which one fails":
    'test("a", () => {}); test("b", () => { throw new RangeError("b"); }); test("c", () => {});',
};

for (const [name, code] of Object.entries(PROGRAMS)) {
  test(`${name}: the cell fails where Node.js would, and names the same places`, async () => {
    const program = HEAD + code;
    const node = byNode(code.startsWith("await") ? `${HEAD}(async () => {${code}})();` : program);
    const ended = await run(program);
    const report = printed(ended);
    assert.equal(ended.status, node.failed ? "error" : "ok", JSON.stringify(ended.outputs));
    // Where the places of what failed stand in the summary, a cell prints none.
    const isTap = /^TAP version/.test(node.report);
    const expected = isTap && !code.startsWith("await") ? places(node.report) : undefined;
    assert.deepEqual(places(report), expected ?? places(report));
    assert.doesNotMatch(report, /kernel\.cjs|__cell/);
    if (node.failed) {
      assert.equal(errorOf(ended).ename, "TestFailure");
    }
  });
}

test("the error names the tests that failed and shows the line", async () => {
  const { evalue, traceback } = errorOf(
    await run(
      `${HEAD}test("adds", () => {\n  assert.equal(1 + 1, 3);\n});\ntest("fine", () => {});\ntest.todo("later", () => { throw new Error("todo"); });`,
    ),
  );
  assert.equal(evalue, 'A test failed: "adds".');
  assert.match(traceback[0], /^cell-\d+\.ts:4$/);
  assert.match(traceback[1], /^4 \| {3}assert\.equal\(1 \+ 1, 3\);/);
});

test("imported by name, by default and as a whole it is the same", async () => {
  const ended = await run(
    'import test, { describe, test as named } from "node:test"; import * as all from "node:test"; [test === named, all.test === test, all.default === test, describe === require("node:test").describe, typeof all.mock.fn, test.length, test.name]',
  );
  assert.equal(result(ended), "[ true, true, true, true, 'function', 3, 'test' ]");
});

test("a cell without tests keeps its exit code and its end, whatever earlier ones did", async () => {
  await run(`${HEAD}test("fails", () => { assert.ok(false); });`);
  assert.equal(result(await run("process.exitCode")), undefined);
  assert.equal((await run("process.exitCode = 3;")).status, "ok");
  assert.equal((await run(`${HEAD}test("passes", () => {});`)).status, "ok");
  assert.equal(
    result(await run("const code = process.exitCode; process.exitCode = undefined; code")),
    "3",
  );
});

test("Stop ends a test that does not end", async () => {
  const k = await kernel;
  let stopped: Promise<void> | undefined;
  const ended = await k.execute(
    `${HEAD}test("waits", async () => { console.log("go"); await new Promise(() => {}); });`,
    {
      timeoutMs: 120_000,
      onOutput: ({ content }) => {
        if (String(content.text ?? "").includes("go")) {
          stopped ??= k.interrupt();
        }
      },
    },
  );
  await stopped;
  assert.equal(errorOf(ended).ename, "KeyboardInterrupt");
  assert.equal(result(await run("1 + 1")), "2");
});
