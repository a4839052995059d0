// docs/dependencies.md against what the project asks for.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { askedFor, rowsOf, withTable } from "../../scripts/docs/dependencyTable";

const ROOT = resolve(__dirname, "../..");
const page = readFileSync(join(ROOT, "docs/dependencies.md"), "utf8");
const rows = rowsOf(page);

test("the table holds each direct dependency in its pinned version, and no other", () => {
  const stated = [...rows].map(([key, cells]) => `${key} ${cells[1]}`);
  assert.ok(stated.length > 50, "rows were found");
  assert.deepEqual(
    stated,
    askedFor(ROOT).map(({ name, version, part }) => `${part}: ${name} ${version}`),
    "run `npm run docs -- dependencies`",
  );
});

test("each row says licence, size, last release, why, and what else was weighed", () => {
  for (const [name, row] of rows) {
    assert.equal(row.length, 8, name);
    for (const cell of row) {
      assert.notEqual(cell, "", `${name} has an empty cell`);
    }
    assert.match(row[4] as string, /^[\d.]+ [kM]B$/);
    assert.match(row[5] as string, /^(by \d{4}-\d\d|\d{4}-\d\d-\d\d)$/);
  }
});

test("the table is what the command writes, and a dependency without a reason is refused", () => {
  assert.equal(withTable(page, ROOT), page);
  const without = page.replace(/^\| `zod`.*\n/m, "");
  assert.notEqual(without, page);
  assert.throws(() => withTable(without, ROOT), /does not say why the project needs zod \(lib\)/);
});
