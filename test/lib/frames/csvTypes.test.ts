import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  type CsvOptions,
  describe,
  FrameError,
  oneHotEncoder,
  readCsv,
  standardScaler,
  toTensors,
} from "../../../lib/frames";

const read = (csv: string, options?: CsvOptions) => readCsv({ csv, path: "some.csv" }, options);

test("a column can be kept as text, with its zeros and signs", async () => {
  const csv = "zip,phone,n\n02134,+4915112345678,1\n10115,004930123456,NA\n";
  assert.deepEqual((await read(csv)).values[0], [2134, 4915112345678, 1]);
  const kept = await read(csv, { types: { zip: "text", phone: "text" } });
  assert.deepEqual(kept.values, [
    ["02134", "+4915112345678", 1],
    ["10115", "004930123456", Number.NaN],
  ]);
  assert.deepEqual(kept.dtypes, ["string", "string", "float32"]);
  const all = await read(csv, { types: "text" });
  assert.deepEqual(all.values, [
    ["02134", "+4915112345678", "1"],
    ["10115", "004930123456", null],
  ]);
});

test("whole numbers that a number cannot hold stay texts, all of their column", async () => {
  const long = [
    "1111111111111111111",
    "1111111111111111112",
    "-9007199254740993",
    "1152921504606846976",
  ];
  for (const id of long) {
    const frame = await read(`id,n\n${id},1\n5,2\nNA,3\n`);
    assert.deepEqual(frame.column("id").values, [id, "5", null]);
  }
  const encoder = oneHotEncoder(await read(`id\n${long.join("\n")}\n`), ["id"]);
  assert.equal(encoder.categories.id.length, 4);
  // These come back from a number as they are written, or have decimal places, as pandas' float64.
  for (const text of [
    "9007199254740992",
    "100000000000000000000",
    "-9007199254740991",
    "33364449669235190",
  ]) {
    assert.deepEqual((await read(`x\n${text}\n`)).values, [[Number(text)]]);
  }
  const mixed = await read("x\n12345678901234567890\n0.5\n3.14159265358979323846\n");
  assert.deepEqual(mixed.values, [[12345678901234567000], [0.5], [Math.PI]]);
  assert.deepEqual((await read(`x\n${long[0]}\n`, { types: { x: "number" } })).values, [
    [1111111111111111200],
  ]);
});

test("any whole number is read as itself, or its column is of texts", async () => {
  const wholes = fc.array(fc.bigInt({ min: -(2n ** 69n), max: 2n ** 69n }), {
    minLength: 1,
    maxLength: 5,
  });
  await fc.assert(
    fc.asyncProperty(wholes, async (numbers) => {
      const frame = await read(`id\n${numbers.join("\n")}\n`);
      const cells = frame.column("id").values as (string | number)[];
      assert.deepEqual(cells.map(String), numbers.map(String));
      const exact = numbers.every((number) => String(Number(number)) === String(number));
      for (const cell of cells) {
        assert.equal(typeof cell, exact ? "number" : "string");
      }
    }),
    { numRuns: 100 },
  );
});

test("infinities are numbers, as pandas and R write them", async () => {
  const frame = await read("x\ninf\n-Inf\n+INFINITY\n1e400\n2\n");
  assert.deepEqual(frame.values, [[Infinity], [-Infinity], [Infinity], [Infinity], [2]]);
  const options = { features: ["x"], targets: ["x"] };
  assert.throws(() => toTensors(frame, options), /row 0, x: Infinity; row 1, x: -Infinity/);
  assert.throws(() => standardScaler(frame, ["x"]), /"x" holds Infinity in row 0/);
});

test("a type refuses what is none, by line and column", async () => {
  const refused = (csv: string, options: CsvOptions, message: RegExp) =>
    assert.rejects(read(csv, options), (error: Error) => {
      assert.ok(error instanceof FrameError);
      assert.match(error.message, message);
      return true;
    });
  const numbers = { types: { a: "number" } } as const;
  await refused(
    "a,b\n1,2\nx,3\n",
    numbers,
    /line 3, column "a" holds "x", but its type is "number"/,
  );
  await refused("a,b\n1,2\n?,3\n", numbers, /holds "\?".*missing: \[\.\.\.missingMarks, "\?"\]/);
  await refused("a;b\n1;2\n1,5;3\n", numbers, /holds "1,5".*decimal: ","/);
  await refused(
    "a\ntrue\n1\n",
    { types: { a: "boolean" } },
    /line 3, column "a" holds "1", but true/,
  );
  assert.deepEqual((await read("a\nTRUE\n\nNA\nfalse\n", { types: { a: "boolean" } })).values, [
    [true],
    [null],
    [false],
  ]);
});

test("where one cell has made texts of numbers, that one is named, and not a good one", async () => {
  const marks: [cell: string, advice: RegExp][] = [
    ["-", /missing: \[\.\.\.missingMarks, "-"\]/],
    ["#DIV/0!", /missing: \[\.\.\.missingMarks, "#DIV\/0!"\]/],
    ["12O", /correct this cell, or, .*missingMarks, "12O"/],
    ['"1,5"', /decimal comma.*decimal: ","/],
    ['"1,234"', /decimal comma, .*decimal: ",".*thousands: ","/],
    ['"1.234,5"', /\{ decimal: ",", thousands: "\." \}/],
    ['"1,234.5"', /\{ thousands: "," \}/],
  ];
  for (const [cell, advice] of marks) {
    const lines = Array.from({ length: 150 }, (_, row) => (row === 77 ? cell : `${row}.5`));
    const frame = await read(`a,b\n${lines.map((line) => `${line},1`).join("\n")}\n`);
    const shown = JSON.stringify(cell.replaceAll('"', ""));
    const [a] = describe(frame);
    assert.equal(a.notNumber, `${shown} in row 77`);
    const calls = [
      () => standardScaler(frame, ["a"]),
      () => toTensors(frame, { features: ["a"], targets: ["b"] }),
      () => oneHotEncoder(frame, ["a"]),
    ];
    for (const call of calls) {
      assert.throws(call, (error: Error) => {
        assert.ok(error instanceof FrameError);
        assert.ok(error.message.includes(shown) && error.message.includes("row 77"), error.message);
        assert.ok(!error.message.includes('"0.5"'), error.message);
        assert.match(error.message, advice);
        return true;
      });
    }
  }
});

test("a column of texts that are all numbers says why it is one of texts", async () => {
  const zip = await read("zip\n02134\n10115\n", { types: "text" });
  const options = { features: ["zip"], targets: ["zip"] };
  assert.throws(
    () => toTensors(zip, options),
    /"02134".*kept as texts.*types: \{ "zip": "number" \}/,
  );
  const ids = await read("id\n1111111111111111111\n1111111111111111112\n");
  assert.throws(() => standardScaler(ids, ["id"]), /more digits than a number can hold/);
});
