import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { run } from "../../../../scripts/setup/run.mjs";

// The tests that run the library's own operations run again on each instruction set that the processor has
// besides its best, and without the operations, as where there is no compiler.

const ROOT = path.resolve(__dirname, "../../../..");
const OWN = [
  "engine/native/ownUpdates.test.ts",
  "engine/native/ownLstm.test.ts",
  "engine/native/ownProducts.test.ts",
  "engine/native/ownRecurrent.test.ts",
  "engine/native/ownTransformer.test.ts",
  "engine/native/ownStepper.test.ts",
  "engine/native/recordedStep.test.ts",
  "training/optimizers/optimizers.test.ts",
];

for (const choice of ["off", "plain", "avx2"]) {
  test(`all holds with KARENINA_OPERATIONS=${choice}`, async () => {
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const doors = ["-r", path.join(ROOT, "lib", "node.ts")];
    const files = OWN.map((name) => path.join(ROOT, "test", "lib", name));
    const loaders = ["-r", path.join(ROOT, "lib", "host", "node", "preload.cjs"), "-r", "tsx/cjs"];
    const result = await run(process.execPath, [...loaders, ...doors, "--test", ...files], {
      cwd: ROOT,
      env: { ...env, KARENINA_OPERATIONS: choice },
    });
    assert.ok(result.ok, result.stdout.slice(-4000) + result.stderr.slice(-2000));
    assert.match(result.stdout, /pass [1-9]/);
  });
}
