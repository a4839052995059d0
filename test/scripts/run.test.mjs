import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { lastLine, run, which } from "../../scripts/setup/run.mjs";
import { temporaryProject, write } from "./temporaryProject.mjs";

const node = (code, options) => run(process.execPath, ["-e", code], options);

test("what a command wrote and how it ended is kept", async () => {
  const good = await node("console.log('out'); console.error('err')");
  assert.deepEqual(good, { ok: true, code: 0, stdout: "out\n", stderr: "err\n", failure: "" });
  const bad = await node("console.error('Error: full\\nmore'); process.exitCode = 3");
  assert.equal(bad.code, 3);
  assert.equal(bad.failure, "Error: full");
  assert.equal((await node("process.exitCode = 3")).failure, "exit 3");
});

test("a command that is missing is an outcome", async () => {
  const missing = await run("karenina-no-such-command", []);
  assert.equal(missing.failure, "karenina-no-such-command was not found");
});

test("a command that hangs is killed, even while a child of its own holds the pipes", async () => {
  const hang = "setInterval(() => {}, 1000)";
  const code = `require("child_process").spawn(process.execPath, ["-e", "setTimeout(() => {}, 3000)"], { stdio: "inherit" }); ${hang}`;
  const outcome = await node(code, { limitSeconds: 0.5 });
  assert.equal(outcome.ok, false);
  assert.equal(outcome.failure, "it took longer than 0.5 s");
});

test("the PATH is searched in order, and only for what can be run", {
  skip: process.platform === "win32",
}, (t) => {
  const { base } = temporaryProject(t);
  const [a, b] = ["a", "b"].map((name) => path.join(base, name));
  write(path.join(a, "tool"), "", 0o644);
  fs.mkdirSync(path.join(a, "tool2"));
  write(path.join(b, "tool"), "", 0o755);
  write(path.join(b, "tool2"), "", 0o755);
  const env = { PATH: [a, b].join(path.delimiter) };
  assert.equal(which(["none", "tool2"], env), path.join(b, "tool2"));
  assert.equal(which(["none"], env), null);
  assert.equal(which([path.join(b, "tool")], {}), path.join(b, "tool"));
});

test("of many lines the one that names the error is shown", () => {
  assert.equal(lastLine("a\nERROR: first\nerror: second\nlast\n"), "error: second");
  assert.equal(lastLine("a\r\nb\n\n"), "b");
  const crash =
    "Error: connect ECONNREFUSED\n  at x\nEmitted 'error' event on ClientRequest at:\nv20";
  assert.equal(lastLine(crash), "Error: connect ECONNREFUSED");
  assert.equal(lastLine(""), "");
  assert.equal(lastLine(`error ${"x".repeat(400)}`).length, 303);
});
