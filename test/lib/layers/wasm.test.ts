import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import path from "node:path";
import { test } from "node:test";

const root = path.resolve(__dirname, "../../..");

// Layers, losses, optimizers and steppers have one test each for both backends.
for (const file of [
  "layers/recurrent",
  "layers/layers",
  "layers/pytorch",
  "engine/plainRecurrence",
  "losses/crossEntropy",
  "losses/regression",
  "training/weights",
  "training/gradients",
  "training/optimizers/optimizers",
  "sampling/stepper",
  "models/transformer",
  "sampling/transformer",
]) {
  test(`${file} holds on WebAssembly too`, () => {
    const loader = path.join(root, "node_modules/tsx/dist/cjs/index.cjs");
    const preload = path.join(root, "lib/host/node/preload.cjs");
    const doors = path.join(root, "lib/node.ts");
    // Without this the child would report to the runner that runs this file.
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const result = spawnSync(
      process.execPath,
      [
        "--test-reporter=tap",
        "-r",
        preload,
        "-r",
        loader,
        "-r",
        doors,
        path.join(root, "test/lib", `${file}.test.ts`),
      ],
      { cwd: root, env: { ...env, KARENINA_BACKEND: "wasm" }, encoding: "utf8" },
    );
    assert.equal(result.status, 0, result.stdout);
    assert.match(result.stdout, /# pass [1-9]/);
  });
}
