import assert from "node:assert/strict";
import { test } from "node:test";
import { DataFrame } from "danfojs-node";
import { groupBy, readCsv } from "karenina/frames";

/** The definitions, as pandas has them: of nothing they are NaN, a deviation of one value, too. */
const definitions: Record<string, (values: number[]) => number> = {
  mean: (values) => values.reduce((a, b) => a + b, 0) / values.length,
  min: (values) => (values.length > 0 ? Math.min(...values) : Number.NaN),
  max: (values) => (values.length > 0 ? Math.max(...values) : Number.NaN),
  median: (values) => {
    const sorted = [...values].sort((a, b) => a - b);
    const half = sorted.length / 2;
    return (sorted[Math.ceil(half) - 1] + sorted[Math.floor(half)]) / 2;
  },
  var: (values) => {
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    return values.length < 2 ? Number.NaN : squares / (values.length - 1);
  },
};
definitions.std = (values) => Math.sqrt(definitions.var(values));

const rows = [
  [1, Number.NaN, Number.NaN, 7],
  [Number.NaN, Number.NaN, 2.5, -1],
  [4, Number.NaN, Number.NaN, 1e6],
  [Number.NaN, Number.NaN, Number.NaN, 0],
];
const columns = ["some", "none", "one", "all"];
const frame = () =>
  new DataFrame(rows, { columns, dtypes: ["float32", "float32", "float32", "float32"] });
const present = (cells: number[]) => cells.filter((cell) => !Number.isNaN(cell));

function close(actual: unknown, expected: number[], what: string): void {
  assert.ok(Array.isArray(actual), what);
  assert.equal(actual.length, expected.length, what);
  for (const [i, value] of expected.entries()) {
    const off = Math.abs((actual[i] as number) - value);
    const fits = Number.isNaN(value)
      ? Number.isNaN(actual[i])
      : off <= 1e-9 * Math.max(1, Math.abs(value));
    assert.ok(fits, `${what}: ${actual} instead of ${expected}`);
  }
}

for (const [name, define] of Object.entries(definitions)) {
  const key = name as "mean" | "min" | "max" | "median" | "var" | "std";
  test(`danfojs's ${name} of few values, and of none, is what pandas gives`, () => {
    const byColumn = columns.map((_, c) => define(present(rows.map((row) => row[c]))));
    const byRow = rows.map((row) => define(present(row)));
    close(
      columns.map((column) => frame().column(column)[key]()),
      byColumn,
      "series",
    );
    close(frame()[key]({ axis: 0 }).values, byColumn, "columns");
    close(frame()[key]({ axis: 1 }).values, byRow, "rows");
    const described = frame().describe();
    const index = described.index.indexOf(name === "var" ? "variance" : name);
    close((described.values as number[][])[index], byColumn, "describe");
  });
}

test("danfojs still refuses statistics of texts", async () => {
  const texts = await readCsv({ csv: "a,b\nx,1\n,2\n" });
  assert.throws(() => texts.column("a").mean(), /String data type/);
  assert.throws(() => texts.std({ axis: 0 }), /string dtypes/);
  assert.deepEqual(frame().column("none").mode(), []);
});

test("valueCounts tells values apart and leaves gaps out", async () => {
  const counted = await readCsv({
    csv: "number,word\n1.5,constructor\n1.25,3 apples\n1.5,constructor\n,\n0,toString\n-2,3 pears\n",
  });
  for (const column of ["number", "word"]) {
    const counts = counted.column(column).valueCounts();
    const found = new Map(counts.index.map((value, i) => [value, counts.values[i]]));
    const { values } = groupBy(counted, column).size();
    assert.deepEqual(found, new Map(values as [string | number, number][]), column);
  }
});
