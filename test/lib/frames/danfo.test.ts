import assert from "node:assert/strict";
import { test } from "node:test";
import type { DataFrame } from "danfojs-node";
import fc from "fast-check";
import { type Cell, FrameError, isMissing, readCsv } from "../../../lib/frames";
import { columnOf } from "./frames";

const gap = Number.NaN;
const gappy = () => readCsv({ csv: "g,v,w\nA,5,1\nA,,2\nB,3,3\nB,8,\nA,1,7\n" });

// pandas: d = pd.read_csv(...); d.groupby("g").v.mean(), .sum(), ...
test("danfojs's groupby skips what is missing", async () => {
  const frame = await gappy();
  const of = (operation: string) => {
    const groups = frame.groupby(["g"]).col(["v"]) as unknown as Record<string, () => DataFrame>;
    return (groups[operation]().values as Cell[][]).map((row) => row[1]);
  };
  assert.deepEqual(of("mean"), [3, 5.5]);
  assert.deepEqual(of("sum"), [6, 11]);
  assert.deepEqual(of("count"), [2, 2]);
  assert.deepEqual(of("min"), [1, 3]);
  assert.deepEqual(of("max"), [5, 8]);
  assert.deepEqual(of("std"), [Math.sqrt(8), Math.sqrt(12.5)]);
  assert.deepEqual(of("var"), [8, 12.5]);
  assert.deepEqual(of("cumSum"), [5, gap, 6, 3, 11]);
  assert.deepEqual(of("cumMin"), [5, gap, 1, 3, 3]);
  assert.deepEqual(of("cumMax"), [5, gap, 5, 3, 8]);
  assert.deepEqual(of("cumProd"), [5, gap, 5, 3, 24]);
  const several = frame.groupby(["g"]).agg({ v: ["median", "mean"], w: "count" });
  assert.deepEqual(several.values, [
    ["A", 3, 3, 3],
    ["B", 5.5, 5.5, 1],
  ]);
  // Frames that danfojs itself makes of ours are no different.
  const part = frame.query(frame.column("w").gt(1)).groupby(["g"]).col(["v"]).mean();
  assert.deepEqual(part.values, [
    ["A", 1],
    ["B", 3],
  ]);
});

test("danfojs's groupby is NaN for a group without a value, and refuses keys that it mixes up", async () => {
  const frame = await readCsv({ csv: "g,v\nA,\nA,NA\nB,2\n" });
  assert.deepEqual(frame.groupby(["g"]).col(["v"]).mean().values, [
    ["A", gap],
    ["B", 2],
  ]);
  const mixed = await readCsv({ csv: "a,b,v\nx-y,z,1\nx,y-z,2\n" });
  assert.throws(() => mixed.groupby(["a", "b"]), FrameError);
  assert.throws(() => mixed.groupby(["c"]), /no column "c"/);
  const inherited = await readCsv({ csv: "a,v\nconstructor,1\nx,2\n" });
  assert.throws(() => inherited.groupby(["a"]), /"constructor".*groupBy\(\)/);
});

// pandas: d.v.cumsum(), d.v.cummax(), d.nunique(), d.sort_values("v")
test("danfojs's series and frames no longer take a gap for a value", async () => {
  const frame = await gappy();
  const v = frame.column("v");
  assert.deepEqual([v.mean(), v.sum(), v.count(), v.min(), v.max()], [4.25, 17, 4, 1, 8]);
  assert.deepEqual([v.nUnique(), frame.nUnique(0).values], [4, [2, 4, 4]]);
  assert.deepEqual(frame.nUnique(1).values, [3, 2, 2, 2, 3]);
  assert.deepEqual([v.argMin(), v.argMax()], [4, 3]);
  assert.deepEqual(v.cumSum().values, [5, gap, 8, 16, 17]);
  assert.deepEqual(v.cumMax().values, [5, gap, 5, 8, 8]);
  assert.deepEqual(v.cumMin().values, [5, gap, 3, 3, 1]);
  assert.deepEqual(v.mul(2).values, [10, gap, 6, 16, 2]);
  assert.deepEqual(v.add(1).values, [6, gap, 4, 9, 2]);
  assert.deepEqual(v.eq(0).values, [false, false, false, false, false]);
  assert.deepEqual(frame.loc({ columns: ["v", "w"] }).cumSum({ axis: 0 }).values, [
    [5, 1],
    [gap, 3],
    [8, 6],
    [16, gap],
    [17, 13],
  ]);
  assert.deepEqual(
    [v.sortValues().values, v.sortValues().index],
    [
      [1, 3, 5, 8, gap],
      [4, 2, 0, 3, 1],
    ],
  );
  assert.deepEqual(v.sortValues({ ascending: false }).values, [8, 5, 3, 1, gap]);
  assert.deepEqual(frame.sortValues("v").index, [4, 2, 0, 3, 1]);
  assert.deepEqual(frame.sortValues("v", { ascending: false }).index, [3, 0, 2, 4, 1]);
  frame.sortValues("w", { inplace: true });
  assert.deepEqual(
    [frame.index, columnOf(frame, "g")],
    [
      [0, 1, 2, 4, 3],
      ["A", "A", "B", "A", "B"],
    ],
  );
});

test("sorting keeps all rows, numbers in order and gaps last", async () => {
  const cells = fc.array(fc.option(fc.integer({ min: -9, max: 9 }), { freq: 3 }), {
    minLength: 1,
    maxLength: 12,
  });
  await fc.assert(
    fc.asyncProperty(cells, fc.boolean(), async (numbers, ascending) => {
      const frame = await readCsv({
        csv: `n,v\n${numbers.map((v, n) => `${n},${v ?? ""}`).join("\n")}\n`,
      });
      const sorted = frame.sortValues("v", { ascending });
      const present = numbers.filter((number) => number !== null);
      const gaps = Array<number>(numbers.length - present.length).fill(gap);
      const order = present.sort((a, b) => (ascending ? a - b : b - a));
      assert.deepEqual(columnOf(sorted, "v"), [...order, ...gaps]);
      assert.deepEqual(columnOf(sorted, "n"), sorted.index);
      for (const [n, v] of sorted.values as number[][]) {
        assert.ok(isMissing(v) ? numbers[n] === null : numbers[n] === v);
      }
    }),
    { numRuns: 50 },
  );
});
