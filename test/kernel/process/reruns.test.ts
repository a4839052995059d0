// A lesson's cells in random order: the kernel goes on, and what is stale can be run again.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { start } from "./kernels";

const NOTEBOOKS = join(__dirname, "../../../notebooks");
const SEED = Number(process.env.KARENINA_SEED ?? 7);
/** `KARENINA_RERUNS=200` runs so many cells of every lesson again; default: a few of the first. */
const RERUNS = Number(process.env.KARENINA_RERUNS ?? 0);

process.env.KARENINA_MODE = "fast";
const notebooks = readdirSync(NOTEBOOKS).filter((file) => file.endsWith(".ipynb"));

for (const file of RERUNS > 0 ? notebooks : notebooks.slice(0, 1)) {
  test(`${file}: cells run again in any order, and the kernel goes on`, async () => {
    const kernel = await start(NOTEBOOKS);
    const { cells } = JSON.parse(readFileSync(join(NOTEBOOKS, file), "utf8")) as {
      cells: { cell_type: string; source: string | string[] }[];
    };
    const codes = cells
      .filter(({ cell_type }) => cell_type === "code")
      .map(({ source }) => [source].flat().join(""))
      // In fast mode an exercise that has been answered once takes no student's place any more.
      .filter((code) => !/\bcheck\./.test(code));
    const run = (code: string) => kernel.execute(code, { timeoutMs: 600_000 });
    const runAll = async () => {
      const statuses: string[] = [];
      for (const code of codes) {
        statuses.push((await run(code)).status);
      }
      return statuses;
    };
    const first = await runAll();
    const [order] = fc.sample(
      fc.array(fc.nat(codes.length - 1), { minLength: RERUNS || 12, maxLength: RERUNS || 12 }),
      { seed: SEED, numRuns: 1 },
    );
    for (const index of order) {
      // Out of its order a cell may fail, as an assertion does that an earlier cell made true.
      assert.match((await run(codes[index])).status, /^(ok|error)$/, codes[index]);
    }
    assert.deepEqual(await runAll(), first);
    const { outputs } = await run("jupyter.cells.stale.map(({ name }) => name).join()");
    const [shown] = outputs;
    assert.equal("data" in shown && shown.data["text/plain"], "''");
    await kernel.shutdown();
  });
}
