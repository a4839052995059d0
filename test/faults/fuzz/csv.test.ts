import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import Papa from "papaparse";
import { FrameError, readCsv } from "../../../lib/frames";
import { fuzz } from "../settings";
import { mutations, nastyText } from "./mutations";

const name = fc.oneof(
  fc.stringMatching(/^[a-z]{1,6}$/),
  fc.constantFrom("mean", "max", "size", "constructor", "toString", "__proto__", "größe", "a b"),
);
/** What each type of column is made of; texts hold a letter, so that none is a number. */
const cellsOf = {
  number: fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n + 0),
  truth: fc.boolean(),
  text: fc.tuple(fc.string({ unit: "grapheme", maxLength: 8 }), fc.string({ maxLength: 4 })).map(
    // A lone carriage return ends a line for some readers; a null is no text.
    ([a, b]) => `${a}z${b}z`.replace(/[\r\n\0\ufeff]/g, " "),
  ),
};

const tables = fc
  .tuple(
    fc.uniqueArray(name, { minLength: 2, maxLength: 5 }),
    fc.integer({ min: 1, max: 8 }),
    fc.array(fc.constantFrom("number", "truth", "text"), { minLength: 5, maxLength: 5 }),
  )
  .chain(([columns, rows, kinds]) => {
    const cells = columns.map((_, place) =>
      fc.array(fc.option<unknown>(cellsOf[kinds[place] as "text"], { freq: 5 }), {
        minLength: rows,
        maxLength: rows,
      }),
    );
    return fc.tuple(...cells).map((byColumn) => ({
      columns,
      rows: Array.from({ length: rows }, (_, row) => byColumn.map((column) => column[row])),
    }));
  });

test("any table is read as it was written", async () => {
  await fc.assert(
    fc.asyncProperty(tables, fc.constantFrom("\n", "\r\n"), async ({ columns, rows }, newline) => {
      const csv = Papa.unparse({ fields: columns, data: rows }, { newline, quotes: true });
      const frame = await readCsv({ csv });
      assert.deepEqual(frame.columns, columns);
      // What is missing is NaN in a column of numbers, or of nothing.
      const gaps = columns.map((_, place) =>
        rows.every((row) => row[place] === null || typeof row[place] === "number")
          ? Number.NaN
          : null,
      );
      const expected = rows.map((row) => row.map((cell, place) => cell ?? gaps[place]));
      assert.deepEqual(frame.values, expected);
    }),
    fuzz(0.3),
  );
});

/** A frame that is one: all rows as long as the list of columns, one type in a column, NaN among numbers only. */
async function soundOrRefused(csv: string): Promise<boolean> {
  let frame: Awaited<ReturnType<typeof readCsv>>;
  try {
    frame = await readCsv({ csv, path: "some.csv" });
  } catch (error) {
    assert.ok(error instanceof FrameError, `${(error as Error).stack}`);
    assert.ok(error.message.length > 20);
    return false;
  }
  const { columns, values, shape, index } = frame;
  assert.equal(new Set(columns).size, columns.length);
  assert.deepEqual(shape, [values.length, columns.length]);
  assert.equal(index.length, values.length);
  for (const row of values as unknown[][]) {
    assert.equal(row.length, columns.length);
    for (const cell of row) {
      assert.notEqual(cell, undefined);
    }
  }
  for (const place of columns.keys()) {
    const cells = (values as unknown[][]).map((row) => row[place]).filter((cell) => cell !== null);
    if (cells.some((cell) => typeof cell === "number")) {
      assert.equal(cells.length, values.length);
    }
    assert.ok(new Set(cells.map((cell) => typeof cell)).size <= 1, "one type in a column");
  }
  return true;
}

const example = Buffer.from(
  'name,"weight, g",ok,n\n"a ""b""",1.5,true,7\nc;d,-2e3,false,NA\n"e\nf",?,TRUE,-0\n',
);

test("changed bytes of a table give a sound table or an error in words", async () => {
  let read = 0;
  await fc.assert(
    fc.asyncProperty(mutations, async (mutate) => {
      if (await soundOrRefused(mutate(example).toString("utf8"))) {
        read++;
      }
    }),
    fuzz(0.4),
  );
  assert.ok(read > fuzz(0.4).numRuns / 20, `only ${read} were read`);
});

test("any text gives a sound table or an error in words", async () => {
  const piece = fc.oneof(nastyText, fc.constantFrom(",", ";", "\t", "|", '"', "\n", "\r\n", "1"));
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 30 }), async (pieces) => {
      await soundOrRefused(pieces.join(""));
    }),
    fuzz(0.3),
  );
});
