import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";

interface Cell {
  cell_type: "code" | "markdown";
  id: string;
  source: string[] | string;
}

const folder = path.resolve(__dirname, "../../notebooks");
const lessons = fs.readdirSync(folder).filter((name) => name.endsWith(".ipynb"));
const sourceOf = ({ source }: Cell) => (Array.isArray(source) ? source.join("") : source);

test("there are lessons", () => assert.ok(lessons.length > 0));

for (const lesson of lessons) {
  const text = fs.readFileSync(path.join(folder, lesson), "utf8");
  const { cells, metadata } = JSON.parse(text) as {
    cells: Cell[];
    metadata: { kernelspec?: { name: string } };
  };
  const code = cells.filter((cell) => cell.cell_type === "code");
  const prose = cells.filter((cell) => cell.cell_type === "markdown").map(sourceOf);

  test(`${lesson} opens on our kernel and is small enough for a code host`, () => {
    assert.equal(metadata.kernelspec?.name, "karenina");
    assert.ok(Buffer.byteLength(text) < 500_000);
    assert.equal(new Set(cells.map(({ id }) => id)).size, cells.length, "cell ids are unique");
  });

  test(`${lesson} says what you will be able to do, ends with exercises and a summary`, () => {
    assert.match(prose[0], /^# .*After this lesson you can/s);
    assert.ok(prose.some((each) => each.startsWith("## Exercises")));
    assert.match(prose.at(-1)!, /^## Summary/);
  });

  test(`${lesson} has prose for every second cell at least, and no cell above 15 lines`, () => {
    for (const [index, cell] of cells.entries()) {
      if (cell.cell_type !== "code") {
        continue;
      }
      const lines = sourceOf(cell).trimEnd().split("\n");
      assert.ok(lines.length <= 15, `${lines.length} lines begin with ${lines[0]}`);
      assert.ok(index > 0, "a lesson begins with prose");
    }
    assert.ok(prose.length * 2 >= code.length, "prose is missing between cells");
  });

  test(`${lesson} shows a figure within its first five cells of code`, () => {
    assert.ok(code.slice(0, 5).some((cell) => /\bshow\(/.test(sourceOf(cell))));
  });
}
