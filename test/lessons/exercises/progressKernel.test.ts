import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { type Kernel, startKernel } from "../../../runner/client";
import { temporaryFolder } from "../../lib/datasets/workspace";
import { KARENINA, ROOT } from "../../runner/client/kernels";

interface Kept {
  exercises: Record<string, { attempts: number; right: boolean }>;
}

test("two notebooks at once keep what both students' cells have answered, and no solution's", {
  skip: KARENINA ? false : "the kernel is not installed",
  timeout: 900_000,
}, async (t) => {
  const file = path.join(temporaryFolder(t), "deep", "progress.json");
  const env = { KARENINA_PROGRESS: file, KARENINA_MODE: "lesson" };
  const kernels = await Promise.all(
    [1, 2].map(() => startKernel({ spec: KARENINA!, cwd: path.join(ROOT, "notebooks"), env })),
  );
  t.after(() => Promise.all(kernels.map((kernel) => kernel.shutdown())));
  const run = async (kernel: Kernel, code: string) => {
    const { status, outputs } = await kernel.execute(code, { timeoutMs: 600_000 });
    assert.equal(status, "ok", JSON.stringify(outputs));
    return JSON.stringify(outputs);
  };
  await Promise.all(
    kernels.map((kernel) => run(kernel, 'import { check, progress } from "karenina-lessons";')),
  );
  const solved = "// BEGIN SOLUTION\ncheck.guessFault('too large');\n// END SOLUTION";
  assert.match(await run(kernels[0], solved), /Right/);
  assert.ok(!existsSync(file));
  const loop = (code: string) => `for (let i = 0; i < 20; i++) { ${code} }`;
  await Promise.all([
    run(kernels[0], loop("check.cellRunThrice(i + 1);")),
    run(kernels[1], loop("check.cellRunThrice(20 - i); check.shapeThatFits([3, 4]);")),
  ]);
  const { exercises } = JSON.parse(readFileSync(file, "utf8")) as Kept;
  assert.deepEqual(
    Object.entries(exercises).map(([name, { attempts, right }]) => [name, attempts, right]),
    [
      ["cellRunThrice", 40, true],
      ["shapeThatFits", 20, true],
    ],
  );
  assert.match(await run(kernels[1], "progress('00');"), /2 of 4 exercises right/);
});
