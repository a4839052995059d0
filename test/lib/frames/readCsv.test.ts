import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import Papa from "papaparse";
import { type CsvOptions, FrameError, missingMarks, readCsv } from "../../../lib/frames";

const read = (csv: string, options?: CsvOptions) => readCsv({ csv, path: "some.csv" }, options);

test("what is missing is NaN among numbers and null elsewhere", async () => {
  const frame = await read("a,b,c\n1,NA,x\n2.5, 7 ,\nnull,-.5e3,NA\n");
  assert.deepEqual(frame.columns, ["a", "b", "c"]);
  assert.deepEqual(frame.values, [
    [1, Number.NaN, "x"],
    [2.5, 7, null],
    [Number.NaN, -500, null],
  ]);
  // A tensor of the type int32 would make 0 of NaN.
  assert.deepEqual(frame.dtypes, ["float32", "float32", "string"]);
});

test("all of pandas' marks are missing, also in quotation marks, and no others", async () => {
  // sorted(pandas._libs.parsers.STR_NA_VALUES), pandas 3.1
  const marks = (
    "|#N/A|#N/A N/A|#NA|-1.#IND|-1.#QNAN|-NaN|-nan|1.#IND|1.#QNAN|<NA>|N/A|NA|NULL|NaN|None|" +
    "n/a|nan|null"
  ).split("|");
  assert.deepEqual([...missingMarks].sort(), marks.sort());
  for (const mark of marks) {
    for (const cell of [mark, `"${mark}"`]) {
      const frame = await read(`a,t\n1,x\n${cell},${cell}\n2.5,y\n`);
      assert.deepEqual(frame.values, [
        [1, "x"],
        [Number.NaN, null],
        [2.5, "y"],
      ]);
    }
  }
  for (const other of ["?", "-", "NAN", "Null", "none", "#DIV/0!"]) {
    assert.deepEqual((await read(`a,b\n1,2\n${other},3\n`)).column("a").values, ["1", other]);
  }
});

test("marks of one's own take their place, as texts and by their value", async () => {
  const frame = await read("a,b\n-99,NA\n3,x\n-99.0,?\n", { missing: ["-99", "?"] });
  assert.deepEqual(frame.values, [
    [Number.NaN, "NA"],
    [3, "x"],
    [Number.NaN, null],
  ]);
  const more = await read("a\n1\n?\nNA\n", { missing: [...missingMarks, "?"] });
  assert.deepEqual(more.values, [[1], [Number.NaN], [Number.NaN]]);
});

test("blanks around a mark or a number count in columns of texts only", async () => {
  const frame = await read("n,t\n 1 , NA \n NA ,x\n , \n");
  assert.deepEqual(frame.values, [
    [1, " NA "],
    [Number.NaN, "x"],
    [Number.NaN, " "],
  ]);
});

test("rows without a value are rows, and blank lines are none", async () => {
  // pandas.read_csv(io.StringIO(...)).values of the same texts
  const three = await read("a,b,c\n1,2,3\n,,\n\n  \n4,5,6\n");
  const gap = Number.NaN;
  assert.deepEqual(three.values, [
    [1, 2, 3],
    [gap, gap, gap],
    [4, 5, 6],
  ]);
  assert.deepEqual((await read('a\n1\n""\n\n4\n')).values, [[1], [gap], [4]]);
  assert.deepEqual((await read('a,b\n"",""\n1,x\n')).values, [
    [gap, null],
    [1, "x"],
  ]);
  assert.deepEqual((await read("a\tb\n1\t2\n\t\n3\t4\n")).values, [
    [1, 2],
    [gap, gap],
    [3, 4],
  ]);
});

test("empty rows at the end, which Excel appends, are kept or trimmed", async () => {
  const csv = "a,b\r\n1,2\r\n,\r\n3,4\r\n,\r\n,\r\n";
  assert.equal((await read(csv)).shape[0], 5);
  assert.deepEqual((await read(csv, { emptyRows: "trim" })).values, [
    [1, 2],
    [Number.NaN, Number.NaN],
    [3, 4],
  ]);
});

test("a column without any value is one of missing numbers", async () => {
  const frame = await read("a,b\n1,\n2,NA\n");
  assert.deepEqual(frame.column("b").values, [Number.NaN, Number.NaN]);
  assert.equal(frame.dtypes[1], "float32");
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
  await refused(
    "a,b\n1,2\n3\n",
    /some\.csv: line 3 has 1 cell, but line 1 names 2 columns\. .*shortRows: "fill"/,
  );
  await refused("a,b\n1,2,3\n4,5\n", /line 2 has 3 cells, .*quotation marks around the cell/);
  await refused("a,a\n1,2\n", /two columns are named "a".*columns: \["a", "b"/);
  await refused("a,\n1,2\n", /column 2 has no name.*columns: \["a", "b"/);
  await refused("a,b\n", /no rows below the names/);
  await refused("", /no line that names the columns/);
  await refused('a,b\n1,x\n"1,2\n\n', /some\.csv: the quotation mark .* line 3 is never closed/);
  await refused('a,b\n"x\ny" z,2\n', /on line 3 a cell goes on behind its closing quotation mark/);
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
      // A column without any value is one of numbers.
      const noText = cells.every(([, t]) => t === null);
      const plain = cells.map(([x, t, n]) => [
        x === null ? Number.NaN : x + 0,
        noText ? Number.NaN : t,
        n,
      ]);
      assert.deepEqual(frame.values, plain);
    }),
    { numRuns: 50 },
  );
});
