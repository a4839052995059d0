import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import path from "node:path";
import { afterEach, test } from "node:test";
import { display, displayTarget, type MimeBundle } from "../../../lib/display/display";

const globals = globalThis as Record<string | symbol, unknown>;
const cell = Symbol.for("Jupyter.cell");

afterEach(() => {
  delete globals[cell];
  delete globals.display;
  delete globals.__tslab__;
});

const bundle: MimeBundle = { "text/html": "<b>hi</b>", "text/plain": "hi" };

test("in the karenina kernel everything goes to its own display, whole", () => {
  const calls: unknown[] = [];
  Object.defineProperty(globals, cell, { value: undefined, configurable: true });
  globals.display = (...args: unknown[]) => calls.push(args);
  display(bundle, { id: "a", update: true });
  assert.equal(displayTarget().kind, "notebook");
  assert.deepEqual(calls, [[bundle, { id: "a", update: true }]]);
});

test("a global display of somebody else is left alone", () => {
  globals.display = () => assert.fail("called");
  assert.equal(displayTarget().kind, "terminal");
});

test("a script prints the text form, one line a display", () => {
  const script = path.join(__dirname, "printing.ts");
  const tsx = require.resolve("tsx/cjs");
  const { stdout, status } = spawnSync(process.execPath, ["-r", tsx, script], { encoding: "utf8" });
  assert.equal(status, 0);
  assert.equal(stdout, "hi\ntwo\nlines\n(no text form: text/html)\n");
});
