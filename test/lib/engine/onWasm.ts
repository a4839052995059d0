import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import path from "node:path";
import { test } from "node:test";

const root = path.resolve(__dirname, "../../..");

/**
 * True in a process that computes on WebAssembly. In any other it adds a test that runs the file again
 * in such a process, and says false.
 */
export function onWasm(file: string): boolean {
  if (process.env.KARENINA_BACKEND === "wasm") {
    return true;
  }
  test(`${path.basename(file)} on WebAssembly`, () => {
    const loader = path.join(root, "node_modules/tsx/dist/cjs/index.cjs");
    const preload = path.join(root, "lib/host/node/preload.cjs");
    // Without this the child would report to the runner that runs this file.
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const result = spawnSync(
      process.execPath,
      ["--test-reporter=tap", "-r", preload, "-r", loader, file],
      { cwd: root, env: { ...env, KARENINA_BACKEND: "wasm" }, encoding: "utf8" },
    );
    assert.equal(result.status, 0, result.stdout);
    assert.match(result.stdout, /# pass [1-9]/);
  });
  return false;
}
