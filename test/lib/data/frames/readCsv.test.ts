import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import Papa from "papaparse";
import { type CsvOptions, FrameError, readCsv } from "../../../../lib/data/frames";

const read = (csv: string, options?: CsvOptions) => readCsv({ csv, path: "some.csv" }, options);

test("missing marks become null, and leave a column one of numbers", async () => {
  const frame = await read("a,b,c\n1,NA,x\n2.5, 7 ,\n?,-.5e3,NA\n");
  assert.deepEqual(frame.columns, ["a", "b", "c"]);
  assert.deepEqual(frame.values, [
    [1, null, "x"],
    [2.5, 7, null],
    [null, -500, null],
  ]);
  assert.deepEqual(frame.dtypes, ["float32", "int32", "string"]);
});

test("which marks are missing can be said", async () => {
  const frame = await read("a,b\n-99,NA\n3,x\n", { missing: ["-99"] });
  assert.deepEqual(frame.values, [
    [null, "NA"],
    [3, "x"],
  ]);
});

test("one text makes a column of texts, and digits stay as they are written", async () => {
  const frame = await read("id,ok\n007,true\nx,FALSE\n");
  assert.deepEqual(frame.values, [
    ["007", true],
    ["x", false],
  ]);
  assert.deepEqual(frame.dtypes, ["string", "boolean"]);
});

test("other separators, quotes, a byte order mark and Windows' line ends are read", async () => {
  const frame = await read('\ufeff"a b";c\r\n"x; ""y""\nz";2\r\n\r\n');
  assert.deepEqual(frame.columns, ["a b", "c"]);
  assert.deepEqual(frame.values, [['x; "y"\nz', 2]]);
});

test("a file of one's own is read by its path", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "csv-test-"));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "own.csv"), "x\n1\n");
  assert.deepEqual((await readCsv(join(folder, "own.csv"))).values, [[1]]);
  await assert.rejects(readCsv(join(folder, "none.csv")), /There is no file .*none\.csv/);
});

test("what is no table is refused by name and place", async () => {
  const refused = (csv: string, message: RegExp) =>
    assert.rejects(read(csv), (error: Error) => {
      assert.ok(error instanceof FrameError);
      assert.match(error.message, message);
      return true;
    });
  await refused("a,b\n1,2\n3\n", /some\.csv: row 3 has 1 cells, but the first row names 2 columns/);
  await refused("a,b\n1,2,3\n", /row 2 has 3 cells/);
  await refused("a,a\n1,2\n", /two columns are named "a"/);
  await refused("a,\n1,2\n", /column 2 has no name/);
  // With these danfojs would take the column for its own list of columns, rows and so on.
  for (const name of ["columns", "dtypes", "index", "shape", "values", "$data"]) {
    await refused(`${name},b\n1,2\n`, /a column is named ".*which a data frame.*Rename/i);
  }
  await refused("a,b\n", /no rows below the names/);
  await refused("", /has no name/);
  await refused('a,b\n"1,2\n', /some\.csv: .*[Qq]uote/);
});

test("what is written as CSV is read back", async () => {
  const text = fc.stringMatching(/^[a-z ,;"'\n]{0,6}z$/);
  const rows = fc.array(
    fc.tuple(
      fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }), { freq: 4 }),
      fc.option(text, { freq: 4 }),
      fc.integer(),
    ),
    { minLength: 1, maxLength: 10 },
  );
  await fc.assert(
    fc.asyncProperty(rows, async (cells) => {
      const csv = Papa.unparse({ fields: ["x", "t", "n"], data: cells });
      const frame = await read(csv);
      const plain = cells.map(([x, t, n]) => [Object.is(x, -0) ? 0 : x, t, n]);
      assert.deepEqual(frame.values, plain);
    }),
    { numRuns: 50 },
  );
});
