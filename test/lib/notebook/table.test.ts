import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { JSDOM } from "jsdom";
import { preformatted, type TableOptions, type TableRows, table } from "../../../lib/notebook";
import { record } from "./recorder";

function shownTable(rows: TableRows, options?: TableOptions) {
  const [shown] = record(() => table(rows, options));
  const root = new JSDOM(shown!.html).window.document.querySelector("table")!;
  const cells = [...root.querySelectorAll("tbody tr")].map((row) =>
    [...row.children].map((cell) => cell.textContent),
  );
  return { root, cells, text: shown!.text };
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

test("no text of a user becomes markup", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (name, value) => {
      const column = `c${name}`;
      const { root, cells } = shownTable([{ [column]: value }], { caption: value });
      assert.equal(root.querySelectorAll("*").length, 7);
      // HTML's own reading: carriage returns become line ends, NUL is dropped.
      const read = (text: string) => text.replace(/\r\n?/g, "\n").replace(/\0/g, "");
      assert.equal(cells[0]![0], read(value));
      assert.equal(root.querySelector("th")!.textContent, read(column));
    }),
  );
  const [shown] = record(() => preformatted("<script>alert(1)</script>", { title: "<b>" }));
  const { document } = new JSDOM(shown!.html).window;
  assert.equal(document.querySelector("script"), null);
  assert.equal(document.querySelector("pre")!.textContent, "<script>alert(1)</script>");
  assert.equal(shown!.text, "<b>\n<script>alert(1)</script>");
});

test("what is no table is refused", () => {
  assert.throws(() => table([]), /There are no rows to show/);
  assert.throws(() => table("abc" as unknown as TableRows), /There are no rows to show/);
  assert.throws(
    () => table([{ loss: 1 }], { columns: ["los"] }),
    /No row has a column "los"\. There are: loss\./,
  );
});
