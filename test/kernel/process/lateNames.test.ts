// Names that are declared again, as a front end sees it: lines about what no longer fits, stale cells.
import assert from "node:assert/strict";
import { test } from "node:test";
import { bundles, errorOf, result, start } from "./kernels";

const kernel = start();

test("a cell's output names the earlier cells that no longer fit, quietly", async () => {
  const k = await kernel;
  await k.execute("const helper = (x: number) => x + 1;");
  await k.execute("const caller = () => helper(2);");
  const { outputs, status } = await k.execute("const helper = (x: string[]) => x.length; 'ran'");
  assert.equal(status, "ok");
  const [line] = bundles(outputs, "display_data");
  assert.match(
    String(line["text/plain"]),
    /^cell-2 uses helper as \(x: number\) => number: TS2345 .* \(cell-2\.ts:1:29\)\. Mend it/,
  );
  assert.match(String(line["text/html"]), /\(x: number\) =&gt; number/);
});

test("stale cells are listed and run again by one call, within the cell that asks for it", async () => {
  const k = await kernel;
  await k.execute("const caller = () => helper(['a', 'b']);");
  await k.execute("const base = 2;");
  await k.execute("const doubled = base * 2;\ndoubled");
  await k.execute("const base = 50;");
  assert.match(
    String(result(await k.execute("jupyter.cells.stale"))),
    /name: 'cell-6', because: \[ 'base' \]/,
  );
  const { outputs } = await k.execute("await jupyter.cells.runStale(); jupyter.cells.stale.length");
  assert.deepEqual(
    outputs.map((one) => "data" in one && one.data["text/plain"]),
    ["100", "0"],
  );
});

test("what a stale cell throws ends the call", async () => {
  const k = await kernel;
  await k.execute("const limit = 1;");
  await k.execute("if (limit > 1) throw new RangeError('too much');");
  await k.execute("const limit = 2;");
  const { ename } = errorOf(await k.execute("await jupyter.cells.runStale()"));
  assert.equal(ename, "RangeError");
});
