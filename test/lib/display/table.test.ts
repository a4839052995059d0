import assert from "node:assert/strict";
import { before, test } from "node:test";
import fc from "fast-check";
import { JSDOM } from "jsdom";
import { preformatted, type TableOptions, table } from "../../../lib/display/table";
import type { TableSource } from "../../../lib/display/tableGrid";
import { ready, tf } from "../../../lib/engine/tensorflow";
import { record } from "./recorder";

before(async () => {
  await ready();
});

function shownTable(rows: TableSource, options?: TableOptions) {
  const [shown] = record(() => table(rows, options));
  const root = new JSDOM(shown.html).window.document.querySelector("table")!;
  const cells = [...root.querySelectorAll("tbody tr")].map((row) =>
    [...row.children].map((cell) => cell.textContent),
  );
  return { root, cells, text: shown.text };
}

test("rows become a table with column headers, a caption and row headers", () => {
  const { root, cells, text } = shownTable(
    [
      { model: "bigram", loss: 2.51 },
      { model: "LSTM", loss: 1.62345, note: "best" },
    ],
    { caption: "Held-out loss", rowHeaders: true },
  );
  assert.equal(root.querySelector("caption")!.textContent, "Held-out loss");
  const heads = [...root.querySelectorAll("thead th")];
  assert.deepEqual(
    heads.map((head) => head.textContent),
    ["model", "loss", "note"],
  );
  assert.ok(heads.every((head) => head.getAttribute("scope") === "col"));
  assert.deepEqual(cells, [
    ["bigram", "2.51", ""],
    ["LSTM", "1.623", "best"],
  ]);
  assert.equal(root.querySelectorAll('tbody th[scope="row"]').length, 2);
  assert.equal(
    text,
    [
      "Held-out loss",
      "model    loss  note",
      "------  -----  ----",
      "bigram   2.51",
      "LSTM    1.623  best",
    ].join("\n"),
  );
});

test("columns can be chosen, and lists be given for rows", () => {
  assert.deepEqual(shownTable([{ a: 1, b: 2 }], { columns: ["b"] }).cells, [["2"]]);
  const { root, cells } = shownTable([[1, "x"]], { columns: ["n", "s"] });
  assert.deepEqual(cells, [["1", "x"]]);
  assert.equal(root.querySelector("th")!.textContent, "n");
});

test("of many rows the first and the last are shown, and how many are not", () => {
  const rows = Array.from({ length: 100 }, (_, i) => ({ i }));
  const { cells, text } = shownTable(rows, { maxRows: 5 });
  assert.deepEqual(cells.flat(), ["0", "1", "2", "... 95 more rows ...", "98", "99"]);
  assert.match(text, /2\n\.\.\. 95 more rows \.\.\.\n98/);
});

test("a column of numbers stands to the right, header included, and missing ones do not matter", () => {
  const rows = [
    { name: "a", loss: 2, text: "1.250", mixed: 1 },
    { name: "b", loss: null, text: "-3,000", mixed: "one" },
    { name: "c", loss: Number.NaN, text: "12 %", mixed: 2 },
  ];
  const { root, text } = shownTable(rows);
  const sides = (selector: string) =>
    [...root.querySelectorAll<HTMLElement>(selector)].map((cell) => cell.style.textAlign);
  const expected = ["left", "right", "right", "left"];
  assert.deepEqual(sides("thead th"), expected);
  for (const n of [1, 2, 3]) {
    assert.deepEqual(sides(`tbody tr:nth-child(${n}) td`), expected);
  }
  assert.equal(
    text,
    [
      "name  loss    text  mixed",
      "----  ----  ------  -----",
      "a        2   1.250  1",
      "b     null  -3,000  one",
      "c      NaN    12 %  2",
    ].join("\n"),
  );
});

test("thousands are set off from five digits on, because four may be a year", () => {
  const { cells } = shownTable([{ n: 2007 }, { n: 2008.03 }, { n: 12345 }, { n: -9999 }]);
  assert.deepEqual(cells.flat(), ["2007", "2008", "12,345", "-9999"]);
});

test("numbers of a column that differ by little can be distinguished", () => {
  const rows = Array.from({ length: 6 }, (_, i) => ({
    year: 2020 + i / 12,
    pressure: 1013.2 + 0.01 * i,
    loss: 4.91234 - i / 3,
  }));
  const { text } = shownTable(rows);
  for (const cell of ["2020.083", "2020.417", "1013.21", "1013.25", "4.912", "4.579"]) {
    assert.ok(text.includes(cell), `${cell} in ${text}`);
  }
});

test("a tensor is shown with its shape, its rows numbered", () => {
  const matrix = shownTable(
    tf.tensor2d([
      [1, 2.5],
      [3, 4],
    ]),
    { caption: "Weights" },
  );
  assert.deepEqual(matrix.cells, [
    ["0", "1", "2.5"],
    ["1", "3", "4"],
  ]);
  assert.equal(matrix.root.querySelectorAll('tbody th[scope="row"]').length, 2);
  assert.equal(
    matrix.text,
    "Weights\ntensor of the shape [2, 2], float32\n   0    1\n-  -  ---\n0  1  2.5\n1  3    4",
  );
  assert.match(matrix.root.querySelector("caption")!.innerHTML, /^Weights<br><small>tensor of/);
  assert.deepEqual(shownTable(tf.scalar(7, "int32")).cells, [["7"]]);
  assert.deepEqual(shownTable(tf.tensor1d([5, 6])).cells, [
    ["0", "5"],
    ["1", "6"],
  ]);
  assert.deepEqual(
    shownTable(tf.tensor1d([true, false])).cells.map((row) => row[1]),
    ["true", "false"],
  );
  assert.deepEqual(shownTable(tf.tensor1d(["<a>"])).cells, [["0", "<a>"]]);
  assert.match(shownTable(tf.scalar(1)).text, /shape \[\], float32/);
});

test("of more axes the first matrix is shown, whatever the sizes", () => {
  const before = tf.memory().numTensors;
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 3, maxLength: 5 }),
      (shape) => {
        const size = shape.reduce((a, b) => a * b, 1);
        const numbers = Array.from({ length: size }, (_, i) => i);
        const tensor = tf.tensor(numbers, shape, "int32");
        const [rows, columns] = shape.slice(-2) as [number, number];
        const { cells, text } = shownTable(tensor);
        tensor.dispose();
        assert.deepEqual(
          cells.map((row) => row.slice(1).map((cell) => Number(cell))),
          Array.from({ length: rows }, (_, r) => numbers.slice(r * columns, (r + 1) * columns)),
        );
        const slice = [...shape.slice(2).map(() => "0"), ":", ":"].join(", ");
        assert.ok(text.includes(`[${shape.join(", ")}], int32; here [${slice}]`), text);
      },
    ),
  );
  assert.equal(tf.memory().numTensors, before);
});

test("of many columns the first and the last are shown, and how many are not", () => {
  const { root, cells, text } = shownTable(tf.ones([1, 28]), { maxColumns: 5 });
  const heads = [...root.querySelectorAll("thead th")].map((head) => head.textContent);
  assert.deepEqual(heads, ["0", "1", "2", "…", "26", "27"]);
  assert.deepEqual(cells, [["0", "1", "1", "1", "…", "1", "1"]]);
  assert.match(text, /\[1, 28\], float32; 23 of the columns are not shown/);
});

test("Maps, objects and lists of numbers are tables, too", () => {
  const map = shownTable(
    new Map<unknown, unknown>([
      ["a", 1],
      ["b", [2, 3]],
    ]),
    {
      columns: ["letter", "first", "second"],
    },
  );
  assert.deepEqual(map.cells, [
    ["a", "1", ""],
    ["b", "2", "3"],
  ]);
  assert.equal(map.root.querySelectorAll('tbody th[scope="row"]').length, 2);
  const single = shownTable({ loss: 0.25, name: "LSTM" });
  assert.deepEqual(single.cells, [
    ["loss", "0.25"],
    ["name", "LSTM"],
  ]);
  for (const list of [[1.5, 2], Float32Array.of(1.5, 2)]) {
    assert.deepEqual(shownTable(list).cells, [
      ["0", "1.5"],
      ["1", "2"],
    ]);
  }
  assert.deepEqual(shownTable([Float32Array.of(1, 2)]).cells, [["1", "2"]]);
});

test("a data frame is shown with the names of its rows and its size", () => {
  const frame = {
    columns: ["species", "mass"],
    index: [7, 9],
    values: [
      ["Adelie", 3750],
      ["Gentoo", null],
    ],
  };
  const { cells, text } = shownTable(frame);
  assert.deepEqual(cells, [
    ["7", "Adelie", "3750"],
    ["9", "Gentoo", "null"],
  ]);
  assert.match(text, /^2 rows, 2 columns\n/);
  assert.deepEqual(shownTable(frame, { columns: ["mass"] }).cells, [
    ["7", "3750"],
    ["9", "null"],
  ]);
  assert.throws(
    () => shownTable(frame, { columns: ["m"] }),
    /has no column "m"\. There are: species/,
  );
  const series = { columns: ["mass"], index: [0], values: [3750] };
  assert.deepEqual(shownTable(series).cells, [["0", "3750"]]);
});

test("no text of a user becomes markup", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (name, value) => {
      const column = `c${name}`;
      const { root, cells } = shownTable([{ [column]: value }], { caption: value });
      assert.equal(root.querySelectorAll("*").length, 7);
      // HTML's own reading: carriage returns become line ends, NUL is dropped.
      const read = (text: string) => text.replace(/\r\n?/g, "\n").replace(/\0/g, "");
      assert.equal(cells[0][0], read(value));
      assert.equal(root.querySelector("th")!.textContent, read(column));
    }),
  );
  const [shown] = record(() => preformatted("<script>alert(1)</script>", { title: "<b>" }));
  const { document } = new JSDOM(shown.html).window;
  assert.equal(document.querySelector("script"), null);
  assert.equal(document.querySelector("pre")!.textContent, "<script>alert(1)</script>");
  assert.equal(shown.text, "<b>\n<script>alert(1)</script>");
});

test("what is no table is refused", () => {
  assert.throws(() => table([]), /There are no rows to show/);
  assert.throws(() => table("abc" as unknown as TableSource), /There are no rows to show/);
  assert.throws(
    () => table([{ loss: 1 }], { columns: ["los"] }),
    /No row has a column "los"\. There are: loss\./,
  );
  assert.throws(() => table({}), /There are no rows to show/);
  assert.throws(() => table(new Map()), /There are no rows to show/);
  assert.throws(() => table([{}]), /The rows have no columns/);
  assert.throws(
    () => table([{ a: 1 }, 2] as unknown as TableSource),
    /Row 1 is 2 and not an object/,
  );
  assert.throws(
    () => table([{ a: 1 }], { maxRows: 0 }),
    /maxRows is 0, but must be a whole number/,
  );
  assert.throws(() => table(tf.zeros([0, 3])), /shape \[0, 3\], float32, has no elements/);
  assert.throws(() => table(tf.zeros([2, 3]), { columns: ["a"] }), /names 1 columns, but.* has 3/);
  const gone = tf.scalar(1);
  gone.dispose();
  assert.throws(() => table(gone), /is disposed/);
});
