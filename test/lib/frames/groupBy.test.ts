import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import fc from "fast-check";
import { loadTable } from "../../../lib/datasets/dataSets";
import { type Cell, FrameError, groupBy, isMissing, readCsv } from "../../../lib/frames";
import { columnOf, contentOf, frameOf } from "./frames";

async function frameHere(name: string, t: TestContext) {
  try {
    return await readCsv(await loadTable(name, { offline: true, notify: () => {} }));
  } catch (error) {
    if ((error as { code?: string }).code !== "offline") {
      throw error;
    }
    t.skip(`${name} is not on this machine (KARENINA_DATA or the cache)`);
    return undefined;
  }
}

function close(actual: unknown, expected: readonly (readonly unknown[])[]): void {
  assert.equal((actual as unknown[]).length, expected.length);
  for (const [r, row] of (actual as unknown[][]).entries()) {
    assert.equal(row.length, expected[r].length);
    for (const [c, cell] of row.entries()) {
      const wanted = expected[r][c];
      if (typeof wanted === "number" && Number.isFinite(wanted)) {
        const off = Math.abs((cell as number) - wanted);
        assert.ok(off <= 1e-12 * Math.max(1, Math.abs(wanted)), `${cell} is not ${wanted}`);
      } else {
        assert.deepEqual(cell, wanted);
      }
    }
  }
}

// pandas: p = pd.read_csv("penguins.csv"); p.groupby("species").body_mass_g.mean() and so on
test("penguins by species and sex are as pandas groups them", async (t) => {
  const penguins = await frameHere("penguins", t);
  if (!penguins) {
    return;
  }
  const species = groupBy(penguins, "species");
  const names = ["Adelie", "Chinstrap", "Gentoo"];
  const rows = (values: number[]) => values.map((value, i) => [names[i], value]);
  const mass = "body_mass_g";
  close(
    species.mean(mass).values,
    rows([3700.662251655629, 3733.0882352941176, 5076.016260162602]),
  );
  close(species.std(mass).values, rows([458.56612591013476, 384.3350813871914, 504.1162366570917]));
  close(species.sum(mass).values, rows([558800, 253850, 624350]));
  close(species.min(mass).values, rows([2850, 2700, 3950]));
  close(species.max(mass).values, rows([4775, 4800, 6300]));
  close(species.median(mass).values, rows([3700, 3700, 5000]));
  close(species.count(mass).values, rows([151, 68, 123]));
  close(species.size().values, rows([152, 68, 124]));
  const danfos = penguins.groupby(["species"]).col([mass]);
  const means = (danfos.mean().values as [string, number][]).sort(([a], [b]) => (a < b ? -1 : 1));
  close(means, rows([3700.662251655629, 3733.0882352941176, 5076.016260162602]));
  // p.groupby(["species", "sex"]).bill_length_mm.agg(["mean", "std", "count"])
  const both = groupBy(penguins, ["species", "sex"]);
  const bills = both.aggregate({ bill_length_mm: ["mean", "std", "count"] });
  assert.deepEqual(bills.columns.slice(2), [
    "bill_length_mm_mean",
    "bill_length_mm_std",
    "bill_length_mm_count",
  ]);
  close(bills.values, [
    ["Adelie", "female", 37.25753424657535, 2.028882958141909, 73],
    ["Adelie", "male", 40.39041095890411, 2.27713052763302, 73],
    ["Chinstrap", "female", 46.5735294117647, 3.108669092941828, 34],
    ["Chinstrap", "male", 51.09411764705882, 1.5645584480149342, 34],
    ["Gentoo", "female", 45.563793103448276, 2.0512467989315786, 58],
    ["Gentoo", "male", 49.47377049180328, 2.7205943982485543, 61],
  ]);
  // p.groupby(["species", "sex"], dropna=False).bill_length_mm.agg(["mean", "count"])
  const kept = groupBy(penguins, ["species", "sex"], { missingKeys: "keep" });
  close(kept.aggregate({ bill_length_mm: ["mean", "count"] }).values, [
    ["Adelie", "female", 37.25753424657535, 73],
    ["Adelie", "male", 40.39041095890411, 73],
    ["Adelie", null, 37.84, 5],
    ["Chinstrap", "female", 46.5735294117647, 34],
    ["Chinstrap", "male", 51.09411764705882, 34],
    ["Gentoo", "female", 45.563793103448276, 58],
    ["Gentoo", "male", 49.47377049180328, 61],
    ["Gentoo", null, 45.625, 4],
  ]);
  close(groupBy(penguins, "sex", { missingKeys: "keep" }).size().values, [
    ["female", 165],
    ["male", 168],
    [null, 11],
  ]);
});

// pandas: a.groupby("cylinders").horsepower.agg(["mean", "median", "std", "count"])
test("cars by cylinders are as pandas groups them", async (t) => {
  const cars = await frameHere("auto-mpg", t);
  if (!cars) {
    return;
  }
  const groups = groupBy(cars, "cylinders");
  close(groups.aggregate({ horsepower: ["mean", "median", "std", "count"] }).values, [
    [3, 99.25, 98.5, 8.301606270274847, 4],
    [4, 78.28140703517587, 78, 14.523099191683063, 199],
    [5, 82.33333333333333, 77, 18.583146486355137, 3],
    [6, 101.50602409638554, 100, 14.310471599987418, 83],
    [8, 158.3009708737864, 150, 28.45355174475237, 103],
  ]);
  close(groups.size().values, [
    [3, 4],
    [4, 204],
    [5, 3],
    [6, 84],
    [8, 103],
  ]);
  close(groupBy(cars, "origin").mean(["mpg", "horsepower"]).values, [
    ["europe", 27.891428571428573, 80.55882352941177],
    ["japan", 30.450632911392404, 79.83544303797468],
    ["usa", 20.083534136546184, 119.04897959183674],
  ]);
});

test("groups are those of a naive computation, whatever is missing", () => {
  const missing = fc.constantFrom<Cell>(null, Number.NaN);
  const key = fc.oneof(fc.constantFrom<Cell>("a", "b", "a-b", "", "constructor"), missing);
  const number = fc.integer({ min: -1000, max: 1000 });
  const other = fc.oneof(fc.integer({ min: 0, max: 2 }), missing);
  const rows = fc.array(fc.tuple(key, other, fc.oneof(number, missing)), {
    minLength: 1,
    maxLength: 30,
  });
  fc.assert(
    fc.property(rows, (cells) => {
      const frame = frameOf(cells, ["k", "n", "v"]);
      const before = contentOf(frame);
      const whole = groupBy(frame, ["k", "n"], { missingKeys: "keep" });
      const result = whole.aggregate({
        v: ["mean", "sum", "min", "max", "median", "std", "count"],
      });
      assert.deepEqual(contentOf(frame), before);
      const same = (a: unknown, b: unknown) => a === b || (isMissing(a) && isMissing(b));
      const sizes = columnOf(whole.size(), "size");
      let rowsSeen = 0;
      for (const [r, [k, n, ...got]] of (result.values as Cell[][]).entries()) {
        const members = cells.filter((cell) => same(cell[0], k) && same(cell[1], n));
        rowsSeen += members.length;
        assert.equal(sizes[r], members.length);
        const v = members.map((cell) => cell[2]).filter((cell): cell is number => !isMissing(cell));
        const sorted = v.toSorted((a, b) => a - b);
        const total = v.reduce((a, b) => a + b, 0);
        const squares = v.map((each) => (each - total / v.length) ** 2).reduce((a, b) => a + b, 0);
        const half = (v.length - 1) / 2;
        const expected = [
          v.length > 0 ? total / v.length : Number.NaN,
          total,
          sorted[0] ?? Number.NaN,
          sorted.at(-1) ?? Number.NaN,
          v.length > 0 ? (sorted[Math.floor(half)] + sorted[Math.ceil(half)]) / 2 : Number.NaN,
          v.length > 1 ? Math.sqrt(squares / (v.length - 1)) : Number.NaN,
          v.length,
        ];
        close([got], [expected]);
      }
      assert.equal(rowsSeen, cells.length);
      const complete = cells.filter((cell) => !isMissing(cell[0]) && !isMissing(cell[1]));
      if (complete.length === 0) {
        return;
      }
      const dropped = columnOf(groupBy(frame, ["k", "n"]).size(), "size") as number[];
      assert.equal(
        dropped.reduce((a, b) => a + b, 0),
        complete.length,
      );
    }),
    { numRuns: 100 },
  );
});

test("groups come in the order of their keys, and infinities are keys of their own", () => {
  const frame = frameOf([[10], [9], [Infinity], [-Infinity], [null], [9]], ["n"]);
  assert.deepEqual(groupBy(frame, "n", { missingKeys: "keep" }).size().values, [
    [-Infinity, 1],
    [9, 2],
    [10, 1],
    [Infinity, 1],
    [Number.NaN, 1],
  ]);
});

test("truth values count as 1 and 0, and texts are counted only", () => {
  const frame = frameOf(
    [
      ["a", true, "x", 1],
      ["a", false, null, 2],
      ["b", null, "y", null],
    ],
    ["k", "b", "t", "n"],
  );
  const groups = groupBy(frame, "k");
  assert.deepEqual(groups.mean("b").values, [
    ["a", 0.5],
    ["b", Number.NaN],
  ]);
  assert.deepEqual(groups.mean().columns, ["k", "n"]);
  assert.deepEqual(groups.count().values, [
    ["a", 2, 1, 2],
    ["b", 0, 1, 0],
  ]);
  assert.throws(() => groups.mean("t"), /"t" holds "x", but numbers are needed \(row 0\)/);
});

test("what cannot be grouped is refused", () => {
  const frame = frameOf([[null, 1]], ["k", "v"]);
  assert.throws(() => groupBy(frame, "k"), /In every row "k" is missing.*missingKeys: "keep"/);
  assert.throws(() => groupBy(frame, "q"), /no column "q"/);
  assert.throws(() => groupBy(frame, []), FrameError);
  assert.throws(() => groupBy(frame, "v").mean("v"), /two columns "v"/);
  assert.throws(() => groupBy(frame, "v").mean(), /no column to compute the mean of/);
  assert.throws(
    () => groupBy(frame, "v").aggregate({ k: "mode" as never }),
    /cannot compute "mode"/,
  );
  assert.throws(() => groupBy(frame, "v", { missingKeys: "last" as never }), /missingKeys: "last"/);
});
