import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import Papa from "papaparse";
import { type Cell, FrameError, readCsv, toCsv, writeCsv } from "../../../lib/frames";
import { frameOf } from "./frames";

test("cells are quoted where they must be, numbers are in full, and formulas untouched", () => {
  const frame = frameOf(
    [
      [1e21, 'x, y "q"', true],
      [null, "=1+1", null],
      [-0.1, "a\r\nb", false],
      [Infinity, null, true],
      [-Infinity, "", true],
      [-0, "7", true],
    ],
    ["n", "te,xt", "b"],
  );
  assert.equal(
    toCsv(frame),
    'n,"te,xt",b\n1e+21,"x, y ""q""",true\n,=1+1,\n-0.1,"a\r\nb",false\ninf,,true\n-inf,"",true\n-0.0,7,true\n',
  );
  const options = { missing: "NA", newline: "\r\n", byteOrderMark: true, index: true } as const;
  assert.match(toCsv(frame, options), /^\ufeff,n,"te,xt",b\r\n0,1e\+21,.*\r\n10,NA,=1\+1,NA\r\n/);
  assert.match(toCsv(frame, { decimal: "," }), /\n-0,1;"a\r\nb";false\n/);
  assert.match(toCsv(frame, { decimal: ",", separator: "," }), /\n"-0,1","a\r\nb",false\n/);
  assert.match(toCsv(frame, { header: false }), /^1e\+21,/);
});

const names = fc.uniqueArray(
  fc.oneof(
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 6 }),
    fc.constantFrom("index", " a ", "#x", "sep=;", "mean", "__proto__", "a;b", 'q"q', "x\ny"),
  ),
  { minLength: 1, maxLength: 4 },
);
const cells = {
  number: fc.oneof(
    fc.double({ noNaN: true }),
    fc.integer(),
    fc.constantFrom(-0, 2 ** 53, 1e300, 5e-324),
  ),
  text: fc.oneof(
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 8 }),
    fc.constantFrom("NA", " ", "007", "#c", "=A1", "a\rb", "\n", '"', ",", "1,5", "inf", "true"),
  ),
  boolean: fc.boolean(),
};
const tables = fc
  .tuple(
    names,
    fc.integer({ min: 1, max: 6 }),
    fc.infiniteStream(fc.constantFrom("number", "text", "boolean")),
  )
  .chain(([columns, rows, kinds]) => {
    const types = columns.map(() => kinds.next().value as keyof typeof cells);
    const row = fc.tuple(...types.map((type) => fc.option<Cell>(cells[type], { freq: 4 })));
    const all = fc.array(row, { minLength: rows, maxLength: rows });
    return all.map((content) => ({ columns, types, rows: content as Cell[][] }));
  });
const dialects = fc.record(
  {
    separator: fc.constantFrom(",", ";", "\t", "|"),
    decimal: fc.constantFrom(".", ","),
    newline: fc.constantFrom("\n", "\r\n"),
    byteOrderMark: fc.boolean(),
    index: fc.constantFrom(true, false),
  },
  { requiredKeys: ["separator", "decimal", "newline"] },
);

test("what is written is read back as the same frame", async () => {
  await fc.assert(
    fc.asyncProperty(tables, dialects, async ({ columns, types, rows }, dialect) => {
      const frame = frameOf(rows, columns);
      const csv = toCsv(frame, dialect);
      const { separator, decimal } = dialect;
      const back = await readCsv(
        { csv },
        {
          separator,
          decimal,
          missing: [""],
          types: Object.fromEntries(columns.map((column, place) => [column, types[place]])),
        },
      );
      const written = rows.map((row) =>
        row.map((cell, place) => (cell === null && types[place] === "number" ? Number.NaN : cell)),
      );
      assert.deepEqual(back.columns, columns);
      assert.deepEqual(back.values, written);
      assert.deepEqual(back.index, dialect.index ? frame.index : rows.map((_, r) => r));
    }),
    {
      numRuns: 300,
      // A frame that danfojs makes before this library made any, with a column that is a member's name.
      examples: [
        [
          { columns: ["index", "mean"], types: ["number", "text"], rows: [[1, "a"]] },
          { separator: ",", decimal: ".", newline: "\n" },
        ],
      ],
    },
  );
});

test("another reader of CSV finds the same texts", () => {
  fc.assert(
    fc.property(tables, ({ columns, rows }) => {
      const texts = rows.map((row) => row.map((cell) => (cell === null ? "" : `${cell}z`)));
      const { data } = Papa.parse(toCsv(frameOf(texts, columns)), {
        delimiter: ",",
        newline: "\n",
      });
      assert.deepEqual(data, [columns, ...texts, [""]]);
    }),
    { numRuns: 100 },
  );
});

test("a file is written whole, with its folders", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "csv-test-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "new", "own.csv");
  const frame = frameOf([[1, "ä"]], ["n", "t"]);
  writeCsv(frame, file, { index: "row" });
  assert.equal(readFileSync(file, "utf8"), "row,n,t\n0,1,ä\n");
  assert.deepEqual((await readCsv(file, { index: "row" })).values, [[1, "ä"]]);
  // A frame that cannot be written leaves the old file as it is, and nothing beside it.
  assert.throws(() => writeCsv(frame, file, { missing: "ä" }), FrameError);
  assert.deepEqual([existsSync(file), readdirSync(join(folder, "new"))], [true, ["own.csv"]]);
});

test("options that are none, and a mark that is also a text, are refused", () => {
  const frame = frameOf([["NA"], [null]], ["t"]);
  assert.throws(
    () => toCsv(frame, { missing: "NA" }),
    /holds the text "NA", which is also written/,
  );
  assert.throws(() => toCsv(frame, { separator: "." }), /separator: "\."/);
  assert.throws(() => toCsv(frame, { decimal: ";" as never }), /decimal: ";"/);
  assert.throws(() => toCsv(frame, { newline: "\r" as never }), /newline: "\\r"/);
  assert.throws(() => toCsv([] as never), /A data frame is needed/);
});
